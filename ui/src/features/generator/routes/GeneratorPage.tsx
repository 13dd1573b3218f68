import { PageHeader } from "@/components/PageHeader";

export function GeneratorPage() {
  return <PageHeader title="Alert generator" />;
}
