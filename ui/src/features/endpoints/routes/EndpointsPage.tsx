import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { ClientFilter } from "@/components/ClientFilter";
import { cursorPaging, FIRST_PAGE } from "@/components/cursorPaging";
import { EmptyState } from "@/components/EmptyState";
import { EndpointTable } from "@/components/endpoints/EndpointTable";
import { endpointsQuery } from "@/components/endpoints/queries";
import { ENDPOINT_TYPES } from "@/components/endpoints/types";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/Filters";
import { ButtonLink } from "@/components/links";
import { formatCount } from "@/components/numbers";
import { PageHeader } from "@/components/PageHeader";
import { STATUS_LOOKS } from "@/components/StatusBadge";
import { useUrlState } from "@/components/urlState";
import { countQuery } from "../api/count";
import { endpointsSearch } from "../search";

const HEALTH = (["ok", "failing", "open", "disabled"] as const).map((value) => ({
  value,
  label: STATUS_LOOKS[value].word,
}));
const NO_FILTERS = {
  search: undefined,
  client_id: undefined,
  rule_id: undefined,
  type: undefined,
  enabled: undefined,
  health: undefined,
};

/** Every address that notifications go to. */
export function EndpointsPage() {
  const [{ page, sort, type: wanted, ...others }, change] = useUrlState(endpointsSearch);
  const type = ENDPOINT_TYPES.find(({ value }) => value === wanted)?.value;
  const filters = { ...others, ...(type && { type }) };
  const { role } = useSession();
  const paging = cursorPaging(page, change);
  const query = useQuery(
    endpointsQuery({
      ...filters,
      ...(sort !== undefined && { sort }),
      ...(paging.cursor !== undefined && { cursor: paging.cursor }),
    }),
  );
  const count = useQuery(countQuery(filters));
  const filtered = Object.keys(filters).length > 0;
  const clear = (): void => change({ ...NO_FILTERS, ...FIRST_PAGE });
  return (
    <>
      <PageHeader
        title="Endpoints"
        hint="Where notifications go. Each belongs to a rule, and is told of what the rule matches."
        aside={count.data && <span className="numbers">{formatCount(count.data)}</span>}
      />
      <FilterBar {...(filtered && { onClear: clear })}>
        <SearchFilter
          placeholder="Part of an address, or an id"
          width={280}
          value={filters.search}
          onChange={(search) => change({ search, ...FIRST_PAGE }, { replace: true })}
        />
        <ClientFilter value={filters.client_id} onChange={(id) => change({ client_id: id, ...FIRST_PAGE })} />
        <ChoiceFilter
          label="Type"
          choices={ENDPOINT_TYPES}
          value={type}
          onChange={(chosen) => change({ type: chosen, ...FIRST_PAGE })}
        />
        <ChoiceFilter
          label="State"
          choices={HEALTH}
          value={filters.health}
          onChange={(health) => change({ health, ...FIRST_PAGE })}
        />
      </FilterBar>
      <EndpointTable
        query={query}
        of={role === "admin" ? "rule and client" : "rule"}
        paging={paging}
        sort={sort}
        onSort={(order) => change({ sort: order as typeof sort, ...FIRST_PAGE })}
        empty={
          filtered ? (
            <EmptyState title="No endpoint is like that" hint="Take a filter away to see more." />
          ) : (
            <EmptyState
              title="There are no endpoints yet"
              hint="Make a rule, and say there who is told of what it matches."
              action={<ButtonLink to="/rules/new">New rule</ButtonLink>}
            />
          )
        }
      />
    </>
  );
}
