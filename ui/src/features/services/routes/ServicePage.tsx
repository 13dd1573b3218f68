import { PageHeader } from "@/components/PageHeader";

export function ServicePage() {
  return <PageHeader title="Service" />;
}
