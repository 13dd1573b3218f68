import { useState } from "react";
import { useSelection } from "@/components/selection";
import type { Selection } from "@/components/tableTypes";
import type { Rule } from "../api/rules";

/** A selection across pages, with the rules as they were when last seen. */
export function useSelectedRules(shown: readonly Rule[] | undefined): Selection & { rules: Rule[]; clear: () => void } {
  const { selected, onChange, clear } = useSelection();
  const [seen, setSeen] = useState<ReadonlyMap<string, Rule>>(new Map());
  const [last, setLast] = useState(shown);
  if (last !== shown) {
    setLast(shown);
    setSeen(new Map([...seen, ...(shown ?? []).map((rule) => [rule.id, rule] as const)]));
  }
  const known = new Map([...seen, ...(shown ?? []).map((rule) => [rule.id, rule] as const)]);
  const rules = [...selected].map((id) => known.get(id)).filter((rule) => rule !== undefined);
  return { selected, onChange, clear, rules };
}
