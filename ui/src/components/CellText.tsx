import styles from "./DataTable.module.css";

/** What fits without its tooltip, more or less. */
const SHORT = 24;

interface CellTextProps {
  children: string;
  /** It is an id, which reads badly when it is broken at a hyphen. */
  id?: boolean;
}

/**
 * A text of any length in a table's cell, without the others' room and without a high row: two lines of it, of an id one, and
 * all of it in the tooltip.
 */
export function CellText({ children, id = false }: CellTextProps) {
  return (
    <span className={id ? styles.id : styles.text} title={children.length > SHORT ? children : undefined}>
      {children}
    </span>
  );
}
