/** The same deed for many things, a few at a time. */

import { ApiError, describeError } from "@/api/problem";
import { formatNumber } from "@/components/numbers";

const AT_A_TIME = 4;

/** Do it for each, all of them even when some fail; then fail with how many did, and why the first of them did. */
export async function forEach<Item>(
  items: readonly Item[],
  deed: (item: Item) => Promise<unknown>,
  atATime = AT_A_TIME,
): Promise<void> {
  const waiting = items.values();
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      try {
        await deed(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  const [first] = errors;
  if (first === undefined) return;
  const status = first instanceof ApiError ? first.status : 0;
  throw new ApiError(
    status,
    `${formatNumber(errors.length)} of ${formatNumber(items.length)} could not be changed. ${describeError(first)}`,
  );
}
