// The visual language that reports share with the Studio: colours by meaning, light and dark, and type.
// studio/app/frame/tokens.css says the same to the Studio; test/report/tokens.test.ts holds the two equal.

/** Colours on a light page and in print. Text has a contrast of 4.5 on the page, marks have 3. */
export const LIGHT = {
  ink: "#1f2430",
  muted: "#5b6675",
  line: "#d9dde3",
  soft: "#f6f7f9",
  page: "#ffffff",
  right: "#1f6f8b",
  wrong: "#c2410c",
  "on-accent": "#ffffff",
  "series-1": "#2563a8",
  "series-2": "#b8640a",
  "series-3": "#477146",
  "series-4": "#8a5a9e",
  mark: "#fff3d6",
} as const;

export type ColorToken = keyof typeof LIGHT;

/** The same on a dark page. */
export const DARK: Readonly<Record<ColorToken, string>> = {
  ink: "#e6e9ee",
  muted: "#a3adba",
  line: "#333a45",
  soft: "#1d222a",
  page: "#14181e",
  right: "#58b0cf",
  wrong: "#f0834a",
  "on-accent": "#10141a",
  "series-1": "#6da7e8",
  "series-2": "#f2a24b",
  "series-3": "#8cc48a",
  "series-4": "#bd93cf",
  mark: "#3a3219",
};

/** The family of the glyphs that a page brings along. */
export const EMBEDDED_FAMILY = "Fovea Hanzi";

/** The fonts of pages and charts; the last ones serve characters that the embedded font lacks. */
export const FONT_STACK = `"${EMBEDDED_FAMILY}", system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`;

export const MONO_STACK = `ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "Liberation Mono", monospace`;

/** Corners of panels, in CSS pixels. */
export const RADIUS = 6;
