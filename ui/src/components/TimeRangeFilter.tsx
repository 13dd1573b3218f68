import { Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { fromLocalInput, PRESETS, type TimeRange, toLocalInput } from "./timeRange";

interface TimeRangeFilterProps {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
}

const CUSTOM = "custom";

/** From when until when: a span up to now, or two moments. */
export function TimeRangeFilter({ value, onChange }: TimeRangeFilterProps) {
  const given = value.from !== undefined || value.to !== undefined;
  const [custom, setCustom] = useState(given);
  const shown = custom || given ? CUSTOM : (value.last ?? null);
  const choose = (chosen: string | null): void => {
    setCustom(chosen === CUSTOM);
    if (chosen !== CUSTOM)
      onChange({ last: PRESETS.find(({ value }) => value === chosen)?.value, from: undefined, to: undefined });
  };
  return (
    <Group align="end" gap="sm">
      <Select
        label="Time"
        placeholder="Any"
        data={[...PRESETS, { value: CUSTOM, label: "From … to …" }]}
        value={shown}
        onChange={choose}
        w={150}
        clearable
        clearButtonProps={{ "aria-label": "Clear Time" }}
      />
      {shown === CUSTOM && (
        <>
          <Moment label="From" value={value.from} onChange={(from) => onChange({ ...value, last: undefined, from })} />
          <Moment label="To" value={value.to} onChange={(to) => onChange({ ...value, last: undefined, to })} />
        </>
      )}
    </Group>
  );
}

interface MomentProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function Moment({ label, value, onChange }: MomentProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={toLocalInput(value)}
      onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
      w={200}
    />
  );
}
