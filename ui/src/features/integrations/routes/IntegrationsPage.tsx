import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { useUrlState } from "@/components/urlState";
import { integrationsQuery } from "../api/integrations";
import { COLUMNS } from "../components/columns";
import { Connect } from "../components/Connect";
import { Sources } from "../components/Sources";
import { integrationsSearch } from "../search";

/** What sends alerts here, and how to connect more. */
export function IntegrationsPage() {
  const [{ source }] = useUrlState(integrationsSearch);
  const query = useQuery({ ...integrationsQuery, refetchInterval: 5000 });
  return (
    <>
      <PageHeader title="Integrations" hint="Where alerts come from. Choose a source to connect it." />
      <Sources chosen={source} />
      {source !== undefined && <Connect key={source} source={source} />}
      <Title order={2} mb="sm">
        Heard of
      </Title>
      <DataTable
        label="Integrations"
        columns={COLUMNS}
        query={query}
        rowId={({ name }) => name}
        rowName={({ name }) => name}
        rowLink={({ name }) => linkOptions({ to: "/integrations/$integration", params: { integration: name } })}
        empty={<EmptyState title="Nothing has sent alerts yet" hint="Choose one of the sources above to connect it." />}
      />
    </>
  );
}
