import styles from "./Services.module.css";

const HEIGHT = 24;

/** A small line of how something was; what is not known is a gap. For the eye only: the figures stand beside it. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const top = Math.max(...values.map((value) => value ?? 0)) || 1;
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${Math.max(1, values.length - 1)} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={pathOf(values, top)} />
    </svg>
  );
}

/** Each run of known values is a line of its own. */
export function pathOf(values: readonly (number | null)[], top: number): string {
  return values
    .map((value, place) => {
      if (value === null) return "";
      const begins = (values[place - 1] ?? null) === null;
      return `${begins ? "M" : "L"}${place} ${(HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1)}`;
    })
    .join("");
}
