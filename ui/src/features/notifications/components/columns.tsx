import { Text } from "@mantine/core";
import { CellText } from "@/components/CellText";
import { Severity } from "@/components/Severity";
import { StatusBadge } from "@/components/StatusBadge";
import { sentence } from "@/api/problem";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import type { Notification } from "../api/filter";
import { Countdown } from "./Countdown";
import styles from "./Notifications.module.css";

const alert: Column<Notification> = {
  key: "alert",
  title: "Alert",
  render: ({ name, source }) => (
    <span className={styles.alert}>
      <CellText>{name}</CellText>
      <Text span size="sm" c="dimmed" display="block">
        <CellText>{source}</CellText>
      </Text>
    </span>
  ),
};

const severity: Column<Notification> = {
  key: "severity",
  title: "Severity",
  render: (row) => <Severity value={row.severity} />,
};

const status: Column<Notification> = {
  key: "status",
  title: "Status",
  render: (row) => (
    <div className={styles.status}>
      <StatusBadge value={row.status} />
      <StatusNote row={row} />
    </div>
  ),
};

/** What a state alone does not say: when it is tried again, and why it failed. */
function StatusNote({ row }: { row: Notification }) {
  if (row.last_error === null) return null;
  return (
    <Text size="sm" c="dimmed" lineClamp={2} title={row.last_error}>
      {sentence(row.last_error)}
      {row.next_attempt_at !== null && (
        <>
          {" "}
          Tried again <Countdown at={row.next_attempt_at} />.
        </>
      )}
    </Text>
  );
}

const client: Column<Notification> = {
  key: "client",
  title: "Client",
  render: (row) => <CellText id>{row.client_id}</CellText>,
};

const deliveries: Column<Notification> = {
  key: "deliveries",
  title: "Delivered",
  number: true,
  hint: "Receivers that have it, of all that are to be told",
  render: ({ deliveries: { DELIVERED, FAILED, PENDING, EXPIRED } }) => {
    const all = DELIVERED + FAILED + PENDING + EXPIRED;
    return all === 0 ? "–" : `${DELIVERED} of ${all}`;
  },
};

const when: Column<Notification> = {
  key: "when",
  title: "Recorded",
  number: true,
  render: (row) => <TimeAgo at={row.created_at} />,
};

export const columnsFor = (isAdmin: boolean): Column<Notification>[] => [
  alert,
  severity,
  status,
  ...(isAdmin ? [client] : []),
  deliveries,
  when,
];
