import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { cursorPaging } from "@/components/cursorPaging";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useUrlState } from "@/components/urlState";
import { type Catalog, catalogQuery, isRunning, type Job, jobQuery, jobsQuery } from "../api/jobs";
import { COLUMNS } from "../components/columns";
import { JobForm } from "../components/JobForm";
import { JobProgress } from "../components/JobProgress";
import { StopButton } from "../components/StopButton";
import { EMPTY_JOB, type JobValues, valuesOf } from "../components/values";
import { titleOf } from "../components/words";
import { generatorSearch } from "../search";

/** Makes alerts up, to see what the platform does with them. */
export function GeneratorPage() {
  const [{ again, page }, change] = useUrlState(generatorSearch);
  const paging = cursorPaging(page, change);
  const jobs = useQuery({ ...jobsQuery(paging.cursor), refetchInterval: 3000 });
  const catalog = useQuery(catalogQuery);
  return (
    <>
      <PageHeader title="Alert generator" hint="Sends made-up alerts, to try out rules and receivers, or for load." />
      <Stack gap="md" mb="lg">
        <Running jobs={jobs.data?.items.filter(isRunning) ?? []} />
        <QueryState query={catalog} what="what can be generated">
          {(data) => (again === undefined ? <NewJob catalog={data} /> : <Again jobId={again} catalog={data} />)}
        </QueryState>
      </Stack>
      <DataTable
        label="Jobs"
        columns={COLUMNS}
        query={jobs}
        rowId={({ id }) => id}
        rowName={titleOf}
        rowLink={({ id }) => linkOptions({ to: "/generator/$jobId", params: { jobId: id } })}
        paging={paging}
        actions={(job) => <StopButton job={job} size="xs" />}
        empty={<EmptyState title="No job yet" hint="Jobs are kept here for thirty days." />}
      />
    </>
  );
}

function Running({ jobs }: { jobs: readonly Job[] }) {
  return jobs.map((job) => (
    <Panel key={job.id} title={titleOf(job)} aside={<StopButton job={job} size="xs" />}>
      <JobProgress job={job} />
    </Panel>
  ));
}

function NewJob({ catalog, like = EMPTY_JOB }: { catalog: Catalog; like?: JobValues }) {
  const [{ kind }, change] = useUrlState(generatorSearch);
  const navigate = useNavigate();
  return (
    <JobForm
      initial={kind === undefined ? like : { ...like, kind }}
      catalog={catalog}
      onKind={(chosen) => change({ kind: chosen }, { replace: true })}
      onStarted={({ id }) => void navigate({ to: "/generator/$jobId", params: { jobId: id } })}
    />
  );
}

function Again({ jobId, catalog }: { jobId: string; catalog: Catalog }) {
  const query = useQuery({ ...jobQuery(jobId), staleTime: Infinity });
  return (
    <QueryState query={query} what="the job to run again">
      {(job) => <NewJob key={job.id} catalog={catalog} like={valuesOf(job)} />}
    </QueryState>
  );
}
