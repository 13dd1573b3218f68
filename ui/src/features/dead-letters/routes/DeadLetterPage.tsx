import { PageHeader } from "@/components/PageHeader";

export function DeadLetterPage() {
  return <PageHeader title="Dead letter" />;
}
