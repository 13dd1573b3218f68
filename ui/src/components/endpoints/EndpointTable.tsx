import { Group, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CellText } from "../CellText";
import type { CursorPaging } from "../cursorPaging";
import { DataTable } from "../DataTable";
import { AnchorLink } from "../links";
import { Severity } from "../Severity";
import { StatusBadge } from "../StatusBadge";
import type { Column, Page } from "../tableTypes";
import { TimeAgo } from "../TimeAgo";
import { Tone } from "../Tone";
import { EndpointMenu } from "./EndpointMenu";
import { type EndpointSummary, typeInWords } from "./types";
import { useGoingEndpoints } from "./useEndpointDeletion";

interface EndpointTableProps {
  query: UseQueryResult<Page<EndpointSummary>>;
  /** Also whose they are: the rule, and the client for who sees several. */
  of?: "rule" | "rule and client";
  paging?: CursorPaging;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  empty: ReactNode;
}

const ADDRESS: Column<EndpointSummary> = {
  key: "address",
  title: "Address",
  render: ({ shown }) => <Address shown={shown} />,
};
const TYPE: Column<EndpointSummary> = {
  key: "type",
  title: "Type",
  sort: "type",
  render: ({ type }) => typeInWords(type).label,
};
const HEALTH: Column<EndpointSummary> = {
  key: "health",
  title: "State",
  render: (endpoint) => <State endpoint={endpoint} />,
};
const UPDATED: Column<EndpointSummary> = {
  key: "updated_at",
  title: "Changed",
  sort: "updated_at",
  wideOnly: true,
  render: ({ updated_at: at }) => <TimeAgo at={at} />,
};
const RULE: Column<EndpointSummary> = {
  key: "rule",
  title: "Rule",
  render: (endpoint) => <RuleLink endpoint={endpoint} />,
};
const CLIENT: Column<EndpointSummary> = {
  key: "client_id",
  title: "Client",
  sort: "client_id",
  render: ({ client_id: id }) => (
    <AnchorLink to="/clients/$clientId" params={{ clientId: id }} size="sm">
      <CellText id>{id}</CellText>
    </AnchorLink>
  ),
};

/** Endpoints, each with its state and what one can do with it. */
export function EndpointTable({ of, ...table }: EndpointTableProps) {
  const going = useGoingEndpoints();
  const columns = [
    ADDRESS,
    TYPE,
    ...(of === undefined ? [] : [RULE]),
    ...(of === "rule and client" ? [CLIENT] : []),
    HEALTH,
    UPDATED,
  ];
  return (
    <DataTable
      label="Endpoints"
      {...table}
      columns={columns}
      rowId={({ id }) => id}
      rowName={({ shown }) => shown}
      rowLink={({ id }) => linkOptions({ to: "/endpoints/$endpointId", params: { endpointId: id } })}
      struck={going}
      actions={(endpoint) => (going(endpoint) ? null : <EndpointMenu endpoint={endpoint} />)}
    />
  );
}

const LONG = 36;

/** In one line unless it is long: a break at a hyphen reads badly. */
function Address({ shown }: { shown: string }) {
  return <span style={shown.length > LONG ? { overflowWrap: "anywhere" } : { whiteSpace: "nowrap" }}>{shown}</span>;
}

/** Off, or how its receiver fares; and whether it is a fallback only. */
export function State({ endpoint }: { endpoint: EndpointSummary }) {
  const { enabled, health, fallback, disabled_reason: reason } = endpoint;
  return (
    <Group gap={6} wrap={reason === null ? "nowrap" : "wrap"}>
      <StatusBadge value={enabled ? health.status : "disabled"} />
      {fallback && (
        <Tone tone="quiet" title="it is told only when the others could not be reached">
          Fallback
        </Tone>
      )}
      {!enabled && reason !== null && (
        <Text size="sm" c="dimmed">
          {reason}
        </Text>
      )}
    </Group>
  );
}

function RuleLink({ endpoint }: { endpoint: EndpointSummary }) {
  const { rule, rule_id: ruleId } = endpoint;
  return (
    <Group gap="xs" wrap="nowrap">
      <Severity value={rule.severity} />
      <div>
        <AnchorLink to="/rules/$ruleId" params={{ ruleId }} size="sm">
          <CellText>{rule.name === "*" ? "* any name" : rule.name}</CellText>
        </AnchorLink>
        <Text size="sm" c="dimmed" component="div">
          <CellText>{rule.source === "*" ? "* any source" : rule.source}</CellText>
        </Text>
      </div>
    </Group>
  );
}
