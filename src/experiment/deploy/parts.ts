// The parts of a deployed page, from its engine to its card, and their form inside one file: base64, deflated where that is
// smaller. The page's own code reads them by their names.
import { deflateSync } from "fflate";
import { FoveaError } from "../../core/errors.js";
import { codecBytes } from "../../data/index.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { fontFace } from "../../report/fonts/embed.js";
import { base64 } from "../../report/images/data-uri.js";
import { type Contents, compactOf } from "./contents.js";
import { type PageSettings, printSettings } from "./settings.js";
import { readTemplate, type Template } from "./template.js";

/** Parts that the page's code reads, in the order of the page. */
export const PART_NAMES = ["settings", "card", "engine", "jpeg", "webp", "model"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** Extension of each part as a file. */
export const PART_EXTENSIONS: Readonly<Record<PartName, string>> = {
  settings: "json",
  card: "json",
  engine: "js",
  jpeg: "wasm",
  webp: "wasm",
  model: "fovea",
};

export interface PageParts {
  readonly template: Template;
  /** The page's style, with a font for names in Chinese. */
  readonly style: string;
  /** Contents by name; no card for a model that is no run's. */
  readonly parts: ReadonlyMap<PartName, Uint8Array>;
}

/** The size of a part of a deployed model. */
export interface DeployedSize {
  /** The part: engine, decoders of JPEG and WebP, page, model, card, or all together. */
  readonly part: "engine" | "decoders" | "page" | "model" | "card" | "all";
  /** In the form that is written. */
  readonly bytes: number;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Makes the parts of a page. @throws FoveaError where the package was not built, or the model does not stand the check */
export async function pageParts(contents: Contents, form: PageSettings["form"]): Promise<PageParts> {
  const { settings, card, opened } = contents;
  if (opened.task !== undefined && outputNamesOf(opened.task).length === 0)
    throw new FoveaError(
      "unsuited-model",
      `${opened.file} gives embeddings, which are compared in pairs, and a page is asked about one photo; use fovea gallery, or --to node`,
    );
  const template = await readTemplate();
  const model = await compactOf(contents);
  const parts = new Map<PartName, Uint8Array>([
    ["settings", text(printSettings({ ...settings, form }))],
    ...(card === undefined ? [] : [["card", text(JSON.stringify(card))] as const]),
    ["engine", template.engine],
    ["jpeg", await codecBytes("jpeg")],
    ["webp", await codecBytes("webp")],
    ["model", model],
  ]);
  // Glyphs for all words of the model, on computers that have no Chinese font.
  const words = JSON.stringify([settings.name, opened.task, opened.facts?.table, card]);
  return { template, style: `${await fontFace(words)}${template.style}`, parts };
}

/** A part as an element that no browser runs or draws. Base64 has no character that could end it. */
export function partElement(name: PartName, bytes: Uint8Array): string {
  const packed = deflateSync(bytes, { level: 9 });
  const form = packed.length < bytes.length ? "deflate" : "stored";
  const content = base64(form === "deflate" ? packed : bytes);
  return `<script type="text/plain" id="part-${name}" data-form="${form}">${content}</script>`;
}

/** Sizes of parts as they are written, with what is around them. */
export function sizesOf(written: ReadonlyMap<PartName, number>, all: number): DeployedSize[] {
  const of = (...names: readonly PartName[]): number => names.reduce((sum, name) => sum + (written.get(name) ?? 0), 0);
  const [engine, decoders, model, card] = [of("engine"), of("jpeg", "webp"), of("model"), of("card")];
  return [
    { part: "engine", bytes: engine },
    { part: "decoders", bytes: decoders },
    { part: "page", bytes: all - engine - decoders - model - card },
    { part: "model", bytes: model },
    { part: "card", bytes: card },
    { part: "all", bytes: all },
  ];
}
