import { compactNumber, formatNumber } from "./numbers";

interface NumberCellProps {
  value: number | null | undefined;
  unit?: string;
  /** `1.2M`, with the whole number in the tooltip. */
  compact?: boolean;
  /** Counting stopped here. */
  more?: boolean;
}

/** A number with thousands separated and digits of one width; a dash when it is not known. */
export function NumberCell({ value, unit, compact = false, more = false }: NumberCellProps) {
  if (value === null || value === undefined) return <span aria-label="not known">–</span>;
  const whole = formatNumber(value);
  return (
    <span className="numbers" title={compact ? whole : undefined}>
      {compact ? compactNumber(value) : whole}
      {more && "+"}
      {unit !== undefined && ` ${unit}`}
    </span>
  );
}
