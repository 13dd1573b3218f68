import { Kbd, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { Spotlight, spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import IconSearch from "@tabler/icons-react/icons/IconSearch";
import { useState } from "react";
import { useFoundThings } from "./paletteSearch";
import { usePaletteActions } from "./paletteActions";
import styles from "./Shell.module.css";

const modifier = navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl";

/** Anything that has a name, from the keyboard. */
export function Palette() {
  const [query, setQuery] = useState("");
  const { groups: found, nothing } = useFoundThings(query);
  const actions: SpotlightActionGroupData[] = [...usePaletteActions(), ...found];
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={["mod + K"]}
      // Also from within a field.
      tagsToIgnore={[]}
      scrollable
      highlightQuery
      nothingFound={nothing}
      limit={24}
      filter={keep}
      attributes={{ content: { "aria-label": "Search everything" } }}
      searchProps={{
        placeholder: "Go to a page, find a rule or a client …",
        "aria-label": "Search everything",
        leftSection: <IconSearch size={18} aria-hidden />,
      }}
    />
  );
}

/** What the server found stays; of the rest, what has every word. */
function keep(query: string, actions: Parameters<NonNullable<React.ComponentProps<typeof Spotlight>["filter"]>>[1]) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return actions
    .map((group) =>
      "actions" in group
        ? {
            ...group,
            actions: group.actions.filter(
              ({ id, label = "" }) =>
                id.startsWith("found:") || words.every((word) => label.toLowerCase().includes(word)),
            ),
          }
        : group,
    )
    .filter((group) => !("actions" in group) || group.actions.length > 0);
}

export function PaletteButton() {
  return (
    <UnstyledButton className={styles.search} onClick={spotlight.open}>
      <IconSearch size={16} aria-hidden />
      <span className="mantine-visible-from-sm">Search or go to</span>
      <Kbd size="xs" visibleFrom="sm">
        {modifier} K
      </Kbd>
      <VisuallyHidden hiddenFrom="sm">Search or go to</VisuallyHidden>
    </UnstyledButton>
  );
}
