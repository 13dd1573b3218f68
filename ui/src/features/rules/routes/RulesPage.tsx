import { PageHeader } from "@/components/PageHeader";

export function RulesPage() {
  return <PageHeader title="Rules" />;
}
