import { cleanup, configure } from "@testing-library/react";
import { afterEach, expect, vi } from "vitest";

configure({ asyncUtilTimeout: 20_000 });

const ignore = (): void => undefined;

/** What Mantine watches sizes with; nothing is ever laid out here. */
class NoResizeObserver {
  observe = ignore;
  unobserve = ignore;
  disconnect = ignore;
}

// What Mantine and the router ask of a browser, and jsdom does not have.
Object.defineProperties(window, {
  matchMedia: {
    value: (media: string) => ({ matches: false, media, addEventListener: ignore, removeEventListener: ignore }),
  },
  ResizeObserver: { value: NoResizeObserver },
  scrollTo: { value: ignore },
});
Object.defineProperty(Element.prototype, "scrollIntoView", { value: ignore });

// Nothing is written to the console: what React or a library finds wrong there fails the test.
const written: string[] = [];
const write = (...words: unknown[]): void => void written.push(words.map(String).join(" "));
Object.assign(console, { error: write, warn: write });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  expect(written.splice(0)).toEqual([]);
});
