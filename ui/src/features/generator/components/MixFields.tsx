import { MultiSelect, NumberInput, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { plural } from "@/components/numbers";
import { SEVERITIES, SEVERITY_LOOKS } from "@/components/Severity";
import type { Catalog } from "../api/jobs";
import styles from "./Generator.module.css";
import type { JobValues } from "./values";

interface MixFieldsProps {
  form: UseFormReturnType<JobValues>;
  sources: Catalog["sources"];
}

/** What the alerts are like. */
export function MixFields({ form, sources }: MixFieldsProps) {
  return (
    <Stack gap="md">
      <Severities form={form} />
      <Sources form={form} sources={sources} />
      <div className={styles.two}>
        <NumberInput
          label="Unmatched"
          description="Share of alerts that no rule names."
          suffix=" %"
          allowNegative={false}
          max={100}
          {...form.getInputProps("unmatched")}
        />
        <NumberInput
          label="Sent twice"
          description="Share of alerts that are repeated."
          suffix=" %"
          allowNegative={false}
          max={100}
          {...form.getInputProps("duplicates")}
        />
        <NumberInput
          label="Context entries"
          description="Of each alert; at most 64."
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps("context_keys")}
        />
        <NumberInput
          label="Bytes of each entry"
          description="Together at most 16,384."
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          {...form.getInputProps("context_value_bytes")}
        />
        <NumberInput
          label="Unevenness"
          description="0: all alerts as often; 5: nearly always the same few."
          allowNegative={false}
          step={0.1}
          max={5}
          {...form.getInputProps("skew")}
        />
      </div>
    </Stack>
  );
}

function Severities({ form }: Pick<MixFieldsProps, "form">) {
  return (
    <fieldset className={styles.part}>
      <legend>Severities, by weight</legend>
      <Text size="sm" c="dimmed" mb="xs">
        Left empty, each alert has its usual one. With 3 and 1, three are of the first to one of the second.
      </Text>
      <div className={styles.four}>
        {SEVERITIES.map((severity) => (
          <NumberInput
            key={severity}
            label={SEVERITY_LOOKS[severity].word}
            placeholder="–"
            allowNegative={false}
            value={form.values.severities[severity] ?? ""}
            onChange={(weight) => form.setFieldValue("severities", { ...form.values.severities, [severity]: weight })}
          />
        ))}
      </div>
      <Text size="sm" c="var(--mantine-color-error)">
        {form.errors.severities}
      </Text>
    </fieldset>
  );
}

function Sources({ form, sources }: MixFieldsProps) {
  const chosen = form.values.sources;
  const choose = (names: string[]): void =>
    form.setFieldValue(
      "sources",
      names.map((source) => chosen.find((each) => each.source === source) ?? { source, weight: 1 }),
    );
  return (
    <div>
      <MultiSelect
        label="Sources"
        description="Left empty, the alerts are of all of them."
        placeholder={chosen.length > 0 ? "" : "All"}
        data={sources.map(({ source, alerts }) => ({ value: source, label: `${source} (${plural(alerts, "alert")})` }))}
        value={chosen.map(({ source }) => source)}
        onChange={choose}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Clear the sources" }}
        error={form.errors.sources}
      />
      {chosen.length > 1 && (
        <div className={styles.two} style={{ marginTop: "0.75rem" }}>
          {chosen.map(({ source }, place) => (
            <NumberInput
              key={source}
              label={`Weight of ${source}`}
              allowNegative={false}
              {...form.getInputProps(`sources.${place}.weight`)}
            />
          ))}
        </div>
      )}
    </div>
  );
}
