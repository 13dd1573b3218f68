import { PageHeader } from "@/components/PageHeader";

export function NewRulePage() {
  return <PageHeader title="New rule" />;
}
