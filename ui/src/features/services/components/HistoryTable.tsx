import { Table, Text } from "@mantine/core";
import { shortTime } from "@/components/time";
import { type Row, spansOf } from "./history";
import type { Graph } from "./measures";
import styles from "./Services.module.css";

interface HistoryTableProps {
  graphs: readonly Graph[];
  rows: readonly Row[];
  minutes: number;
}

/** The charts' figures, put together to spans that one can read, the latest first. */
export function HistoryTable({ graphs, rows, minutes }: HistoryTableProps) {
  const size = minutes > 60 ? 60 : 5;
  const columns = graphs.flatMap(({ lines, format }) => lines.map((line) => ({ ...line, format })));
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        Each line is {size === 60 ? "an hour" : "5 minutes"}: the average of rates, the highest of times and of what
        waited, the fewest processes. A dash: nothing was measured.
      </Text>
      {/* It scrolls, so the keyboard has to reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.frame} role="region" aria-label="History" tabIndex={0}>
        <Table aria-label="History" className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">From</Table.Th>
              {columns.map(({ measure, word }) => (
                <Table.Th key={measure} scope="col">
                  {word}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {spansOf(rows, size * 60_000).map((row) => (
              <Table.Tr key={row.at}>
                <Table.Th scope="row">{shortTime(new Date(row.at))}</Table.Th>
                {columns.map(({ measure, format }) => {
                  const value = row[measure];
                  return <Table.Td key={measure}>{value === null ? "–" : format(value)}</Table.Td>;
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
