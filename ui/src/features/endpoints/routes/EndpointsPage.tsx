import { PageHeader } from "@/components/PageHeader";

export function EndpointsPage() {
  return <PageHeader title="Endpoints" />;
}
