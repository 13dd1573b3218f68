import { Checkbox, Table } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRef } from "react";
import { Cards } from "./Cards";
import styles from "./DataTable.module.css";
import { Pager } from "./Pager";
import { RowName } from "./RowName";
import { marksOf, SortableHeader } from "./SortableHeader";
import { StaleBanner } from "./StaleBanner";
import { ErrorState } from "./ErrorState";
import { LoadingRows } from "./LoadingRows";
import { allOrNone, toggled } from "./selection";
import type { DataTableProps } from "./tableTypes";
import { useRowKeys } from "./useRowKeys";

/** A list in pages: a table, or cards where there is little room; with all states that it can be in. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, query, empty, paging } = props;
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  const retry = (): void => void query.refetch();
  const what = label.toLowerCase();

  if (query.data === undefined && query.isError) {
    return <ErrorState error={query.error} what={`Could not load the ${what}`} onRetry={retry} />;
  }
  const rows = query.data?.items;
  return (
    <div ref={frame}>
      {query.isError && <StaleBanner error={query.error} since={query.dataUpdatedAt} onRetry={retry} />}
      <div className={`surface ${query.isPlaceholderData ? styles.loading : ""}`} aria-busy={query.isPlaceholderData}>
        {rows === undefined ? (
          <LoadingRows what={what} />
        ) : rows.length === 0 ? (
          empty
        ) : narrow ? (
          <Cards {...props} rows={rows} />
        ) : (
          <Rows {...props} rows={rows} />
        )}
      </div>
      {paging && query.data && <Pager paging={paging} page={query.data} loading={query.isPlaceholderData} />}
    </div>
  );
}

function Rows<Row>(props: DataTableProps<Row> & { rows: readonly Row[] }) {
  const { label, columns, rows, rowId, selection, actions, sort, onSort } = props;
  const ids = rows.map(rowId);
  return (
    <div className={styles.frame}>
      <Table className={styles.table} aria-label={label} verticalSpacing="xs" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            {selection && (
              <Table.Th w={40}>
                <Checkbox
                  aria-label="Select all on this page"
                  {...allOrNone(selection, ids)}
                  onChange={(event) => selection.onChange(toggled(selection, ids, event.currentTarget.checked))}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <SortableHeader key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
            {actions && (
              <Table.Th>
                <span className="visually-hidden">Actions</span>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <TableRow key={rowId(row)} {...props} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function TableRow<Row>({ row, ...props }: DataTableProps<Row> & { row: Row }) {
  const { columns, rowId, rowName, rowLink, selection, struck, actions } = props;
  const id = rowId(row);
  return (
    <Table.Tr
      className={styles.row}
      data-struck={struck?.(row) || undefined}
      data-link={rowLink !== undefined || undefined}
      data-selected={selection?.selected.has(id) || undefined}
    >
      {selection && (
        <Table.Td>
          <Checkbox
            aria-label={`Select ${rowName?.(row) ?? id}`}
            checked={selection.selected.has(id)}
            onChange={(event) => selection.onChange(toggled(selection, [id], event.currentTarget.checked))}
          />
        </Table.Td>
      )}
      {columns.map((column, place) => (
        <Table.Td key={column.key} {...marksOf(column)}>
          {place === 0 ? <RowName link={rowLink?.(row)}>{column.render(row)}</RowName> : column.render(row)}
        </Table.Td>
      ))}
      {actions && <Table.Td ta="right">{actions(row)}</Table.Td>}
    </Table.Tr>
  );
}
