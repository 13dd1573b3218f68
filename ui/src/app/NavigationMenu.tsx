import { Link, useLocation } from "@tanstack/react-router";
import type { Role } from "@/api/session";
import { isUnder, sectionsFor } from "./navigation";
import styles from "./Shell.module.css";

/** The pages that a role may see. */
export function NavigationMenu({ role }: { role: Role }) {
  const { pathname } = useLocation();
  return (
    <div className={styles.menu}>
      {sectionsFor(role).map(({ title, destinations }) => (
        <section key={title} aria-labelledby={`menu-${title}`}>
          <h2 id={`menu-${title}`} className={styles.section}>
            {title}
          </h2>
          <ul>
            {destinations.map(({ to, title: name, icon: Icon }) => {
              const here = isUnder(pathname, to);
              return (
                <li key={to}>
                  <Link
                    to={to}
                    className={styles.item}
                    data-here={here || undefined}
                    aria-current={here ? "page" : undefined}
                  >
                    <Icon size={18} aria-hidden />
                    {name}
                  </Link>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}
