import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { cursorPaging, FIRST_PAGE } from "@/components/cursorPaging";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { ButtonLink } from "@/components/links";
import { formatCount } from "@/components/numbers";
import { PageHeader } from "@/components/PageHeader";
import { useUrlState } from "@/components/urlState";
import { countQuery, rulesQuery } from "../api/rules";
import { columnsFor } from "../components/columns";
import { RuleFilters } from "../components/RuleFilters";
import { RuleMenu } from "../components/RuleMenu";
import { SelectionBar } from "../components/SelectionBar";
import { titleOf } from "../components/sentence";
import { useGoingRules } from "../components/useRuleDeletion";
import { useSelectedRules } from "../components/useSelectedRules";
import { rulesSearch } from "../search";

/** All rules, a page at a time, and what to do with one or several. */
export function RulesPage() {
  const [{ page, sort, ...filters }, change] = useUrlState(rulesSearch);
  const { role } = useSession();
  const paging = cursorPaging(page, change);
  const { cursor } = paging;
  const query = useQuery(rulesQuery({ ...filters, ...(sort && { sort }), ...(cursor && { cursor }) }));
  const count = useQuery(countQuery(filters));
  const going = useGoingRules();
  const selection = useSelectedRules(query.data?.items);
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title="Rules"
        hint="Which alerts to tell of, and whom."
        aside={count.data && <span className="numbers">{formatCount(count.data)}</span>}
        actions={<NewRule {...(filters.client_id !== undefined && { clientId: filters.client_id })} />}
      />
      <RuleFilters filters={filters} change={change} />
      {selection.selected.size > 0 && <SelectionBar rules={selection.rules} onClear={selection.clear} />}
      <DataTable
        label="Rules"
        columns={columnsFor(role === "admin")}
        query={query}
        rowId={({ id }) => id}
        rowName={titleOf}
        rowLink={({ id }) => linkOptions({ to: "/rules/$ruleId", params: { ruleId: id } })}
        paging={paging}
        sort={sort}
        onSort={(wanted) => change({ sort: wanted as typeof sort, ...FIRST_PAGE })}
        selection={selection}
        struck={going}
        actions={(rule) => (going(rule) ? null : <RuleMenu rule={rule} />)}
        empty={filtered ? <NoneLikeThat /> : <NoneYet />}
      />
    </>
  );
}

function NewRule({ clientId }: { clientId?: string }) {
  return (
    <ButtonLink
      to="/rules/new"
      search={clientId === undefined ? {} : { client_id: clientId }}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      New rule
    </ButtonLink>
  );
}

function NoneLikeThat() {
  return <EmptyState title="No rule is like that" hint="Take a filter away to see more." />;
}

function NoneYet() {
  return (
    <EmptyState
      title="There are no rules yet"
      hint="A rule says which alerts matter to a client, and who is told of them."
      action={<NewRule />}
    />
  );
}
