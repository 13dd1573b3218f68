import { PageHeader } from "@/components/PageHeader";

export function ServicesPage() {
  return <PageHeader title="Services" />;
}
