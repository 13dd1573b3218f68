import { Button } from "@mantine/core";
import IconX from "@tabler/icons-react/icons/IconX";
import { ClientFilter } from "@/components/ClientFilter";
import { FIRST_PAGE } from "@/components/cursorPaging";
import { ChoicesFilter, FilterBar, SearchFilter } from "@/components/Filters";
import { SEVERITIES, SEVERITY_LOOKS } from "@/components/Severity";
import { NOTIFICATION_STATUSES, STATUS_LOOKS } from "@/components/StatusBadge";
import { TimeRangeFilter } from "@/components/TimeRangeFilter";
import { isFiltered, type NotificationsSearch } from "../api/filter";

const STATUSES = NOTIFICATION_STATUSES.map((value) => ({ value, label: STATUS_LOOKS[value].word }));
const SEVERITY_CHOICES = SEVERITIES.map((value) => ({ value, label: SEVERITY_LOOKS[value].word }));

type Changes = { [Name in keyof NotificationsSearch]?: NotificationsSearch[Name] | undefined };

interface NotificationFiltersProps {
  search: NotificationsSearch;
  change: (changes: Changes, options?: { replace?: boolean }) => void;
}

const ANY = {
  search: undefined,
  client_id: undefined,
  status: undefined,
  severity: undefined,
  source: undefined,
  name: undefined,
  rule_id: undefined,
  last: undefined,
  from: undefined,
  to: undefined,
} as const satisfies Changes;

export function NotificationFilters({ search, change }: NotificationFiltersProps) {
  const set = (changes: Changes): void => change({ ...changes, ...FIRST_PAGE });
  const type = (changes: Changes): void => change({ ...changes, ...FIRST_PAGE }, { replace: true });
  return (
    <FilterBar onClear={isFiltered(search) ? () => set(ANY) : undefined}>
      <SearchFilter
        placeholder="Source, name or id"
        value={search.search}
        onChange={(text) => type({ search: text })}
        width={200}
      />
      <ChoicesFilter
        label="Status"
        choices={STATUSES}
        value={search.status}
        onChange={(status) => set({ status })}
        width={125}
      />
      <ChoicesFilter
        label="Severity"
        choices={SEVERITY_CHOICES}
        value={search.severity}
        onChange={(severity) => set({ severity })}
        width={125}
      />
      <TimeRangeFilter value={search} onChange={set} />
      <ClientFilter value={search.client_id} onChange={(client_id) => set({ client_id })} width={150} />
      <SearchFilter
        label="Source"
        placeholder="Exactly"
        value={search.source}
        onChange={(source) => type({ source })}
        width={130}
      />
      <SearchFilter
        label="Name"
        placeholder="Exactly"
        value={search.name}
        onChange={(name) => type({ name })}
        width={130}
      />
      {search.rule_id !== undefined && (
        <Button
          variant="default"
          rightSection={<IconX size={14} aria-hidden />}
          onClick={() => set({ rule_id: undefined })}
          aria-label="Not only those of one rule"
        >
          Only of one rule
        </Button>
      )}
    </FilterBar>
  );
}
