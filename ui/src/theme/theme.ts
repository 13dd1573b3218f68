/** One accent, and colours that keep WCAG's contrast in light and dark: Mantine's own do not everywhere. */

import {
  createTheme,
  type CSSVariablesResolver,
  DEFAULT_THEME,
  type MantineColor,
  type MantineColorsTuple,
} from "@mantine/core";

/** A palette whose shade for filled buttons is dark enough for white text. */
function darkerFill(color: "red" | "green", fill: string): MantineColorsTuple {
  return DEFAULT_THEME.colors[color].map((shade, place) =>
    place === 8 ? fill : shade,
  ) as unknown as MantineColorsTuple;
}

// Their closing buttons show a cross only.
const closable = { closeButtonProps: { "aria-label": "Close" } };

export const theme = createTheme({
  colors: { red: darkerFill("red", "#c92a2a"), green: darkerFill("green", "#237a38") },
  primaryColor: "indigo",
  primaryShade: 8,
  // Black or white text on a filled colour, whichever reads better: with this threshold always at least 4.5 to 1.
  autoContrast: true,
  luminanceThreshold: 0.179,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  components: {
    Drawer: { defaultProps: closable },
    Modal: { defaultProps: closable, styles: { title: { fontSize: "1.15rem", fontWeight: 650 } } },
    Notification: { defaultProps: closable },
  },
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.2rem" }, h3: { fontSize: "1.05rem" } },
  },
});

const TEXT_COLORS: readonly MantineColor[] = ["red", "orange", "yellow", "green", "teal", "blue", "indigo", "gray"];

/** What a coloured text, or a text on a tint of its colour, is drawn in. */
function readableColors(shadeOf: (color: MantineColor) => string): Record<string, string> {
  return Object.fromEntries(
    TEXT_COLORS.flatMap((color) =>
      ["light-color", "outline", "text"].map((use) => [`--mantine-color-${color}-${use}`, shadeOf(color)]),
    ),
  );
}

const DARKER: Readonly<Record<string, string>> = {
  yellow: "#7a4d00",
  orange: "#9c3a06",
  green: "#1e6b2f",
  teal: "#07664a",
  gray: "#495057",
};

/** What lies behind such a text: the tints that the words for severities have too, from global.css. */
const tints = {
  "--mantine-color-red-light": "var(--tone-critical-back)",
  "--mantine-color-orange-light": "var(--tone-high-back)",
  "--mantine-color-yellow-light": "var(--tone-medium-back)",
  "--mantine-color-blue-light": "var(--tone-low-back)",
  "--mantine-color-green-light": "var(--tone-good-back)",
  "--mantine-color-gray-light": "var(--tone-quiet-back)",
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...readableColors((color) => DARKER[color] ?? `var(--mantine-color-${color}-9)`),
    ...tints,
    "--mantine-color-text": "#1f2328",
    "--mantine-color-dimmed": "#586069",
    "--mantine-color-placeholder": "#6a7178",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-anchor": "var(--mantine-color-indigo-8)",
  },
  dark: {
    ...readableColors((color) => `var(--mantine-color-${color}-3)`),
    ...tints,
    "--mantine-color-text": "#e3e4e8",
    "--mantine-color-bright": "#f5f5f7",
    "--mantine-color-dimmed": "#a6a7ab",
    "--mantine-color-placeholder": "#929499",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-anchor": "var(--mantine-color-indigo-3)",
  },
});
