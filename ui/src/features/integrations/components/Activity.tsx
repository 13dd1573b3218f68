import { Group, Loader, Stack, Text } from "@mantine/core";
import IconCheck from "@tabler/icons-react/icons/IconCheck";
import { useQuery } from "@tanstack/react-query";
import { Facts } from "@/components/Facts";
import { LiveStatus } from "@/components/LiveStatus";
import { NumberCell } from "@/components/NumberCell";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { Severity } from "@/components/Severity";
import { TimeAgo } from "@/components/TimeAgo";
import { Tone } from "@/components/Tone";
import { useLive } from "@/components/useLive";
import { type IntegrationDetail, integrationQuery } from "../api/integrations";
import { Rejects } from "./Rejects";
import { formatInWords } from "./sourceNames";

/** What comes from an integration, as it comes. */
export function Activity({ name }: { name: string }) {
  const live = useLive(2000);
  const query = useQuery({ ...integrationQuery(name), ...live.options });
  return (
    <Stack gap="md">
      <Panel title="What has come" aside={<LiveStatus live={live} query={query} />}>
        <QueryState query={query} what="what has come">
          {(integration) => <LastEvent integration={integration} />}
        </QueryState>
      </Panel>
      {query.data && query.data.rejects.length > 0 && (
        <Panel title="What was refused, and why">
          <Rejects rejects={query.data.rejects} />
        </Panel>
      )}
    </Stack>
  );
}

function LastEvent({ integration }: { integration: IntegrationDetail }) {
  const { last_event_at: at, last_event: event, accepted, rejected, last_rejected_at: refusedAt, format } = integration;
  if (at == null && refusedAt == null) return <Waiting />;
  return (
    <Stack gap="sm">
      <div role="status">
        {at == null ? (
          <Tone tone="high">Heard of, but nothing could be taken yet</Tone>
        ) : (
          <Tone tone="good" icon={IconCheck}>
            It is connected
          </Tone>
        )}
      </div>
      <Facts
        facts={[
          { title: "Last event", value: <TimeAgo at={at} /> },
          event != null && {
            title: "Which was",
            value: (
              <Group gap="xs">
                <Severity value={event.severity} />
                <span style={{ overflowWrap: "anywhere" }}>
                  {event.source} / {event.name}
                </span>
              </Group>
            ),
          },
          { title: "Taken", value: <NumberCell value={accepted} /> },
          { title: "Refused", value: <NumberCell value={rejected} /> },
          rejected > 0 && { title: "Last refused", value: <TimeAgo at={refusedAt} /> },
          format != null && { title: "Format", value: formatInWords(format) },
        ]}
      />
    </Stack>
  );
}

function Waiting() {
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Loader size="sm" aria-hidden />
      <div>
        <Text fw={600}>Waiting for the first event</Text>
        <Text size="sm" c="dimmed">
          It shows here as soon as it comes.
        </Text>
      </div>
    </Group>
  );
}
