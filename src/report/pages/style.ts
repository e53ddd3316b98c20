// The pages' style sheet: one column of text and figures, light or dark as the reader has it, made to be read on screens
// of any width and printed on A4, where it is light.
import { COLORS } from "../charts/theme.js";
import { type ColorToken, DARK, FONT_STACK, LIGHT, MONO_STACK, RADIUS } from "../charts/tokens.js";

const TOKENS = Object.keys(LIGHT) as ColorToken[];

const valuesOf = (colors: Readonly<Record<ColorToken, string>>): string =>
  TOKENS.map((token) => `--${token}: ${colors[token]};`).join(" ");

/** Charts are drawn in the colours of a light page: those that have a dark value take the page's. */
const CHART_COLORS: Readonly<Record<string, string>> = {
  [COLORS.ink]: "ink",
  [COLORS.muted]: "muted",
  [COLORS.line]: "line",
  [COLORS.soft]: "soft",
  [COLORS.page]: "page",
  [COLORS.right]: "right",
  [COLORS.wrong]: "wrong",
  ...Object.fromEntries(COLORS.series.map((color, i) => [color, `series-${i + 1}`])),
};

const CHART_RULES = Object.entries(CHART_COLORS)
  .map(
    ([color, token]) => `svg [fill="${color}"] { fill: var(--${token}); }
svg [stroke="${color}"] { stroke: var(--${token}); }
svg [stop-color="${color}"] { stop-color: var(--${token}); }`,
  )
  .join("\n");

