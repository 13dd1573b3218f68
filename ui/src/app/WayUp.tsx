import IconChevronLeft from "@tabler/icons-react/icons/IconChevronLeft";
import { Link } from "@tanstack/react-router";
import { above } from "./navigation";
import styles from "./Shell.module.css";

/** From the page of one thing to the list of them all; where there is little room, the menu is folded away. */
export function WayUp({ path }: { path: string }) {
  const list = above(path);
  if (list === undefined) return null;
  return (
    <nav aria-label="Breadcrumb">
      <Link to={list.to} className={styles.up}>
        <IconChevronLeft size={14} aria-hidden />
        <span className="visually-hidden">Back to</span> {list.title}
      </Link>
    </nav>
  );
}
