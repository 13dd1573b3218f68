import { PageHeader } from "@/components/PageHeader";

export function KeysPage() {
  return <PageHeader title="API keys" />;
}
