import { Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "./ConfirmDialog";

interface UnsavedChangesProps {
  /** Whether something would be lost now. */
  unsaved: () => boolean;
}

/** Asks before one leaves a form, or its tab, with what is not saved; the browser asks when the window is closed. */
export function UnsavedChanges({ unsaved }: UnsavedChangesProps) {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      unsaved() && (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)),
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={leaving.status === "blocked"}
      onClose={() => leaving.reset?.()}
      title="Leave without saving?"
      confirm="Leave"
      danger
      onConfirm={() => Promise.resolve(leaving.proceed?.())}
    >
      <Text size="sm">What you have changed here is not saved, and is lost when you leave.</Text>
    </ConfirmDialog>
  );
}

const tabOf = (search: object): unknown => (search as { tab?: unknown }).tab;
