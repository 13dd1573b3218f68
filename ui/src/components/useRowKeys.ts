/** In a list: j and k go to the next row and the one before, a click anywhere in a row follows its link. */

import { type RefObject, useEffect } from "react";
import { isTyping } from "./isTyping";

const INTERACTIVE = "a, button, input, select, textarea, label, summary, [role=menuitem]";

export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = list.current;
    const onKey = (event: KeyboardEvent): void => {
      const step = { j: 1, k: -1 }[event.key];
      if (step === undefined || element === null || isTyping(event)) return;
      const links = [...element.querySelectorAll<HTMLElement>("[data-row-link]")];
      const place = links.indexOf(document.activeElement as HTMLElement);
      links[place < 0 ? 0 : Math.min(Math.max(place + step, 0), links.length - 1)]?.focus();
    };
    const onClick = (event: MouseEvent): void => {
      const target = event.target as Element;
      if (event.defaultPrevented || target.closest(INTERACTIVE) || window.getSelection()?.isCollapsed === false) return;
      const link = target.closest("tr[data-link]")?.querySelector<HTMLElement>("[data-row-link]");
      if (!link) return;
      link.dispatchEvent(
        new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }),
      );
    };
    document.addEventListener("keydown", onKey);
    element?.addEventListener("click", onClick);
    return () => {
      document.removeEventListener("keydown", onKey);
      element?.removeEventListener("click", onClick);
    };
  }, [list]);
}
