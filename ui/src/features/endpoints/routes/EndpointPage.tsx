import { PageHeader } from "@/components/PageHeader";

export function EndpointPage() {
  return <PageHeader title="Endpoint" />;
}
