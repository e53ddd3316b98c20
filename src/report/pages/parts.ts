// The pieces that pages are made of: sections, tables, charts, galleries, and the frame around them all.
// Pieces take facts and give HTML; what a page says, and in which order, is the page's own affair.
import { type Chart, narrowed, renderSvg } from "../charts/render.js";
import { nounsOf } from "../evaluation.js";
import type { FactRow, ImageFacts, SampleFacts, SplitFacts } from "../facts.js";
import { FONT_NOTICE, fontFace, standaloneSvg } from "../fonts/embed.js";
import { whole } from "../format.js";
import { pngDataUri } from "../images/data-uri.js";
import { type Content, Html, html } from "./html.js";
import { STYLE } from "./style.js";

/** A page, and its charts as files that stand alone. */
export interface RenderedPage {
  /** The page, self-contained: it loads nothing from elsewhere. */
  readonly html: string;
  /** Charts of the page as SVG files of their own. */
  readonly charts: readonly { readonly name: string; readonly svg: string }[];
}

/** Images in galleries are shrunk to this many pixels, twice what is shown, for sharp screens. */
const LONGEST_SIDE = 264;

/** A headed part of a page that the navigation can point to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

/** Charts drawn ahead of the page that shows them. */
export class Figures {
  private constructor(
    private readonly drawn: ReadonlyMap<string, string>,
    private readonly narrow: ReadonlyMap<string, string>,
  ) {}

  /** Charts that can give way are drawn a second time, for telephones, where type would be tiny. */
  static async draw(charts: readonly Chart[]): Promise<Figures> {
    const [drawn, narrow] = [new Map<string, string>(), new Map<string, string>()];
    for (const chart of charts) {
      drawn.set(chart.name, await renderSvg(chart));
      const small = narrowed(chart);
      if (small !== undefined) narrow.set(chart.name, await renderSvg(small));
    }
    return new Figures(drawn, narrow);
  }

  /** The figures whose names begin with `prefix`, in the order in which they were given. */
  show(prefix: string, className = ""): Html[] {
    return [...this.drawn]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, svg]) => {
        const small = this.narrow.get(name);
        return small === undefined
          ? html`<figure id="${name}-chart" class="${className} scroll" tabindex="0" aria-label="${nameOf(svg)}">${new Html(svg)}</figure>`
          : html`<figure id="${name}-chart" class="${className} two">${new Html(svg)}${new Html(small)}</figure>`;
      });
  }

  async files(): Promise<RenderedPage["charts"]> {
    return Promise.all([...this.drawn].map(async ([name, svg]) => ({ name, svg: await standaloneSvg(svg) })));
  }
}

/** The name of a drawn chart, as it stands in it. */
const nameOf = (svg: string): Html => new Html(/ aria-label="([^"]*)"/.exec(svg)?.[1] ?? "");

/** A description list in two columns. */
export const factList = (rows: readonly FactRow[]): Html =>
  html`<dl class="facts">${rows.map(({ label, value }) => html`<div><dt>${label}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`;

/** A column of a table; numbers are set right. */
export interface Column {
  readonly head: Content;
  readonly number?: boolean;
  /** True where the cells below say it well enough: the head is then only read aloud. */
  readonly isPlain?: boolean;
}

/**
 * A table that scrolls where a page is narrower.
 * @param name what it is a table of, for who does not see what stands above it
 */
export function table(
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  foot: Content = "",
): Html {
  const numberClass = (i: number): Content => columns[i]?.number && html` class="number"`;
  const head = html`<thead><tr>${columns.map((column, i) => html`<th scope="col"${numberClass(i)}>${column.isPlain ? html`<span class="hidden">${column.head}</span>` : column.head}</th>`)}</tr></thead>`;
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${name}"><table>${head}
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${numberClass(i)}>${cell}</td>`)}</tr>\n`)}</tbody>${foot}</table></div>`;
}

/** Lines of code or of a file tree, which scroll where a page is narrower. */
export const code = (name: string, text: string): Html =>
  html`<pre role="group" tabindex="0" aria-label="${name}">${text}</pre>`;

