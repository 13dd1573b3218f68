import type { LinkProps } from "@tanstack/react-router";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { CursorPaging } from "./cursorPaging";

/** Where a row leads; written with `linkOptions()`, which checks it. */
export type RowLink = Pick<LinkProps, "to" | "params" | "search">;

export interface Column<Row> {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  /** The API's name of the order by this column; without it, the column cannot be sorted by. */
  sort?: string;
  /** Numbers stand at the right. */
  number?: boolean;
  width?: number | string;
  /** What the title means, in its tooltip. */
  hint?: string;
  /** Only where there is room: not on a phone, and not beside the menu of a small screen. */
  wideOnly?: boolean;
}

export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

/** What a table needs of its query: that of `useQuery`, or one whose data was made into rows. */
export type TableQuery<Row> = Pick<
  UseQueryResult<Page<Row>>,
  "isError" | "error" | "isPlaceholderData" | "dataUpdatedAt"
> & { data: Page<Row> | undefined; refetch: () => unknown };

/** All rows at once, made of what a query answers: a table without pages. */
export function allRows<Data, Row>(query: UseQueryResult<Data>, rows: (data: Data) => Row[]): TableQuery<Row> {
  const { data, isError, error, isPlaceholderData, dataUpdatedAt, refetch } = query;
  const page = data === undefined ? undefined : { items: rows(data), next_cursor: null };
  return { data: page, isError, error, isPlaceholderData, dataUpdatedAt, refetch };
}

export interface Selection {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
}

export interface DataTableProps<Row> {
  /** What it is a table of: `Rules`. */
  label: string;
  /** The first column names the row; it carries the row's link. */
  columns: readonly Column<Row>[];
  /** With `placeholderData: keepPreviousData`, so that a page stays while the next one loads. */
  query: TableQuery<Row>;
  rowId: (row: Row) => string;
  /** A short name of a row, for those who do not see it. */
  rowName?: (row: Row) => string;
  rowLink?: (row: Row) => RowLink;
  paging?: CursorPaging;
  /** `name` or `-name`, with the handler that puts it into the URL. */
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  selection?: Selection | undefined;
  /** Rows about to be deleted. */
  struck?: (row: Row) => boolean;
  /** Buttons at the row's end. */
  actions?: (row: Row) => ReactNode;
  /** What to say when there is no row. */
  empty: ReactNode;
}
