/** Whether somebody reads a list right now: then it should hold still. */

import { useWindowScroll } from "@mantine/hooks";
import { type FocusEvent, type PointerEvent, useState } from "react";

const SCROLLED_AWAY = 160;

export interface Reading {
  reading: boolean;
  /** For the element around the list. */
  handlers: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** A mouse over the list, the keyboard in it, or a page that is scrolled down. */
export function useReading(): Reading {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [{ y }] = useWindowScroll();
  return {
    reading: pointed || focused || y > SCROLLED_AWAY,
    handlers: {
      // A finger is over it only while it scrolls.
      onPointerEnter: ({ pointerType }) => setPointed(pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget)),
    },
  };
}
