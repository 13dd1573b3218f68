/** A lost race: somebody saved first. What differs, and what comes of one's choices. */

export interface Conflict<Values extends object> {
  /** What one started from. */
  base: Values;
  mine: Values;
  theirs: Values;
}

export type Side = "mine" | "theirs";
export type Choices<Values extends object> = { [Name in keyof Values]?: Side };

const same = (left: unknown, right: unknown): boolean =>
  left === right || JSON.stringify(left) === JSON.stringify(right);

/** The fields in which the two versions differ. */
export function differing<Values extends object>({ mine, theirs }: Conflict<Values>): (keyof Values)[] {
  return (Object.keys(mine) as (keyof Values)[]).filter((name) => !same(mine[name], theirs[name]));
}

/** For each differing field, the side that changed it; mine where both did, for that is what one wanted to save. */
export function suggested<Values extends object>(conflict: Conflict<Values>): Choices<Values> {
  const choices: Choices<Values> = {};
  for (const name of differing(conflict)) {
    choices[name] = same(conflict.mine[name], conflict.base[name]) ? "theirs" : "mine";
  }
  return choices;
}

/** The values that the choices make: their version, with mine where chosen. */
export function merged<Values extends object>({ mine, theirs }: Conflict<Values>, choices: Choices<Values>): Values {
  const result = { ...theirs };
  for (const name of Object.keys(choices) as (keyof Values)[]) {
    if (choices[name] === "mine") result[name] = mine[name];
  }
  return result;
}
