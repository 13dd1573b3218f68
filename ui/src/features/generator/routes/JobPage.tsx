import { Alert, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { sentence } from "@/api/problem";
import { Facts } from "@/components/Facts";
import { ButtonLink } from "@/components/links";
import { NumberCell } from "@/components/NumberCell";
import { useNow } from "@/components/now";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { duration } from "@/components/time";
import { TimeAgo } from "@/components/TimeAgo";
import { isRunning, type Job, jobQuery } from "../api/jobs";
import { JobProgress } from "../components/JobProgress";
import { JobStatus } from "../components/JobStatus";
import { Options } from "../components/Options";
import { StopButton } from "../components/StopButton";
import { titleOf } from "../components/words";

/** One job: how far it is, and what it was asked for. */
export function JobPage() {
  const { jobId = "" } = useParams({ strict: false });
  const query = useQuery({
    ...jobQuery(jobId),
    refetchInterval: ({ state }) => (state.data === undefined || isRunning(state.data) ? 1000 : false),
  });
  return (
    <>
      <PageHeader
        title={query.data ? titleOf(query.data) : "Job"}
        aside={query.data && <JobStatus status={query.data.status} />}
        actions={query.data && <Actions job={query.data} />}
      />
      <QueryState query={query} what="the job">
        {(job) => <Details job={job} />}
      </QueryState>
    </>
  );
}

function Actions({ job }: { job: Job }) {
  const { id, alert_id: alertId } = job;
  return (
    <>
      {alertId != null && (
        <ButtonLink variant="default" to="/notifications" search={{ search: alertId }}>
          Who was notified?
        </ButtonLink>
      )}
      <StopButton job={job} />
      <ButtonLink {...(isRunning(job) && { variant: "default" })} to="/generator" search={{ again: id }}>
        Run again with these options
      </ButtonLink>
    </>
  );
}

function Details({ job }: { job: Job }) {
  const now = useNow();
  const { started_at: started, finished_at: finished, sent, acknowledged, duplicates, error, created_by: by } = job;
  const taken = (finished === null ? now : new Date(finished)).getTime() - new Date(started).getTime();
  return (
    <Stack gap="md">
      {error !== null && (
        <Alert color="red" title="It failed" role="alert">
          {sentence(error)}
        </Alert>
      )}
      <Panel title="Progress">
        <Stack gap="md">
          <JobProgress job={job} size="xl" />
          <Facts
            facts={[
              { title: "Started", value: <TimeAgo at={started} /> },
              { title: finished === null ? "Runs for" : "Took", value: duration(Math.max(0, taken)) },
              { title: "Handed over", value: <NumberCell value={sent} /> },
              { title: "Taken", value: <NumberCell value={acknowledged} /> },
              { title: "Repetitions", value: <NumberCell value={duplicates} /> },
              { title: "Started by", value: by },
            ]}
          />
        </Stack>
      </Panel>
      <Panel title="Options">
        <Options job={job} />
      </Panel>
    </Stack>
  );
}
