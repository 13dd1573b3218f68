import IconAsterisk from "@tabler/icons-react/icons/IconAsterisk";
import IconEqual from "@tabler/icons-react/icons/IconEqual";
import IconX from "@tabler/icons-react/icons/IconX";
import styles from "./RuleFields.module.css";
import { SEVERITY_LOOKS, type SeverityName } from "./Severity";

export const RULE_FIELDS = ["severity", "source", "name"] as const;
export type RuleField = (typeof RULE_FIELDS)[number];

/** Whether a rule's field is the alert's own, any at all, or another. */
export type Fit = "exact" | "any" | "other";

interface RuleFieldsProps {
  /** The rule's, `*` for any. */
  rule: Readonly<Record<RuleField, string>>;
  alert: Readonly<Record<RuleField, string>>;
}

const LOOKS = {
  exact: { icon: IconEqual, word: "is" },
  any: { icon: IconAsterisk, word: "any" },
  other: { icon: IconX, word: "has to be" },
} as const satisfies Record<Fit, object>;

export function fitOf(wanted: string, has: string): Fit {
  if (wanted === "*") return "any";
  return wanted === has ? "exact" : "other";
}

/** A value as people read it: severities are words. */
export function fieldText(field: RuleField, value: string): string {
  return field === "severity" && value in SEVERITY_LOOKS ? SEVERITY_LOOKS[value as SeverityName].word : value;
}

/** Why a rule matches an alert, or does not: field by field. */
export function RuleFields({ rule, alert }: RuleFieldsProps) {
  return (
    <ul className={styles.fields}>
      {RULE_FIELDS.map((field) => (
        <Field key={field} field={field} wanted={rule[field]} has={alert[field]} />
      ))}
    </ul>
  );
}

function Field({ field, wanted, has }: { field: RuleField; wanted: string; has: string }) {
  const fit = fitOf(wanted, has);
  const { icon: Icon, word } = LOOKS[fit];
  return (
    <li className={styles.field} data-fit={fit}>
      <Icon size={14} aria-hidden />
      <span>
        {fit === "any" ? `${word} ${field}` : `${field} ${word}`}{" "}
        {fit === "any" ? <span className={styles.star}>*</span> : <strong>{fieldText(field, wanted)}</strong>}
        {fit === "other" && (
          <>
            , the alert has <strong>{fieldText(field, has)}</strong>
          </>
        )}
      </span>
    </li>
  );
}
