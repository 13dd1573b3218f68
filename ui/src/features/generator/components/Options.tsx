import { type Fact, Facts } from "@/components/Facts";
import { CopyField } from "@/components/CopyField";
import { formatNumber } from "@/components/numbers";
import { Severity, SEVERITY_LOOKS, type SeverityName } from "@/components/Severity";
import type { Job, Mix } from "../api/jobs";

const percent = (share: number): string => `${formatNumber(share * 100)} %`;

const weights = (given: Record<string, number>, none: string, word: (name: string) => string): string => {
  const entries = Object.entries(given);
  if (entries.length === 0) return none;
  return entries.map(([name, weight]) => `${word(name)} ${formatNumber(weight)}`).join(", ");
};

/** What a job was asked for. */
export function Options({ job: { mix, alert, alert_id: id, seed, id_prefix: prefix } }: { job: Job }) {
  return (
    <Facts
      facts={[
        ...(alert ? ofAlert(alert) : []),
        ...(mix ? ofMix(mix) : []),
        // A seed is a name and no amount: without separators.
        seed != null && { title: "Seed", value: <CopyField value={String(seed)} label="the seed" /> },
        prefix != null && {
          title: "Ids begin with",
          value: <CopyField value={prefix} label="what the ids begin with" />,
        },
        id != null && { title: "Id", value: <CopyField value={id} label="the alert's id" /> },
      ]}
    />
  );
}

function ofAlert({ severity, source, name, context }: NonNullable<Job["alert"]>): Fact[] {
  return [
    { title: "Severity", value: <Severity value={severity} /> },
    { title: "Source", value: source },
    { title: "Name", value: name },
    ...Object.entries(context).map(([key, value]) => ({ title: key, value })),
  ];
}

function ofMix(mix: Mix): Fact[] {
  const word = (name: string): string => SEVERITY_LOOKS[name as SeverityName].word;
  return [
    { title: "Severities", value: weights(mix.severities, "the usual ones", word) },
    { title: "Sources", value: weights(mix.sources, "all", (name) => name) },
    { title: "Unevenness", value: formatNumber(mix.skew) },
    { title: "Unmatched", value: percent(mix.unmatched) },
    { title: "Sent twice", value: percent(mix.duplicates) },
    {
      title: "Context",
      value: `${formatNumber(mix.context_keys)} entries of ${formatNumber(mix.context_value_bytes)} bytes`,
    },
  ];
}
