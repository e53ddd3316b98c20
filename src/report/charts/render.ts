// Vega-Lite specification to SVG text, without a browser; Vega is heavy and loads when the first chart is drawn.
// The same specification gives the same text on every machine: text is measured by our own estimates only.
import type { TopLevelSpec } from "vega-lite";
import { Turns } from "../../core/turns.js";
import { escapeHtml } from "../pages/html.js";
import { textWidth } from "./text-width.js";
import { FULL_WIDTH, HALF_WIDTH, LABEL_SIZE, NARROW_WIDTH, SQUARE_EXTRA, THEME } from "./theme.js";

/** A chart under a short name that files and ids may carry, such as "confusion". */
export interface Chart {
  /** The name that pages show. */
  readonly name: string;
  /** The Vega-Lite specification. */
  readonly spec: TopLevelSpec;
  /** Name for who does not see it; default: its title. */
  readonly label?: string;
  /** The same for narrow screens, where that is more than another width; false where it has no room there, and scrolls. */
  readonly narrow?: TopLevelSpec | false;
}

/**
 * A chart again, as wide as a telephone: one of half a page's width, of which a square one stays square, one of a page's
 * width that gives way, or one that says itself how; undefined for others.
 */
export function narrowed(chart: Chart): Chart | undefined {
  const { name, spec, narrow } = chart;
  const again = { name: `narrow-${name}`, label: labelOf(chart) };
  if (narrow === false) return undefined;
  if (narrow !== undefined) return { ...again, spec: narrow };
  if (!("width" in spec) || (spec.width !== HALF_WIDTH && spec.width !== FULL_WIDTH) || !("autosize" in spec))
    return undefined;
  const isSquare = "height" in spec && spec.height === HALF_WIDTH + SQUARE_EXTRA;
  const title = typeof spec.title === "object" && "subtitle" in spec.title ? spec.title : undefined;
  return {
    ...again,
    spec: {
      ...spec,
      width: NARROW_WIDTH,
      ...(isSquare ? { height: NARROW_WIDTH } : {}),
      ...(title === undefined ? {} : { title: { ...title, subtitle: linesOf(String(title.subtitle)) } }),
    },
  };
}

/** A subtitle in lines that a telephone has room for. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, LABEL_SIZE) <= NARROW_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The name of a chart: its own, else its title with what stands under it. */
function labelOf({ name, label, spec }: Chart): string {
  if (label !== undefined) return label;
  const { title } = spec as { readonly title?: string | { readonly text: string; readonly subtitle?: string } };
  if (title === undefined) return name;
  return typeof title === "string" ? title : [title.text, title.subtitle].filter(Boolean).join("; ");
}

/** One layer of a layered specification. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

/** Vega's exported, but undeclared, hook for measuring text. */
interface TextMetrics {
  width: (item: { fontSize?: number }, text: string) => number;
}

/** The attributes in which Vega writes coordinates with fifteen digits; two decimals are plenty. */
const GEOMETRY = / (?:d|transform|x|y|x1|x2|y1|y2|width|height|viewBox)="[^"]*"/g;

const rounded = (attribute: string): string =>
  attribute.replaceAll(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100));

/** A word joiner, which takes no room. */
const MARK = "\u2060";

/**
 * Vega looks texts up in plain objects, and fails on a class or parameter called "constructor" or "toString". Names that
 * every object has are marked on their way through it.
 */
function withMarkedNames<T>(value: T): T {
  if (typeof value === "string") return (value in Object.prototype ? value + MARK : value) as T;
  if (Array.isArray(value)) return value.map(withMarkedNames) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withMarkedNames(inner)])) as T;
}

/** Vega's colours with an opacity as two attributes, so that a style sheet can give the colour another value. */
const TRANSLUCENT = / (fill|stroke|stop-color)="rgba\((\d+), ?(\d+), ?(\d+), ?([\d.e-]+)\)"/g;
const OPAQUE = / (fill|stroke|stop-color)="rgb\((\d+), ?(\d+), ?(\d+)\)"/g;

const hex = (...parts: readonly string[]): string =>
  `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;

function withTokens(svg: string): string {
  return svg
    .replaceAll(TRANSLUCENT, (_, key: string, red: string, green: string, blue: string, opacity: string) => {
      const share = Math.round(Number(opacity) * 1000) / 1000;
      return ` ${key}="${hex(red, green, blue)}" ${key.replace("-color", "")}-opacity="${share}"`;
    })
    .replaceAll(OPAQUE, (_, key: string, ...parts: string[]) => ` ${key}="${hex(...parts.slice(0, 3))}"`);
}

/**
 * One name for a chart in place of Vega's for each of its parts. Marks that say what they are keep it: links as their name,
 * cells between links as theirs, all others as a title to point at.
 */
function named(svg: string, label: string): string {
  const bare = svg
    .replaceAll(/ (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-hidden="true")/g, "")
    .replaceAll(/(<g [^>]*?) aria-label="[^"]*"/g, "$1");
  const hasLinks = bare.includes("<a ");
  const parts = hasLinks
    ? bare
        .replaceAll(/<a ([^>]*)>(\s*<path) (aria-label="[^"]*")/g, '<a role="link" $1 $3>$2')
        .replaceAll(/<path aria-label=/g, '<path role="img" aria-label=')
    : bare.replaceAll(/<path aria-label="([^"]*)"([^>]*)\/>/g, "<path$2><title>$1</title></path>");
  return parts.replace("<svg", `<svg role="${hasLinks ? "group" : "img"}" aria-label="${escapeHtml(label)}"`);
}

const turns = new Turns();

/**
 * Draws one chart. Calls are drawn one after the other, as Vega's measuring and numbering of ids are global.
 * @param chart The chart.
 * @example const svg = await renderSvg(confusion([2, 0, 1, 3], ["cat", "dog"], "test"));
 */
export const renderSvg = (chart: Chart): Promise<string> => turns.take(() => draw(chart));

async function draw(chart: Chart): Promise<string> {
  const { name, spec } = chart;
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  const before = metrics.width;
  metrics.width = (item, text) => textWidth(String(text ?? "").trim(), item.fontSize ?? 11);
  try {
    vega.resetSVGDefIds();
    const view = new vega.View(vega.parse(vegaLite.compile(withMarkedNames(spec), { config: THEME }).spec), {
      renderer: "none",
    });
    const svg = await view.toSVG();
    view.finalize();
    // Several charts share a page, so their ids must differ.
    const markup = svg
      .replaceAll(MARK, "")
      .replaceAll(/(?<= id="|url\(#)/g, `${name}-`)
      .replaceAll(GEOMETRY, rounded);
    return named(withTokens(markup), labelOf(chart));
  } finally {
    metrics.width = before;
  }
}
