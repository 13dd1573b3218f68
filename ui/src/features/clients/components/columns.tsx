import { Text } from "@mantine/core";
import { CellText } from "@/components/CellText";
import { AnchorLink } from "@/components/links";
import { NumberCell } from "@/components/NumberCell";
import { StatusBadge } from "@/components/StatusBadge";
import type { Column } from "@/components/tableTypes";
import { TimeAgo } from "@/components/TimeAgo";
import type { Client } from "../api/clients";

export const COLUMNS: readonly Column<Client>[] = [
  {
    key: "name",
    title: "Name",
    sort: "name",
    render: ({ name }) => <CellText>{name}</CellText>,
  },
  {
    key: "id",
    title: "Id",
    sort: "id",
    render: ({ id }) => (
      <Text ff="monospace" size="sm" span>
        <CellText id>{id}</CellText>
      </Text>
    ),
  },
  {
    key: "rules",
    title: "Rules",
    number: true,
    render: ({ id, rules, rules_more: more }) => (
      <AnchorLink to="/rules" search={{ client_id: id }} size="sm" aria-label={`Rules of ${id}: ${rules}`}>
        <NumberCell value={rules} more={more} />
      </AnchorLink>
    ),
  },
  {
    key: "failing",
    title: "Failing endpoints",
    number: true,
    hint: "Endpoints that are on, and whose latest attempts failed",
    render: (client) => <Failing client={client} />,
  },
  {
    key: "enabled",
    title: "State",
    render: ({ enabled }) => <StatusBadge value={enabled ? "on" : "off"} />,
  },
  {
    key: "created_at",
    title: "Made",
    sort: "created_at",
    wideOnly: true,
    render: ({ created_at: at }) => <TimeAgo at={at} />,
  },
];

/** How many fail, as a link to them; nothing to click when none does. */
export function Failing({ client: { id, endpoints_failing: failing } }: { client: Client }) {
  if (failing === 0) return <NumberCell value={0} />;
  return (
    <AnchorLink
      to="/endpoints"
      search={{ client_id: id, health: "failing" }}
      size="sm"
      c="var(--tone-high)"
      aria-label={`Failing endpoints of ${id}: ${failing}`}
    >
      <NumberCell value={failing} />
    </AnchorLink>
  );
}
