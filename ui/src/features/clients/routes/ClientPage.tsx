import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { History } from "@/components/History";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { StatusBadge } from "@/components/StatusBadge";
import { useUrlState } from "@/components/urlState";
import { type Client, clientQuery } from "../api/clients";
import { ClientEdit } from "../components/ClientEdit";
import { ClientOverview } from "../components/ClientOverview";
import { useClientDeletion } from "../components/useClientDeletion";
import { useToggle } from "../components/useToggle";
import { clientSearch } from "../search";

/** One client: what it has, and who changed it. */
export function ClientPage() {
  const { clientId } = useParams({ from: "/shell/clients/$clientId" });
  const query = useQuery(clientQuery(clientId));
  return (
    <>
      {query.data === undefined && <PageHeader title="Client" />}
      <QueryState query={query} what="the client">
        {(client) => <Details key={client.id} client={client} />}
      </QueryState>
    </>
  );
}

function Details({ client }: { client: Client }) {
  const [{ tab }, change] = useUrlState(clientSearch);
  const open = (wanted: string | null): void =>
    change({ tab: wanted === "edit" || wanted === "history" ? wanted : undefined });
  return (
    <>
      <PageHeader
        title={client.name}
        aside={<StatusBadge value={client.enabled ? "on" : "off"} />}
        actions={<Actions client={client} />}
      />
      <Tabs value={tab ?? "overview"} onChange={open} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="edit">Edit</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <ClientOverview client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="edit">
          <ClientEdit client={client} onDone={() => open("overview")} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History subject="client" id={client.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Actions({ client }: { client: Client }) {
  const [toggle, busy] = useToggle();
  const remove = useClientDeletion();
  const navigate = useNavigate();
  const onDelete = (): void => {
    remove(client);
    void navigate({ to: "/clients" });
  };
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => toggle(client)}>
        {client.enabled ? "Turn off" : "Turn on"}
      </Button>
      {client.rules === 0 && (
        <Button variant="default" onClick={onDelete}>
          Delete
        </Button>
      )}
    </>
  );
}
