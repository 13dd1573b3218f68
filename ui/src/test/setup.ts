import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const ignore = (): void => undefined;

/** What Mantine watches sizes with; nothing is ever laid out here. */
class NoResizeObserver {
  observe = ignore;
  unobserve = ignore;
  disconnect = ignore;
}

// What Mantine asks of a browser and jsdom does not have.
Object.defineProperties(window, {
  matchMedia: {
    value: (media: string) => ({ matches: false, media, addEventListener: ignore, removeEventListener: ignore }),
  },
  ResizeObserver: { value: NoResizeObserver },
});
Object.defineProperty(Element.prototype, "scrollIntoView", { value: ignore });
