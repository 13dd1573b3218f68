import { PageHeader } from "@/components/PageHeader";

export function ClientsPage() {
  return <PageHeader title="Clients" />;
}
