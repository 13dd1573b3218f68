import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { EmptyState } from "@/components/EmptyState";
import { AnchorLink } from "@/components/links";
import { LiveStatus } from "@/components/LiveStatus";
import { formatNumber } from "@/components/numbers";
import { PageHeader } from "@/components/PageHeader";
import { Outages } from "@/components/platform/Outages";
import { type PipelineFigures, pipelineQuery } from "@/components/platform/queries";
import { SERVICES, titleOf } from "@/components/platform/services";
import { stateOf, waitingFor } from "@/components/platform/state";
import { StateWord } from "@/components/platform/StateWord";
import { useLive } from "@/components/useLive";
import { HistoryPanel } from "../components/HistoryPanel";
import { ProcessTable } from "../components/ProcessTable";

export function ServicePage() {
  const { service } = useParams({ from: "/shell/services/$service" });
  const live = useLive(5_000);
  const query = useQuery({ ...pipelineQuery(1), ...live.options });
  const figures = query.data;
  const known = service in SERVICES || figures?.services?.some((each) => each.service === service);
  if (figures && !known) return <Unknown service={service} />;
  return (
    <>
      <PageHeader
        title={titleOf(service)}
        hint={SERVICES[service]?.does}
        aside={figures && <StateWord state={stateOf(service, figures)} />}
        actions={<LiveStatus live={live} query={query} />}
      />
      <Stack gap="md">
        <div>
          {figures && <Outages parts={figures.parts} />}
          {figures && <Now service={service} figures={figures} />}
        </div>
        <ProcessTable query={query} service={service} />
        <HistoryPanel service={service} />
      </Stack>
    </>
  );
}

/** What is wrong, and what waits. */
function Now({ service, figures }: { service: string; figures: PipelineFigures }) {
  const { why } = stateOf(service, figures);
  const waiting = waitingFor(service, figures);
  const reads = SERVICES[service]?.reads;
  const aside = figures.topics?.find(({ topic }) => topic === reads)?.dead_letters ?? 0;
  return (
    <Text>
      {why}
      {reads !== undefined && ` It reads ${reads}, where ${saidOf(waiting)}.`}
      {aside > 0 && (
        <>
          {" "}
          <AnchorLink to="/dead-letters" search={{ topic: reads }} underline="always">
            {aside === 1 ? "1 was put aside as a dead letter" : `${formatNumber(aside)} were put aside as dead letters`}
          </AnchorLink>
          .
        </>
      )}
    </Text>
  );
}

const saidOf = (waiting: number | null | undefined): string =>
  waiting === null || waiting === undefined
    ? "how many messages wait is not known"
    : waiting === 1
      ? "1 message waits"
      : `${waiting === 0 ? "no" : formatNumber(waiting)} messages wait`;

function Unknown({ service }: { service: string }) {
  return (
    <>
      <PageHeader title="Service" />
      <div className="surface">
        <EmptyState title="There is no such service" hint={`None is called ${service}.`} />
      </div>
    </>
  );
}
