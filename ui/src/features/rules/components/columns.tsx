import { Group, Text } from "@mantine/core";
import { CellText } from "@/components/CellText";
import { AnchorLink } from "@/components/links";
import { plural } from "@/components/numbers";
import { Severity } from "@/components/Severity";
import { StatusBadge } from "@/components/StatusBadge";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import { Tone } from "@/components/Tone";
import type { Rule } from "../api/rules";

const SOURCE: Column<Rule> = {
  key: "source",
  title: "Source",
  sort: "source",
  render: ({ source }) => <Matched what="source">{source}</Matched>,
};
const NAME: Column<Rule> = {
  key: "name",
  title: "Name",
  sort: "name",
  render: ({ name }) => <Matched what="name">{name}</Matched>,
};
const SEVERITY: Column<Rule> = {
  key: "severity",
  title: "Severity",
  sort: "severity",
  hint: "* matches alerts of any severity",
  render: ({ severity }) => <Severity value={severity} />,
};
const CLIENT: Column<Rule> = {
  key: "client_id",
  title: "Client",
  sort: "client_id",
  render: ({ client_id: clientId }) => (
    <AnchorLink to="/clients/$clientId" params={{ clientId }} size="sm">
      <CellText id>{clientId}</CellText>
    </AnchorLink>
  ),
};
const ENDPOINTS: Column<Rule> = { key: "endpoints", title: "Tells", render: (rule) => <Told {...rule} /> };
const ENABLED: Column<Rule> = {
  key: "enabled",
  title: "State",
  render: ({ enabled }) => <StatusBadge value={enabled ? "on" : "off"} />,
};
const UPDATED: Column<Rule> = {
  key: "updated_at",
  title: "Changed",
  sort: "updated_at",
  wideOnly: true,
  render: ({ updated_at: at }) => <TimeAgo at={at} />,
};

/** A table's columns, for who sees several clients or one. */
export const columnsFor = (severalClients: boolean): readonly Column<Rule>[] => [
  NAME,
  SOURCE,
  SEVERITY,
  ...(severalClients ? [CLIENT] : []),
  ENDPOINTS,
  ENABLED,
  UPDATED,
];

/** How many endpoints a rule tells, and what is wrong with them. */
export function Told({ endpoints }: Pick<Rule, "endpoints">) {
  const { total, enabled, failing } = endpoints;
  if (total === 0) return <Tone tone="medium">Nobody</Tone>;
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="sm" className="numbers" style={{ whiteSpace: "nowrap" }}>
        {plural(total, "endpoint")}
      </Text>
      {enabled < total && <Tone tone="quiet">{total - enabled} off</Tone>}
      {failing > 0 && <Tone tone="high">{failing} failing</Tone>}
    </Group>
  );
}

function Matched({ what, children }: { what: string; children: string }) {
  if (children !== "*") return <CellText>{children}</CellText>;
  return (
    <>
      *{" "}
      <Text span size="sm" c="dimmed">
        any {what}
      </Text>
    </>
  );
}