export const STYLE = `
:root { ${valuesOf(LIGHT)} color-scheme: light; }
@media screen and (prefers-color-scheme: dark) {
  :root { ${valuesOf(DARK)} color-scheme: dark; }
  svg image { filter: invert(1) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1144px; padding: 48px 32px 64px; color: var(--ink); background: var(--page);
  font: 15px/1.5 ${FONT_STACK}; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
:focus-visible { outline: 2px solid var(--right); outline-offset: 2px; border-radius: 3px; }
svg text { font-family: ${FONT_STACK}; }
${CHART_RULES}
bdi { unicode-bidi: isolate; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.scroll { overflow-x: auto; min-width: 0; }
h1 { margin: 4px 0 0; font-size: 27px; line-height: 1.25; letter-spacing: -0.012em; font-weight: 650; overflow-wrap: anywhere; }
h2 { margin: 0 0 16px; font-size: 19px; line-height: 1.3; letter-spacing: -0.008em; font-weight: 650; }
h3 { margin: 32px 0 12px; font-size: 13px; font-weight: 650; }
p { margin: 0 0 12px; max-width: 76ch; }
a { color: var(--right); }
small, .muted { color: var(--muted); font-size: 13px; }
.eyebrow { margin: 0; color: var(--muted); font-size: 13px; letter-spacing: 0.01em; }
nav { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 20px 0 0; padding: 10px 0; border-top: 1px solid var(--line);
  border-bottom: 1px solid var(--line); font-size: 13px; }
nav a { display: inline-block; min-height: 24px; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { padding-top: 48px; }
.headline { display: flex; flex-wrap: wrap; gap: 20px 48px; margin: 28px 0 0; }
.headline div { min-width: 92px; }
.headline dt { color: var(--muted); font-size: 13px; }
.headline dd { margin: 0; font-size: 27px; line-height: 1.25; letter-spacing: -0.015em; font-variant-numeric: tabular-nums; }
.facts { columns: 2; column-gap: 48px; margin: 28px 0 0; }
.facts div { display: grid; grid-template-columns: 150px 1fr; gap: 12px; padding: 5px 0; border-bottom: 1px solid var(--line);
  break-inside: avoid; font-size: 13px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.warnings { margin: 28px 0 0; padding: 12px 18px 12px 36px; border-left: 3px solid var(--wrong); background: var(--soft); font-size: 13px; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
table.wide { width: 100%; }
th, td { padding: 5px 20px 5px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th { color: var(--muted); font-weight: 500; font-size: 13px; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
tfoot td { color: var(--muted); }
tfoot tr:first-child td { padding-top: 12px; }
tfoot tr td { border-bottom: 0; padding-bottom: 1px; }
code, pre, .mono { font-family: ${MONO_STACK}; font-size: 13px; }
pre { margin: 0 0 16px; padding: 14px 18px; background: var(--soft); border-radius: ${RADIUS}px; overflow-x: auto; line-height: 1.55; tab-size: 2; }
.hash { overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px 24px; margin: 24px 0 0; }
.charts .full { grid-column: 1 / -1; }
figure { margin: 0; }
figure > svg { display: block; max-width: 100%; height: auto; }
.columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 0 40px; align-items: start; }
.columns th, .columns td { padding-right: 10px; }
.columns td:first-child { max-width: 112px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.glyph { font-size: 16px; }
.gallery { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 24px 20px; margin: 0 0 24px; }
.gallery figure { text-align: center; }
.gallery img { display: block; height: 132px; max-width: 100%; margin: 0 auto 8px; object-fit: contain;
  border: 1px solid var(--line); border-radius: 3px; background: #fff; }
.gallery .tiny { image-rendering: pixelated; }
.gallery figcaption { line-height: 1.35; font-size: 16px; overflow-wrap: anywhere; }
.gallery.samples figcaption { font-size: 19px; }
.gallery .said { display: block; font-size: 13px; color: var(--muted); }
.gallery .is { display: block; font-variant-numeric: tabular-nums; }
b.missed, b.falsely { font-weight: 600; }
.gallery b { display: block; font-size: 14px; }
b.missed { color: var(--series-1); }
b.falsely { color: var(--wrong); }
.gallery .file { display: block; overflow: hidden; color: var(--muted); font-size: 12px; text-overflow: ellipsis; white-space: nowrap; }
.finding { margin: 0 0 16px; padding: 14px 18px 6px; border: 1px solid var(--line); border-left: 3px solid var(--muted); border-radius: ${RADIUS}px; }
.finding.error { border-left-color: var(--wrong); }
.finding.warning { border-left-color: var(--series-2); }
.finding p { overflow-wrap: anywhere; margin: 0 0 8px; }
.finding .severity { margin-right: 4px; }
.finding.error .severity { color: var(--wrong); }
.finding .remedy { font-size: 13px; }
.side-by-side { display: flex; flex-wrap: wrap; gap: 12px 16px; margin: 12px 0; }
.side-by-side figure { width: 172px; max-width: calc((100% - 16px) / 2); }
.side-by-side img, .no-picture { display: block; max-width: 100%; height: 124px; object-fit: contain; border: 1px solid var(--line);
  border-radius: 3px; background: #fff; }
.side-by-side .tiny { image-rendering: pixelated; }
.no-picture { display: grid; place-items: center; color: #555; font-size: 13px; }
.side-by-side figcaption { margin-top: 6px; font-size: 13px; line-height: 1.35; overflow-wrap: anywhere; }
.side-by-side .fact { margin-right: 6px; }
.side-by-side .file { display: block; color: var(--muted); font-size: 12px; }
.after { margin-top: 16px; }
.strip { overflow-x: auto; margin: 0 0 6px; }
.strip img { display: block; max-width: 100%; image-rendering: pixelated; }
#cell { min-height: 24px; margin: 12px 0 0; }
#cell .gallery { margin-top: 16px; }
#confusion-chart a { cursor: pointer; }
#confusion-chart a, #confusion-chart path { outline: none; }
#confusion-chart a:hover path, #confusion-chart a:focus path, #confusion-chart path[role]:focus { stroke: var(--ink); stroke-width: 2; }
details { margin: 0 0 20px; }
summary { cursor: pointer; color: var(--right); font-size: 13px; margin-bottom: 20px; }
footer { margin-top: 56px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--muted); font-size: 12px; }
@media screen and (max-width: 860px) {
  body { padding: 28px 18px 48px; }
  .charts, .facts { grid-template-columns: minmax(0, 1fr); columns: 1; }
  .gallery { grid-template-columns: repeat(auto-fill, minmax(110px, 1fr)); }
  .charts .scroll > svg { max-width: none; }
}
figure.two > svg:last-child { display: none; }
@media screen and (max-width: 600px) {
  figure.two > svg:first-child { display: none; }
  figure.two > svg:last-child { display: block; }
  .headline { gap: 16px 28px; }
  .facts div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print {
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, summary { display: none; }
  section { padding-top: 28px; }
  h2, h3, section > p { break-after: avoid; }
  tfoot { display: table-row-group; }
  .charts { gap: 16px; }
  .columns { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0 24px; }
  .columns th, .columns td { padding: 2px 8px 2px 0; font-size: 8pt; }
  .gallery img { height: 96px; }
  figure, tr, .warnings, pre, .finding { break-inside: avoid; }
  pre { white-space: pre-wrap; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
