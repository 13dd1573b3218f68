import { PageHeader } from "@/components/PageHeader";

export function TryAlertPage() {
  return <PageHeader title="Try an alert" />;
}
