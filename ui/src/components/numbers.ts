/** Numbers as people read them. */

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `1,234,567`. */
export const formatNumber = (value: number): string => plain.format(value);

/** `1.2M`, where there is little room; the whole number belongs in a tooltip. */
export const compactNumber = (value: number): string => compact.format(value);

/** A count that stops counting: `10,000+`. */
export const formatCount = (count: { count: number; more: boolean }): string =>
  `${formatNumber(count.count)}${count.more ? "+" : ""}`;

/** `1 rule`, `3 rules`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;
