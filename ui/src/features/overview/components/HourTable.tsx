import { Table } from "@mantine/core";
import { AnchorLink } from "@/components/links";
import { formatNumber } from "@/components/numbers";
import { shortTime } from "@/components/time";
import type { HourRow, Series } from "./hours";
import styles from "./PerHour.module.css";

interface HourTableProps {
  label: string;
  series: readonly Series[];
  hours: readonly HourRow[];
}

/** The chart's figures, the latest hour first; each leads to its notifications. */
export function HourTable({ label, series, hours }: HourTableProps) {
  return (
    // It scrolls, so the keyboard has to reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.frame} role="region" aria-label={label} tabIndex={0}>
      <Table aria-label={label} stickyHeader className="numbers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Hour from</Table.Th>
            {series.map(({ value, word }) => (
              <Table.Th key={value} scope="col">
                {word}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...hours].reverse().map(({ from, to, counts }) => (
            <Table.Tr key={from}>
              <Table.Th scope="row">{shortTime(new Date(from))}</Table.Th>
              {series.map(({ value, search }) => (
                <Table.Td key={value}>
                  {counts[value] ? (
                    <AnchorLink to="/notifications" search={{ ...search, from, to }} size="sm">
                      {formatNumber(counts[value])}
                    </AnchorLink>
                  ) : (
                    0
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
