import { NumberInput, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Catalog } from "../api/jobs";
import styles from "./Generator.module.css";
import { MixFields } from "./MixFields";
import { PaceFields } from "./PaceFields";
import type { JobValues } from "./values";

interface LoadFieldsProps {
  form: UseFormReturnType<JobValues>;
  catalog: Catalog;
}

/** Many alerts: how many, and what they are like. */
export function LoadFields({ form, catalog }: LoadFieldsProps) {
  return (
    <div className={styles.columns}>
      <Stack gap="md">
        <PaceFields form={form} limits={catalog.limits} />
        <NumberInput
          label="Seed"
          description="The same seed makes the same alerts. Left empty, one is chosen."
          allowDecimal={false}
          allowNegative={false}
          max={Number.MAX_SAFE_INTEGER}
          {...form.getInputProps("seed")}
        />
        <TextInput
          label="Ids begin with"
          description="Left empty, the ids are new. Nobody is notified twice of the same id."
          maxLength={200}
          {...form.getInputProps("id_prefix")}
        />
      </Stack>
      <MixFields form={form} sources={catalog.sources} />
    </div>
  );
}
