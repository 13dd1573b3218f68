import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import styles from "./DataTable.module.css";
import type { RowLink } from "./tableTypes";

/** What names a row, and leads to it. */
export function RowName({ link, children }: { link: RowLink | undefined; children: ReactNode }) {
  if (link === undefined) return children;
  return (
    <Link {...link} className={styles.link} data-row-link>
      {children}
    </Link>
  );
}
