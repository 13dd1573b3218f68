import { NumberInput, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { formatNumber } from "@/components/numbers";
import { duration } from "@/components/time";
import type { Catalog } from "../api/jobs";
import type { JobValues } from "./values";

interface PaceFieldsProps {
  form: UseFormReturnType<JobValues>;
  limits: Catalog["limits"];
}

/** How many alerts, and how fast. */
export function PaceFields({ form, limits }: PaceFieldsProps) {
  if (form.values.kind === "burst") {
    return (
      <NumberInput
        label="Number of alerts"
        description={`As fast as the platform takes them; at most ${formatNumber(limits.max_count)}.`}
        thousandSeparator=","
        allowDecimal={false}
        allowNegative={false}
        required
        {...form.getInputProps("count")}
      />
    );
  }
  return (
    <Stack gap="md">
      <NumberInput
        label="Alerts a second"
        description={`At most ${formatNumber(limits.max_rps)}.`}
        thousandSeparator=","
        allowNegative={false}
        required
        {...form.getInputProps("rps")}
      />
      <NumberInput
        label="For how many seconds"
        description={`At most ${formatNumber(limits.max_duration)}, which are ${duration(limits.max_duration * 1000)}.`}
        thousandSeparator=","
        allowNegative={false}
        required
        {...form.getInputProps("duration")}
      />
    </Stack>
  );
}
