import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { History } from "@/components/History";
import { PageHeader } from "@/components/PageHeader";
import { StatusBadge } from "@/components/StatusBadge";
import { ThingPage, ThingTabs } from "@/components/ThingPage";
import { type Client, clientQuery } from "../api/clients";
import { ClientEdit } from "../components/ClientEdit";
import { ClientOverview } from "../components/ClientOverview";
import { useClientDeletion } from "../components/useClientDeletion";
import { useToggle } from "../components/useToggle";

/** One client: what it has, and who changed it. */
export function ClientPage() {
  const { clientId } = useParams({ from: "/shell/clients/$clientId" });
  return (
    <ThingPage query={useQuery(clientQuery(clientId))} title="Client">
      {(client) => (
        <>
          <PageHeader
            title={client.name}
            aside={<StatusBadge value={client.enabled ? "on" : "off"} />}
            actions={<Actions client={client} />}
          />
          <ThingTabs
            overview={<ClientOverview client={client} />}
            edit={(onDone) => <ClientEdit client={client} onDone={onDone} />}
            history={<History subject="client" id={client.id} />}
          />
        </>
      )}
    </ThingPage>
  );
}

function Actions({ client }: { client: Client }) {
  const [toggle, busy] = useToggle();
  const remove = useClientDeletion();
  const navigate = useNavigate();
  const onDelete = (): void => {
    remove(client);
    void navigate({ to: "/clients", ignoreBlocker: true });
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
