import { ActionIcon, Button, Group, MultiSelect, type MultiSelectProps, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure, useMediaQuery } from "@mantine/hooks";
import IconAdjustments from "@tabler/icons-react/icons/IconAdjustments";
import IconSearch from "@tabler/icons-react/icons/IconSearch";
import { Children, type ReactNode, useState } from "react";
import styles from "./Filters.module.css";

interface FilterBarProps {
  children: ReactNode;
  /** Shown when some filter is set. */
  onClear?: (() => void) | undefined;
  /** What acts on the list, at the right. */
  actions?: ReactNode;
}

/** The filters of a list, in a row that wraps; on a phone, all but the first are there when asked for. */
export function FilterBar({ children, onClear, actions }: FilterBarProps) {
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const [opened, { toggle }] = useDisclosure();
  const [first, ...rest] = Children.toArray(children);
  const foldable = narrow && rest.length > 1;
  return (
    <Group role="search" aria-label="Filters" justify="space-between" align="end" mb="sm" gap="sm">
      <Group align="end" gap="sm" className={styles.fields ?? ""}>
        {first}
        {foldable && (
          <ActionIcon
            variant="default"
            size="input-sm"
            className={styles.toggle ?? ""}
            aria-label={opened ? "Fewer filters" : "More filters"}
            aria-expanded={opened}
            onClick={toggle}
          >
            <IconAdjustments size={18} aria-hidden />
          </ActionIcon>
        )}
        {(!foldable || opened) && rest}
        {onClear && (
          <Button variant="subtle" size="sm" onClick={onClear}>
            Clear filters
          </Button>
        )}
      </Group>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}

interface SearchFilterProps {
  label?: string;
  placeholder?: string;
  value: string | undefined;
  /** Called when typing pauses; put it into the URL with `{ replace: true }`. */
  onChange: (value: string | undefined) => void;
  width?: number;
}

const PAUSE_MILLISECONDS = 250;

/** A text to search for. */
export function SearchFilter({ label = "Search", placeholder, value, onChange, width = 260 }: SearchFilterProps) {
  const [typed, setTyped] = useState(value ?? "");
  const send = useDebouncedCallback((next: string) => onChange(next.trim() || undefined), PAUSE_MILLISECONDS);
  // The back button changes the value behind the field's back.
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    if (typed.trim() !== (value ?? "")) setTyped(value ?? "");
  }
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={placeholder}
      value={typed}
      w={width}
      maxLength={255}
      leftSection={<IconSearch size={16} aria-hidden />}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}

interface Choice<Value extends string> {
  value: Value;
  label: string;
}

interface ChoiceFilterProps<Value extends string> {
  label: string;
  choices: readonly Choice<Value>[];
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
  width?: number;
}

/** One of a few, or any. */
export function ChoiceFilter<Value extends string>({
  label,
  choices,
  value,
  onChange,
  width = 150,
}: ChoiceFilterProps<Value>) {
  return (
    <Select
      label={label}
      placeholder="Any"
      data={[...choices]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      w={width}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}

interface ChoicesFilterProps<Value extends string> {
  label: string;
  choices: readonly Choice<Value>[];
  value: readonly Value[] | undefined;
  onChange: (value: Value[] | undefined) => void;
  width?: number;
  renderOption?: MultiSelectProps["renderOption"];
}

/** Some of a few, or any. */
export function ChoicesFilter<Value extends string>(props: ChoicesFilterProps<Value>) {
  const { label, choices, value, onChange, width = 220, renderOption } = props;
  return (
    <MultiSelect
      label={label}
      placeholder={value?.length ? "" : "Any"}
      data={[...choices]}
      value={[...(value ?? [])]}
      onChange={(chosen) => onChange(chosen.length > 0 ? chosen : undefined)}
      {...(value?.length ? { miw: width, maw: 420 } : { w: width })}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      {...(renderOption ? { renderOption } : {})}
    />
  );
}
