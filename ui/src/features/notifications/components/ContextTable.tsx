import { Anchor, Table, Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import styles from "./Timeline.module.css";

/** What the alert brought along. */
export function ContextTable({ context }: { context: Readonly<Record<string, string>> }) {
  const entries = Object.entries(context).toSorted(([left], [right]) => left.localeCompare(right, "en"));
  if (entries.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        The alert has no context.
      </Text>
    );
  }
  return (
    <Table className={styles.context ?? ""} aria-label="Context of the alert" horizontalSpacing={0} layout="fixed">
      <Table.Tbody>
        {entries.map(([key, value]) => (
          <Table.Tr key={key}>
            <Table.Th scope="row">{breakable(key)}</Table.Th>
            <Table.Td>{shown(value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A long name may break after a dot or the like. */
function breakable(name: string): ReactNode {
  return name.split(/(?<=[._-])/).map((part, place) => (
    <Fragment key={place}>
      {part}
      <wbr />
    </Fragment>
  ));
}

function shown(value: string): ReactNode {
  if (value === "") return <span className={styles.nothing}>empty</span>;
  return isWebAddress(value) ? <WebAddress value={value} /> : value;
}

/** Whether a text from outside may become a link: only what leads to a web page, never a script. */
export function isWebAddress(value: string): boolean {
  return URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol);
}

function WebAddress({ value }: { value: string }) {
  return (
    <Anchor href={value} target="_blank" rel="noopener noreferrer" inherit>
      {value}
    </Anchor>
  );
}
