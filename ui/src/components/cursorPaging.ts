/**
 * Pages by cursor: the API says only where the next one begins, so the way here is kept, as a stack in the URL.
 * A change of filter or order has to empty it: `{ ...changes, ...FIRST_PAGE }`.
 */

import { texts } from "./urlState";

/** The stack's field in a page's search schema. */
export const pageFields = { page: texts(50) };

export const FIRST_PAGE = { page: undefined };

export interface CursorPaging {
  /** To ask the API with. */
  cursor: string | undefined;
  /** Counted from 1; unknown after so many that the oldest were forgotten. */
  number: number;
  onFirst: () => void;
  onNewer: () => void;
  onOlder: (nextCursor: string) => void;
}

/** Put a page on the stack; the schema forgets the oldest beyond its bound. */
export function pushed(stack: readonly string[] | undefined, cursor: string): string[] {
  return [...(stack ?? []), cursor];
}

export function popped(stack: readonly string[] | undefined): string[] | undefined {
  const rest = (stack ?? []).slice(0, -1);
  return rest.length > 0 ? rest : undefined;
}

/** Tie the stack in the URL to a table. */
export function cursorPaging(
  stack: readonly string[] | undefined,
  change: (changes: { page: string[] | undefined }) => void,
): CursorPaging {
  return {
    cursor: stack?.at(-1),
    number: (stack?.length ?? 0) + 1,
    onFirst: () => change({ page: undefined }),
    onNewer: () => change({ page: popped(stack) }),
    onOlder: (nextCursor) => change({ page: pushed(stack, nextCursor) }),
  };
}
