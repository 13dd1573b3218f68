import { PageHeader } from "@/components/PageHeader";

export function ClientPage() {
  return <PageHeader title="Client" />;
}
