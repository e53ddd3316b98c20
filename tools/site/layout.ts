// The frame of a page: title bar with search, navigation, contents of the page, neighbours. Everything is in the document
// as it is built; without its script a page lacks the search only.
import { type Html, html, Html as Markup } from "../../src/report/pages/html.js";
import type { Heading } from "./markdown.js";

/** A page that others link to. */
export interface PageLink {
  readonly title: string;
  /** Address from the root of the site. */
  readonly address: string;
}

export interface NavigationGroup {
  readonly title: string;
  readonly pages: readonly PageLink[];
}

export interface Frame {
  readonly page: PageLink;
  readonly groups: readonly NavigationGroup[];
  readonly headings: readonly Heading[];
  readonly body: string;
  readonly version: string;
}

/** Nothing of a page comes from elsewhere, and nothing in a page runs that is not a file of the site. */
const POLICY = "default-src 'self'; img-src 'self' data:";

/** A page of the site as HTML. */
export function pageHtml({ page, groups, headings, body, version }: Frame): string {
  const depth = page.address.split("/").length - 1;
  const root = "../".repeat(depth);
  const all = groups.flatMap(({ pages }) => pages);
  const at = all.findIndex(({ address }) => address === page.address);
  // A part of the reference is below the page of its entry, which alone is listed.
  const above = all.find(({ address }) => page.address.startsWith(address.replace(/\.html$/, "-")));
  const listed = at < 0 ? above?.address : page.address;
  const group = groups.find(({ pages }) => pages.some(({ address }) => address === listed));
  const home = page.address === "index.html";
  const contents = headings.filter(({ level }) => level === 2 || level === 3);
  const link = ({ title, address }: PageLink): Html =>
    html`<li><a href="${root}${address}"${address === listed ? new Markup(` aria-current="${at < 0 ? "true" : "page"}"`) : ""}>${title}</a></li>`;
  return html`<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${home ? "Fovea" : `${page.title} · Fovea`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}site.css">
<script src="${root}site.js" defer></script>
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header>
<a class="brand" href="${root}index.html">Fovea</a>
<div class="search" role="search" hidden>
<input type="search" id="search" placeholder="Search" aria-label="Search these pages" autocomplete="off" spellcheck="false"
 role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list">
<div id="found" role="listbox" aria-label="Pages found" hidden></div>
</div>
</header>
<div class="frame">
<nav class="site" aria-label="Pages">
<details class="menu" open><summary>All pages</summary>
${groups.map(
  ({ title, pages }) =>
    html`<details${title === group?.title || (home && title !== "Inside") ? new Markup(" open") : ""}><summary>${title}</summary><ul>${pages.map(link)}</ul></details>
`,
)}</details>
</nav>
<main id="text" tabindex="-1">
${group === undefined || home ? "" : html`<p class="eyebrow">${group.title}</p>`}
${new Markup(body)}
<nav class="neighbours" aria-label="Pages before and after">
${at > 0 && html`<a rel="prev" href="${root}${all[at - 1]!.address}"><span>Before</span> ${all[at - 1]!.title}</a>`}
${at >= 0 && at < all.length - 1 && html`<a rel="next" href="${root}${all[at + 1]!.address}"><span>Next</span> ${all[at + 1]!.title}</a>`}
</nav>
<footer>Fovea ${version}. Built from the files of the package; nothing on these pages comes from a network.</footer>
</main>
${
  contents.length < 2
    ? ""
    : html`<nav class="contents" aria-label="On this page"><p>On this page</p><ul>${contents.map(
        ({ level, text, id }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`,
      )}</ul></nav>`
}
</div>
</body>
</html>
`.text;
}
