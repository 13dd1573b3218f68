import { ChoiceFilter } from "./Filters";

const STATES = [
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
] as const;

interface OnOffFilterProps {
  value: boolean | undefined;
  onChange: (enabled: boolean | undefined) => void;
}

/** What is on, what is off, or both. */
export function OnOffFilter({ value, onChange }: OnOffFilterProps) {
  return (
    <ChoiceFilter
      label="State"
      choices={STATES}
      value={value === undefined ? undefined : value ? "on" : "off"}
      onChange={(chosen) => onChange(chosen === undefined ? undefined : chosen === "on")}
    />
  );
}
