import { PageHeader } from "@/components/PageHeader";

export function RulePage() {
  return <PageHeader title="Rule" />;
}
