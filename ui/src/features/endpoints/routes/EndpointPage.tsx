import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { shownAddress } from "@/components/endpoints/address";
import { endpointQuery } from "@/components/endpoints/queries";
import { typeInWords } from "@/components/endpoints/types";
import { History } from "@/components/History";
import { PageHeader } from "@/components/PageHeader";
import { StatusBadge } from "@/components/StatusBadge";
import { ThingPage, ThingTabs } from "@/components/ThingPage";
import { EndpointActions } from "../components/EndpointActions";
import { EndpointEdit } from "../components/EndpointEdit";
import { EndpointOverview } from "../components/EndpointOverview";

/** One endpoint: how it fares, what it answers, and how it is set up. */
export function EndpointPage() {
  const { endpointId } = useParams({ from: "/shell/endpoints/$endpointId" });
  const query = useQuery({ ...endpointQuery(endpointId), refetchInterval: 10_000 });
  return (
    <ThingPage query={query} title="Endpoint">
      {(endpoint) => (
        <>
          <PageHeader
            title={shownAddress(endpoint.type, endpoint.value)}
            hint={typeInWords(endpoint.type).label}
            aside={<StatusBadge value={endpoint.enabled ? endpoint.health.status : "disabled"} />}
            actions={<EndpointActions endpoint={endpoint} />}
          />
          <ThingTabs
            overview={<EndpointOverview endpoint={endpoint} />}
            edit={(onDone) => <EndpointEdit endpoint={endpoint} onDone={onDone} />}
            history={<History subject="endpoint" id={endpoint.id} />}
          />
        </>
      )}
    </ThingPage>
  );
}
