import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { LiveStatus } from "@/components/LiveStatus";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { pipelineQuery } from "@/components/platform/queries";
import { QueryState } from "@/components/QueryState";
import { useLive } from "@/components/useLive";
import { failingQuery } from "../api/failing";
import { notificationsQuery } from "../api/notifications";
import { Attention } from "../components/Attention";
import { FirstSteps } from "../components/FirstSteps";
import { PerHour } from "../components/PerHour";
import { PipelinePanel } from "../components/pipeline/PipelinePanel";

export function OverviewPage() {
  const session = useSession();
  const admin = session.role === "admin";
  const live = useLive(5_000);
  const pipeline = useQuery({ ...pipelineQuery(24), ...live.options, enabled: admin });
  const failing = useQuery({ ...failingQuery, ...live.options });
  const notifications = useQuery({ ...notificationsQuery, ...live.options });
  return (
    <>
      <PageHeader
        title="Overview"
        hint={admin ? "How alerts get through, now." : "What became of your alerts, and what needs a look."}
        actions={<LiveStatus live={live} query={failing} />}
      />
      <Stack gap="md">
        {notifications.data?.notifications === 0 && <FirstSteps written={pipeline.data?.alerts.written} />}
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Panel title="What fails now">
            <QueryState query={failing} what="what fails">
              {(data) => <Attention failing={data} figures={pipeline.data} />}
            </QueryState>
          </Panel>
          <div>
            <QueryState query={notifications} what="the notifications of the last 24 hours">
              {(data) => <PerHour figures={data} />}
            </QueryState>
          </div>
        </SimpleGrid>
        {admin && <PipelinePanel query={pipeline} />}
      </Stack>
    </>
  );
}
