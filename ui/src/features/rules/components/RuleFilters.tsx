import { CloseButton, Group } from "@mantine/core";
import { ClientFilter } from "@/components/ClientFilter";
import { FIRST_PAGE } from "@/components/cursorPaging";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/Filters";
import { OnOffFilter } from "@/components/OnOffFilter";
import { RULE_SEVERITIES, SEVERITY_LOOKS } from "@/components/Severity";
import { Tone } from "@/components/Tone";
import type { SearchOf } from "@/components/urlState";
import type { rulesSearch } from "../search";

type Filters = Omit<SearchOf<typeof rulesSearch>, "page" | "sort">;

interface RuleFiltersProps {
  filters: Filters;
  change: (
    changes: { [Name in keyof Filters]?: Filters[Name] | undefined } & typeof FIRST_PAGE,
    options?: { replace?: boolean },
  ) => void;
}

const SEVERITIES = RULE_SEVERITIES.map((value) => ({
  value,
  label: value === "*" ? "* (rules for any)" : SEVERITY_LOOKS[value].word,
}));
const NONE = {
  search: undefined,
  client_id: undefined,
  severity: undefined,
  source: undefined,
  name: undefined,
  enabled: undefined,
};

/** Which rules to list. */
export function RuleFilters({ filters, change }: RuleFiltersProps) {
  const filtered = Object.keys(filters).length > 0;
  return (
    <FilterBar {...(filtered && { onClear: () => change({ ...NONE, ...FIRST_PAGE }) })}>
      <SearchFilter
        placeholder="Part of a source, a name …"
        value={filters.search}
        onChange={(search) => change({ search, ...FIRST_PAGE }, { replace: true })}
      />
      <ClientFilter value={filters.client_id} onChange={(id) => change({ client_id: id, ...FIRST_PAGE })} />
      <ChoiceFilter
        label="Severity"
        choices={SEVERITIES}
        value={filters.severity}
        onChange={(severity) => change({ severity, ...FIRST_PAGE })}
      />
      <OnOffFilter value={filters.enabled} onChange={(enabled) => change({ enabled, ...FIRST_PAGE })} />
      {(["source", "name"] as const).map(
        (field) =>
          filters[field] !== undefined && (
            <Exactly
              key={field}
              field={field}
              value={filters[field]}
              onRemove={() => change({ [field]: undefined, ...FIRST_PAGE })}
            />
          ),
      )}
    </FilterBar>
  );
}

/** A filter that only links set: one text, exactly. */
function Exactly({ field, value, onRemove }: { field: string; value: string; onRemove: () => void }) {
  return (
    <Group gap={2} h={36}>
      <Tone tone="quiet">
        {field} is “{value}”
      </Tone>
      <CloseButton size="sm" aria-label={`Show any ${field}`} onClick={onRemove} />
    </Group>
  );
}
