import { Input, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useId } from "react";
import { RULE_SEVERITIES, SEVERITY_LOOKS } from "@/components/Severity";
import type { RuleValues } from "./values";
import { inWords } from "./sentence";

type Field = "severity" | "source" | "name";

interface MatchFieldsProps {
  values: RuleValues;
  inputProps: (name: Field) => { error?: React.ReactNode };
  onSeverity: (severity: RuleValues["severity"]) => void;
}

const SEVERITIES = RULE_SEVERITIES.map((value) => ({
  value,
  label: value === "*" ? "* Any" : SEVERITY_LOOKS[value].word,
}));

/** Which alerts a rule matches, and the same in a sentence. */
export function MatchFields({ values, inputProps, onSeverity }: MatchFieldsProps) {
  const label = useId();
  const { error } = inputProps("severity");
  const match = { ...values, source: values.source.trim() || "…", name: values.name.trim() || "…" };
  return (
    <Stack gap="md">
      <Input.Wrapper
        label="Severity"
        labelElement="div"
        labelProps={{ id: label }}
        description="An alert of exactly this severity. * stands for any of the four."
        error={error}
      >
        <SegmentedControl
          aria-labelledby={label}
          data={SEVERITIES}
          value={values.severity}
          onChange={(chosen) => onSeverity(chosen)}
          fullWidth
          maw={460}
          mt={6}
        />
      </Input.Wrapper>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput
          label="Source"
          description="What the alert comes from, exactly. * stands for any."
          placeholder="payments"
          required
          autoComplete="off"
          maxLength={255}
          {...inputProps("source")}
        />
        <TextInput
          label="Name"
          description="What the alert is called, exactly. * stands for any."
          placeholder="PaymentTimeout"
          required
          autoComplete="off"
          maxLength={255}
          {...inputProps("name")}
        />
      </SimpleGrid>
      <Text size="sm" aria-live="polite">
        <span style={{ color: "var(--mantine-color-dimmed)" }}>It matches: </span>
        <strong>{inWords(match)}</strong>
      </Text>
    </Stack>
  );
}
