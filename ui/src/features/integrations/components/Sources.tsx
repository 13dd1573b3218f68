import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import styles from "./Integrations.module.css";
import { SOURCE_IDS, SOURCE_NAMES, type SourceId } from "./sourceNames";

/** What can be connected, each a way to its configuration. */
export function Sources({ chosen }: { chosen: SourceId | undefined }) {
  return (
    <ul className={styles.sources} aria-label="Sources to connect">
      {SOURCE_IDS.map((source) => (
        <li key={source}>
          <Link
            to="/integrations"
            search={{ source }}
            resetScroll={false}
            className={`surface ${styles.source}`}
            activeProps={{ "aria-current": undefined }}
            {...(source === chosen && { "aria-current": true })}
          >
            <Text span fw={600} display="block">
              {SOURCE_NAMES[source].title}
            </Text>
            <Text span size="sm" c="dimmed">
              {SOURCE_NAMES[source].hint}
            </Text>
          </Link>
        </li>
      ))}
    </ul>
  );
}
