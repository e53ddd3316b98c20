// The site as files in memory: pages, style sheet, script, search index, pictures. build.ts writes them; tests look at them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { VERSION } from "../../src/core/version.js";
import { readImageHeader } from "../../src/data/index.js";
import { referencePages } from "../reference/pages.js";
import { walk } from "../reference/walk.js";
import { addressOf, GROUPS, type Group, PAGES, REFERENCE } from "./contents.js";
import { pageHtml } from "./layout.js";
import { type PageParts, pageParts, pictureAddress } from "./markdown.js";
import type { SearchPage } from "./page/find.js";
import { STYLE } from "./style.js";

/** The repository; this file runs from dist/tools/site. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Site {
  /** Files by their address from the root of the site. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** Links, headings and pictures that are not there, each in one sentence; empty for a good site. */
  readonly faults: readonly string[];
}

/** Width and height that an SVG states on its first element. */
function svgSize(text: string): { readonly width: number; readonly height: number } {
  const number = (name: string): number => Number(new RegExp(`<svg[^>]* ${name}="([\\d.]+)`).exec(text)?.[1] ?? 0);
  return { width: Math.round(number("width")), height: Math.round(number("height")) };
}

const PICTURE = /\.(?:svg|png|jpg|gif|webp)$/;

/** Sizes of all pictures in docs/, by their paths. */
async function pictureSizes(): Promise<ReadonlyMap<string, { readonly width: number; readonly height: number }>> {
  const sizes = new Map<string, { readonly width: number; readonly height: number }>();
  for (const path of filesOfDocs().filter((file) => PICTURE.test(file))) {
    const bytes = readFileSync(join(ROOT, path));
    const size = path.endsWith(".svg") ? svgSize(bytes.toString("utf8")) : await readImageHeader(bytes, path);
    if (size !== undefined) sizes.set(path, size);
  }
  return sizes;
}

const filesOfDocs = (): string[] =>
  readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).map(
    (file) => `docs/${file.replaceAll("\\", "/")}`,
  );

/** Files of docs/ that are no page. */
function unlisted(): string[] {
  return filesOfDocs()
    .filter((file) => file.endsWith(".md") && !PAGES.has(file))
    .map((file) => `${file} is no page of the site; give it a line in tools/site/contents.ts`);
}

/** Links to headings that the other page does not have. */
function brokenHeadings(parts: ReadonlyMap<string, PageParts>): string[] {
  return [...parts].flatMap(([file, { headingLinks }]) =>
    headingLinks
      .filter(({ file: target, id }) => !(parts.get(target)?.headings ?? []).some((heading) => heading.id === id))
      .map(({ file: target, id }) => `${file}: ${target} has no heading #${id}`),
  );
}

/** The pages' script, as one that a page from a disk may load: no module. */
async function bundledScript(): Promise<string> {
  const entry = fileURLToPath(new URL("./page/site.js", import.meta.url));
  const options = { bundle: true, format: "iife", minify: true, target: "es2022", write: false } as const;
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0]!.text;
}

/** Characters of an export's text that the search has: its sentence and the first of its signature. */
const MOST_OF_EXPORT = 120;
const searchedText = (file: string, text: string): string =>
  file.startsWith(REFERENCE) ? text.trim().slice(0, MOST_OF_EXPORT) : text.trim();

/** Makes the whole site from the Markdown files of the repository. */
export async function makeSite(): Promise<Site> {
  const reference = new Map(referencePages(walk(ROOT)).map((page) => [`${REFERENCE}${page.file}`, page]));
  const listed = [...reference].flatMap(([file, { isPart }]) => (isPart === true ? [] : [file]));
  const made: readonly Group[] = [...GROUPS, { title: "Reference", files: listed }];
  const pages = new Map([...PAGES, ...[...reference.keys()].map((file) => [file, addressOf(file)] as const)]);
  const missing = [...PAGES.keys()].filter((file) => !existsSync(join(ROOT, file)));
  const sizes = await pictureSizes();
  const sizeOf = (path: string) => sizes.get(path) ?? { width: 0, height: 0 };
  const parts = new Map<string, PageParts>();
  for (const file of pages.keys()) {
    if (missing.includes(file)) continue;
    const text = reference.get(file)?.text ?? readFileSync(join(ROOT, file), "utf8");
    parts.set(file, pageParts(file, text, { root: ROOT, pages, sizeOf }));
  }
  const groups = made.map(({ title, files }) => ({
    title,
    pages: files
      .filter((file) => parts.has(file))
      .map((file) => ({ title: parts.get(file)!.title, address: pages.get(file)! })),
  }));
  const files = new Map<string, Uint8Array | string>();
  for (const [file, { title, headings, html: body }] of parts) {
    const address = pages.get(file)!;
    files.set(address, pageHtml({ page: { title, address }, groups, headings, body, version: VERSION }));
  }
  for (const path of new Set([...parts.values()].flatMap(({ pictures }) => pictures)))
    files.set(pictureAddress(path), readFileSync(join(ROOT, path)));
  const index = [...parts].map(
    ([file, { title, sections }]): SearchPage => [
      title,
      pages.get(file)!,
      sections.map(({ heading, id, text }) => [heading, id, searchedText(file, text)]),
    ],
  );
  files.set("search.js", `globalThis.foveaPages = ${JSON.stringify(index)};\n`);
  files.set("site.css", STYLE);
  files.set("site.js", await bundledScript());
  const faults = [
    ...missing.map((file) => `${file} is listed as a page and not there`),
    ...unlisted(),
    ...[...parts.values()].flatMap((page) => page.faults),
    ...brokenHeadings(parts),
  ];
  return { files, faults };
}
