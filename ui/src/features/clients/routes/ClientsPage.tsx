import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import IconPlus from "@tabler/icons-react/icons/IconPlus";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { cursorPaging, FIRST_PAGE } from "@/components/cursorPaging";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { FilterBar, SearchFilter } from "@/components/Filters";
import { OnOffFilter } from "@/components/OnOffFilter";
import { PageHeader } from "@/components/PageHeader";
import { useUrlState } from "@/components/urlState";
import { clientsQuery } from "../api/clients";
import { ClientMenu } from "../components/ClientMenu";
import { COLUMNS } from "../components/columns";
import { NewClient } from "../components/NewClient";
import { useGoingClients } from "../components/useClientDeletion";
import { clientsSearch } from "../search";

/** Whose rules there are. */
export function ClientsPage() {
  const [{ page, sort, search, enabled }, change] = useUrlState(clientsSearch);
  const paging = cursorPaging(page, change);
  const query = useQuery(
    clientsQuery({
      ...(search !== undefined && { search }),
      ...(enabled !== undefined && { enabled }),
      ...(sort !== undefined && { sort }),
      ...(paging.cursor !== undefined && { cursor: paging.cursor }),
    }),
  );
  const going = useGoingClients();
  const [making, { open, close }] = useDisclosure();
  const filtered = search !== undefined || enabled !== undefined;
  const clear = (): void => change({ search: undefined, enabled: undefined, ...FIRST_PAGE });
  return (
    <>
      <PageHeader
        title="Clients"
        hint="Who is told. Each has its own rules, and may have keys that see only these."
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            New client
          </Button>
        }
      />
      <FilterBar {...(filtered && { onClear: clear })}>
        <SearchFilter
          placeholder="Part of a name or an id"
          value={search}
          onChange={(wanted) => change({ search: wanted, ...FIRST_PAGE }, { replace: true })}
        />
        <OnOffFilter value={enabled} onChange={(wanted) => change({ enabled: wanted, ...FIRST_PAGE })} />
      </FilterBar>
      <DataTable
        label="Clients"
        columns={COLUMNS}
        query={query}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        rowLink={({ id }) => linkOptions({ to: "/clients/$clientId", params: { clientId: id } })}
        paging={paging}
        sort={sort}
        onSort={(wanted) => change({ sort: wanted as typeof sort, ...FIRST_PAGE })}
        struck={going}
        actions={(client) => (going(client) ? null : <ClientMenu client={client} />)}
        empty={filtered ? <NoneLikeThat /> : <NoneYet onNew={open} />}
      />
      <NewClient opened={making} onClose={close} />
    </>
  );
}

function NoneLikeThat() {
  return <EmptyState title="No client is like that" hint="Take a filter away to see more." />;
}

function NoneYet({ onNew }: { onNew: () => void }) {
  return (
    <EmptyState
      title="There are no clients yet"
      hint="A client is a team, a customer or an application that wants to be told of alerts."
      action={<Button onClick={onNew}>New client</Button>}
    />
  );
}
