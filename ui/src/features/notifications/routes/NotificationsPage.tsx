import { PageHeader } from "@/components/PageHeader";

export function NotificationsPage() {
  return <PageHeader title="Notifications" />;
}
