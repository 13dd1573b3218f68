import { Checkbox, Group } from "@mantine/core";
import styles from "./DataTable.module.css";
import { RowName } from "./RowName";
import { toggled } from "./selection";
import type { DataTableProps } from "./tableTypes";

/** The same rows where there is no room for a table: each a card, its first column the heading. */
export function Cards<Row>(props: DataTableProps<Row> & { rows: readonly Row[] }) {
  const { label, columns, rows, rowId, rowName, rowLink, selection, struck, actions } = props;
  const [heading, ...rest] = columns;
  return (
    <ul aria-label={label} className={styles.cards}>
      {rows.map((row) => {
        const id = rowId(row);
        return (
          <li key={id} className={styles.card} data-struck={struck?.(row) || undefined}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Group gap="xs" wrap="nowrap" miw={0}>
                {selection && (
                  <Checkbox
                    aria-label={`Select ${rowName?.(row) ?? id}`}
                    checked={selection.selected.has(id)}
                    onChange={(event) => selection.onChange(toggled(selection, [id], event.currentTarget.checked))}
                  />
                )}
                <RowName link={rowLink?.(row)}>{heading?.render(row)}</RowName>
              </Group>
              {actions?.(row)}
            </Group>
            <dl>
              {rest
                .filter((column) => !column.wideOnly)
                .map((column) => (
                  <div key={column.key} style={{ display: "contents" }}>
                    <dt>{column.title}</dt>
                    <dd>{column.render(row)}</dd>
                  </div>
                ))}
            </dl>
          </li>
        );
      })}
    </ul>
  );
}
