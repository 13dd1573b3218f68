import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LiveStatus } from "@/components/LiveStatus";
import { PageHeader } from "@/components/PageHeader";
import { Outages } from "@/components/platform/Outages";
import { historyQuery, pipelineQuery } from "@/components/platform/queries";
import { useLive } from "@/components/useLive";
import { ProcessTable } from "../components/ProcessTable";
import { ServiceTable } from "../components/ServiceTable";

export function ServicesPage() {
  const live = useLive(5_000);
  const query = useQuery({ ...pipelineQuery(1), ...live.options });
  const history = useQuery(historyQuery(60));
  return (
    <>
      <PageHeader
        title="Services"
        hint="The processes that the platform is made of: what runs, what is down, and how they fare."
        actions={<LiveStatus live={live} query={query} />}
      />
      <Outages parts={query.data?.parts ?? {}} />
      <ServiceTable query={query} history={history.data} />
      {query.data && (
        <Stack gap="xs" mt="lg">
          <Title order={2}>Processes</Title>
          <ProcessTable query={query} />
        </Stack>
      )}
    </>
  );
}
