// The site's style sheet: the visual language of reports and Studio, from 360 to 2,560 pixels, light and dark as the reader
// has it.
import { type ColorToken, DARK, FONT_STACK, LIGHT, MONO_STACK, RADIUS } from "../../src/report/charts/tokens.js";

const valuesOf = (colors: Readonly<Record<ColorToken, string>>): string =>
  Object.entries(colors)
    .map(([token, value]) => `--${token}: ${value};`)
    .join(" ");

export const STYLE = `:root { ${valuesOf(LIGHT)} color-scheme: light dark; }
@media screen and (prefers-color-scheme: dark) { :root { ${valuesOf(DARK)} } }
* { box-sizing: border-box; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
html { scroll-padding-top: 76px; }
body { margin: 0; color: var(--ink); background: var(--page); font: 16px/1.6 ${FONT_STACK}; -webkit-text-size-adjust: 100%; }
:focus-visible { outline: 2px solid var(--right); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
a { color: var(--right); text-underline-offset: 2px; }
.skip { position: absolute; left: -999px; top: 8px; padding: 6px 12px; background: var(--page); z-index: 4; }
.skip:focus { left: 8px; }
header { position: sticky; top: 0; z-index: 3; display: flex; gap: 24px; align-items: center; height: 56px; padding: 0 24px;
  background: var(--page); border-bottom: 1px solid var(--line); }
.brand { color: var(--ink); font-size: 19px; font-weight: 650; letter-spacing: -0.012em; text-decoration: none; }
.search { position: relative; flex: 1; max-width: 520px; margin-left: auto; }
.search input { width: 100%; height: 36px; padding: 0 12px; color: var(--ink); background: var(--soft); font: inherit; font-size: 15px;
  border: 1px solid var(--muted); border-radius: ${RADIUS}px; }
.search input::placeholder { color: var(--muted); opacity: 1; }
#found { position: absolute; top: 42px; right: 0; left: 0; max-height: min(70vh, 560px); overflow-y: auto; background: var(--page);
  border: 1px solid var(--line); border-radius: ${RADIUS}px; box-shadow: 0 8px 28px rgb(0 0 0 / 22%); }
#found a, #found p { display: block; margin: 0; padding: 10px 14px; color: var(--ink); font-size: 14px; line-height: 1.45; text-decoration: none;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
#found a[aria-selected="true"], #found a:hover { background: var(--soft); box-shadow: inset 3px 0 var(--right); }
#found strong { display: block; font-weight: 600; }
#found small { color: var(--muted); font-size: 13px; }
#found mark { color: inherit; background: var(--mark); }
.frame { display: grid; grid-template-columns: 248px minmax(0, 1fr) 208px; gap: 0 36px; max-width: 1520px; margin: 0 auto; padding: 0 24px; }
nav.site, nav.contents { position: sticky; top: 56px; align-self: start; max-height: calc(100vh - 56px); padding: 28px 0 48px; overflow-y: auto;
  font-size: 14px; line-height: 1.45; }
nav.site ul, nav.contents ul { margin: 0; padding: 0; list-style: none; }
nav.site a, nav.contents a { display: block; padding: 5px 10px; color: var(--muted); text-decoration: none; border-left: 2px solid transparent; }
nav.site a:hover, nav.contents a:hover { color: var(--ink); }
nav.site a[aria-current] { color: var(--ink); font-weight: 600; border-left-color: var(--right); background: var(--soft); }
nav.site summary { padding: 6px 0; font-weight: 600; cursor: pointer; }
nav.site details details { margin-bottom: 4px; }
.menu > summary { display: none; }
nav.contents p { margin: 0 0 6px; padding-left: 10px; font-weight: 600; }
nav.contents .level-3 a { padding-left: 24px; }
main { min-width: 0; max-width: 860px; padding: 32px 0 64px; }
.eyebrow { margin: 0; color: var(--muted); font-size: 14px; }
h1 { margin: 4px 0 20px; font-size: 32px; line-height: 1.2; letter-spacing: -0.016em; font-weight: 650; overflow-wrap: anywhere; }
h2 { margin: 48px 0 12px; font-size: 22px; line-height: 1.3; letter-spacing: -0.01em; font-weight: 650; overflow-wrap: anywhere; }
h3 { margin: 32px 0 8px; font-size: 17px; font-weight: 650; overflow-wrap: anywhere; }
.anchor { color: var(--muted); font-weight: 400; text-decoration: none; opacity: 0; }
:is(h2, h3, h4):hover .anchor, .anchor:focus-visible { opacity: 1; }
p, ul, ol { margin: 0 0 16px; max-width: 76ch; overflow-wrap: break-word; }
li { margin-bottom: 4px; }
code, pre { font-family: ${MONO_STACK}; font-size: 14px; }
:not(pre) > code { padding: 1px 5px; background: var(--soft); border-radius: 4px; overflow-wrap: anywhere; }
code span { white-space: nowrap; } pre code span { white-space: inherit; }
:is(h1, h2, h3) > code { padding: 0; background: none; font-size: 0.88em; }
.commands { margin: 0 0 16px; padding: 10px 18px; background: var(--soft); border-radius: ${RADIUS}px; }
.commands div { display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 9fr); gap: 0 24px; padding: 3px 0; }
.commands dt { padding-left: 2ch; text-indent: -2ch; } .commands code { padding: 0; background: none; }
.commands dd { margin: 0; color: var(--muted); font-size: 14px; }
.commands dd:empty { display: none; } .commands dt:has(+ dd:empty) { grid-column: 1 / -1; }
.code { position: relative; margin: 0 0 16px; }
pre { margin: 0; padding: 14px 18px; overflow-x: auto; line-height: 1.55; tab-size: 2; background: var(--soft); border-radius: ${RADIUS}px; }
pre.output { margin: 0 0 16px; background: none; border: 1px solid var(--line); font-size: 13px; }
.wrapped, .wrapped pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.code:has(+ .output) { margin-bottom: 6px; }
.code .comment { color: var(--muted); } .code .string { color: var(--series-3); }
.code .keyword { color: var(--series-1); } .code .number { color: var(--series-4); }
.copy { position: absolute; top: 8px; right: 8px; min-width: 24px; min-height: 24px; padding: 2px 10px; color: var(--muted); background: var(--page);
  font: 13px/1.5 ${FONT_STACK}; border: 1px solid var(--line); border-radius: 4px; cursor: pointer; opacity: 0; }
.code:hover .copy, .copy:focus-visible { opacity: 1; }
.scroll { margin: 0 0 20px; overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; line-height: 1.45; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 20px 6px 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
th { color: var(--muted); font-weight: 500; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; } td.number { white-space: nowrap; }
img { max-width: 100%; height: auto; border-radius: ${RADIUS}px; }
@media screen and (prefers-color-scheme: dark) { img[src$=".svg"] { filter: invert(0.92) hue-rotate(180deg); mix-blend-mode: lighten; } }
td code { overflow-wrap: break-word; }
@media screen and (prefers-color-scheme: dark) { :not(picture) > img[src$=".webp"] { filter: brightness(0.84); } }
td img { border: 1px solid var(--line); }
p img, .picture { display: block; } p > * + img { margin-top: 12px; }
blockquote { margin: 0 0 16px; padding: 2px 18px; color: var(--muted); border-left: 3px solid var(--line); }
.neighbours { display: flex; flex-wrap: wrap; gap: 16px; justify-content: space-between; margin-top: 56px; padding-top: 20px; border-top: 1px solid var(--line); }
.neighbours a { text-decoration: none; } .neighbours a[rel="next"] { margin-left: auto; text-align: right; }
.neighbours span { display: block; color: var(--muted); font-size: 13px; }
footer { margin-top: 32px; color: var(--muted); font-size: 13px; }
@media (max-width: 1240px) { .frame { grid-template-columns: 240px minmax(0, 1fr); } nav.contents { display: none; } }
@media (max-width: 860px) {
  .frame { grid-template-columns: minmax(0, 1fr); padding: 0 18px; }
  header { padding: 0 18px; }
  nav.site { position: static; max-height: none; padding: 12px 0 0; }
  .menu > summary { display: list-item; }
  main { padding-top: 16px; }
  h1 { font-size: 27px; }
}
@media (max-width: 640px) {
  pre { padding: 12px 14px; font-size: 13px; }
  pre code { font-size: inherit; }
  .commands { padding: 10px 14px; }
  .commands div { display: block; } .commands dd { padding: 0 0 6px 2ch; }
  .few td code { overflow-wrap: anywhere; } .few td:first-child { min-width: 118px; }
  .described thead { display: none; }
  .described :is(tbody, tr, td) { display: block; }
  .described tr { padding: 8px 0; border-bottom: 1px solid var(--line); }
  .described td { padding: 1px 0; border: 0; } .described td code { overflow-wrap: anywhere; }
  .scroll { --shade: rgb(0 0 0 / 16%);
    background: linear-gradient(to right, var(--page), transparent) 0 0 / 28px 100% no-repeat local,
      linear-gradient(to left, var(--page), transparent) 100% 0 / 28px 100% no-repeat local,
      linear-gradient(to right, var(--shade), transparent) 0 0 / 10px 100% no-repeat scroll,
      linear-gradient(to left, var(--shade), transparent) 100% 0 / 10px 100% no-repeat scroll; }
}
@media screen and (max-width: 640px) and (prefers-color-scheme: dark) { .scroll { --shade: rgb(255 255 255 / 18%); } }
@media print {
  header, nav, .copy { display: none; }
  .frame { display: block; padding: 0; }
  main { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; }
  figure, tr, pre { break-inside: avoid; }
}
`;
