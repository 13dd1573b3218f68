import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { shownAddress } from "@/components/endpoints/address";
import { endpointQuery } from "@/components/endpoints/queries";
import { type Endpoint, typeInWords } from "@/components/endpoints/types";
import { History } from "@/components/History";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { StatusBadge } from "@/components/StatusBadge";
import { useUrlState } from "@/components/urlState";
import { EndpointActions } from "../components/EndpointActions";
import { EndpointEdit } from "../components/EndpointEdit";
import { EndpointOverview } from "../components/EndpointOverview";
import { endpointSearch } from "../search";

/** One endpoint: how it fares, what it answers, and how it is set up. */
export function EndpointPage() {
  const { endpointId } = useParams({ from: "/shell/endpoints/$endpointId" });
  const query = useQuery({ ...endpointQuery(endpointId), refetchInterval: 10_000 });
  const loading = query.data === undefined;
  return (
    <>
      {loading && <PageHeader title="Endpoint" />}
      <QueryState query={query} what="the endpoint">
        {(endpoint) => <Details key={endpoint.id} endpoint={endpoint} />}
      </QueryState>
    </>
  );
}

function Details({ endpoint }: { endpoint: Endpoint }) {
  const [{ tab }, change] = useUrlState(endpointSearch);
  const open = (wanted: string | null): void =>
    change({ tab: wanted === "edit" || wanted === "history" ? wanted : undefined });
  return (
    <>
      <PageHeader
        title={shownAddress(endpoint.type, endpoint.value)}
        hint={typeInWords(endpoint.type).label}
        aside={<StatusBadge value={endpoint.enabled ? endpoint.health.status : "disabled"} />}
        actions={<EndpointActions endpoint={endpoint} />}
      />
      <Tabs value={tab ?? "overview"} onChange={open} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="edit">Edit</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <EndpointOverview endpoint={endpoint} />
        </Tabs.Panel>
        <Tabs.Panel value="edit">
          <EndpointEdit endpoint={endpoint} onDone={() => open("overview")} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History subject="endpoint" id={endpoint.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