/** A class's name in running text: isolated, as it may be written from right to left. */
export const className = (name: string | undefined): Html => html`<bdi>${name ?? "?"}</bdi>`;

/** An image of a gallery; drawings of a few pixels keep their hard edges. */
export function image(facts: ImageFacts, alt: string, longest = LONGEST_SIDE): Html {
  const tiny = Math.max(facts.height, facts.width) <= 32;
  return html`<img class="${tiny ? "tiny" : ""}" alt="${alt}" src="${pngDataUri(facts, longest)}">`;
}

/** Samples five in a row, each under it the name of its class. */
export const sampleGrid = (samples: readonly SampleFacts[], classNames: readonly string[]): Html =>
  html`<div class="gallery samples">${samples.map((sample) => {
    const name = classNames[sample.classIndex] ?? sample.path ?? "?";
    return html`<figure>${image(sample.image, name)}<figcaption>${className(name)}</figcaption></figure>\n`;
  })}</div>`;

/** The name of what images are counted by, one of it and several. */
export type CountsOf = readonly [singular: string, plural: string];

/**
 * One row per split: images (or the rows of a table, which have no sizes), smallest and largest class, sizes, colour modes.
 * @param countsOf what the counts of a split are of; nothing where numbers are predicted
 */
export function splitTable(splits: readonly SplitFacts[], countsOf: CountsOf | "nothing" = ["class", "classes"]): Html {
  const areImages = splits.some(({ heights }) => heights !== undefined);
  const [, nouns] = nounsOf(splits);
  const columns = [
    { head: "part", isPlain: true },
    { head: nouns, number: true },
    ...(countsOf === "nothing"
      ? []
      : [
          { head: countsOf[1], number: true },
          { head: `${nouns} per ${countsOf[0]}`, number: true },
        ]),
    ...(areImages
      ? [{ head: "heights", number: true }, { head: "widths", number: true }, { head: "colour modes" }]
      : []),
  ];
  const rows = splits.map(({ name, counts, heights, widths, modes, images }) => {
    const filled = Array.from(counts).filter((count) => count > 0);
    return [
      name,
      whole(images ?? filled.reduce((sum, count) => sum + count, 0)),
      ...(countsOf === "nothing" ? [] : [whole(filled.length), spread(filled)]),
      ...(areImages
        ? [
            spread(heights),
            spread(widths),
            (modes ?? []).map(({ mode, count }) => `${mode} ${whole(count)}`).join(", "),
          ]
        : []),
    ];
  });
  return table("Parts of the data", columns, rows);
}

function spread(values: ArrayLike<number> | undefined): string {
  if (values === undefined || values.length === 0) return "";
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[0]!, sorted[sorted.length - 1]!];
  return low === high ? whole(low) : `${whole(low)} to ${whole(high)}`;
}

export interface Frame {
  readonly title: string;
  readonly createdBy: string;
  readonly kind: string;
  /** Content between the title and the navigation. */
  readonly head: Content;
  readonly sections: readonly Section[];
  readonly script?: string;
  /** Style beyond that of all pages. */
  readonly style?: string;
}

/** The whole page as text: no request leaves it, by its own Content-Security-Policy, and its fonts are inside. */
export async function page(frame: Frame): Promise<string> {
  const body = html`<header><p class="eyebrow">${frame.createdBy} · ${frame.kind}</p>
<h1><bdi>${frame.title}</bdi></h1>
${frame.head}
<nav aria-label="Sections">${frame.sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav></header>
<main>${frame.sections.map(({ id, title, body: inside }) => html`<section id="${id}"><h2>${title}</h2>\n${inside}</section>\n`)}</main>`;
  const font = await fontFace(body.text);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${frame.createdBy}">
<title>${frame.title}</title>
<style>${new Html(font + STYLE + (frame.style ?? ""))}</style>
</head>
<body>
${body}
<footer>${frame.createdBy}.${font !== "" && html` ${FONT_NOTICE}.`}</footer>
${frame.script !== undefined && html`<script>${new Html(frame.script)}</script>`}
</body>
</html>
`.text;
}
