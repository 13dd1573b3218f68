import { Table, Tooltip, UnstyledButton } from "@mantine/core";
import IconArrowDown from "@tabler/icons-react/icons/IconArrowDown";
import IconArrowUp from "@tabler/icons-react/icons/IconArrowUp";
import IconArrowsSort from "@tabler/icons-react/icons/IconArrowsSort";
import styles from "./DataTable.module.css";
import type { Column } from "./tableTypes";

interface SortableHeaderProps<Row> {
  column: Column<Row>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

/** The order that a click on a column asks for: ascending, and descending when it is ascending. */
export function nextSort(column: string, sort: string | undefined): string {
  return sort === column ? `-${column}` : column;
}

/** What tells the style sheet how a column's cells are set. */
export const marksOf = ({ number, wideOnly }: Pick<Column<never>, "number" | "wideOnly">) => ({
  "data-number": number || undefined,
  "data-wide": wideOnly || undefined,
});

/** A column's title, which sorts by it where that is possible. */
export function SortableHeader<Row>({ column, sort, onSort }: SortableHeaderProps<Row>) {
  const order = column.sort;
  const ascending = sort === order;
  const descending = sort === `-${order}`;
  const sorted = order !== undefined && (ascending || descending);
  const Icon = !sorted ? IconArrowsSort : ascending ? IconArrowUp : IconArrowDown;
  const title = (
    <Tooltip label={column.hint} disabled={column.hint === undefined} multiline maw={280}>
      <span>{column.title}</span>
    </Tooltip>
  );
  return (
    <Table.Th
      w={column.width}
      {...marksOf(column)}
      aria-sort={sorted ? (ascending ? "ascending" : "descending") : undefined}
    >
      {order !== undefined && onSort ? (
        <UnstyledButton className={styles.sort} onClick={() => onSort(nextSort(order, sort))}>
          {title}
          <Icon size={14} aria-hidden opacity={sorted ? 1 : 0.45} />
        </UnstyledButton>
      ) : (
        title
      )}
    </Table.Th>
  );
}
