/** Which rows are selected. */

import { useCallback, useState } from "react";
import type { Selection } from "./tableTypes";

export function toggled({ selected }: Selection, ids: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(selected);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** The state of the box above the rows. */
export function allOrNone(
  { selected }: Selection,
  ids: readonly string[],
): { checked: boolean; indeterminate: boolean } {
  const count = ids.filter((id) => selected.has(id)).length;
  return { checked: count > 0 && count === ids.length, indeterminate: count > 0 && count < ids.length };
}

/** A selection that is kept across pages until it is cleared. */
export function useSelection(): Selection & { clear: () => void } {
  const [selected, onChange] = useState<ReadonlySet<string>>(new Set());
  const clear = useCallback(() => onChange(new Set()), []);
  return { selected, onChange, clear };
}
