import { useRouter } from "@tanstack/react-router";
import { type RefObject, useEffect } from "react";

/**
 * Whoever opened a page from a row goes on within the new page: the link that had the focus is gone with the old one, and the
 * Tab key would begin at the top of the document again. Where the focus is still on something, it stays there.
 */
export function useFocusAfterNavigation(content: RefObject<HTMLElement | null>): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
        if (fromLocation === undefined || !pathChanged || document.activeElement !== document.body) return;
        content.current?.focus({ preventScroll: true });
      }),
    [router, content],
  );
}
