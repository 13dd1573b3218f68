import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { describeError } from "@/api/problem";
import { DeferredDeletions, type Deletion, UNDO_MILLISECONDS } from "./deferredDeletions";

const deletions = new DeferredDeletions();

// Also when a phone puts the page away, which may be the last that it hears.
window.addEventListener("pagehide", () => deletions.flush());

interface DeletionRequest {
  key: Deletion["key"];
  /** The keys of all rows that go, when it is several. */
  all?: readonly string[];
  /** `Rule “api / timeout”`. */
  what: string;
  run: Deletion["run"];
  /** The queries that are wrong after it. */
  invalidate: readonly QueryKey[];
}

/** Return what deletes a thing after a while, with an Undo in sight meanwhile. */
export function useDeletion(): (request: DeletionRequest) => void {
  const queries = useQueryClient();
  return useCallback(
    ({ key, all, what, run, invalidate }: DeletionRequest) => {
      const toast = `deletion:${key}`;
      const refresh = (): Promise<unknown> =>
        Promise.all(invalidate.map((queryKey) => queries.invalidateQueries({ queryKey })));
      deletions.defer({
        key,
        ...(all && { all }),
        run: async (init) => {
          await run(init);
          // Before the row is shown again.
          await refresh();
        },
        onError: (error) => {
          notifications.show({
            color: "red",
            title: `${what} ${all ? "were" : "was"} not deleted`,
            message: describeError(error),
            autoClose: false,
          });
          void refresh();
        },
      });
      notifications.show({
        id: toast,
        autoClose: UNDO_MILLISECONDS,
        message: <UndoMessage what={what} several={all !== undefined} onUndo={() => undo(key, toast)} />,
      });
    },
    [queries],
  );
}

/** The keys of what is about to be deleted. */
export function useDeletions(): ReadonlySet<string> {
  return useSyncExternalStore(deletions.subscribe, deletions.keys);
}

/** Send what waits, such as before logging out. */
export const flushDeletions = (): void => deletions.flush();

function undo(key: string, toast: string): void {
  deletions.undo(key);
  notifications.hide(toast);
}

function UndoMessage({ what, several, onUndo }: { what: string; several: boolean; onUndo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">
        {what} {several ? "are" : "is"} deleted.
      </Text>
      <Button size="compact-sm" variant="light" onClick={onUndo}>
        Undo
      </Button>
    </Group>
  );
}
