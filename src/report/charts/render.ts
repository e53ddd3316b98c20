// Vega-Lite specification to SVG text, without a browser; Vega is heavy and loads when the first chart is drawn.
// The same specification gives the same text on every machine: text is measured by our own estimates only.
import type { TopLevelSpec } from "vega-lite";
import { Turns } from "../../core/turns.js";
import { textWidth } from "./text-width.js";
import { HALF_WIDTH, NARROW_WIDTH, SQUARE_EXTRA, THEME } from "./theme.js";

/** A chart under a short name that files and ids may carry, such as "confusion". */
export interface Chart {
  readonly name: string;
  readonly spec: TopLevelSpec;
  /** The same for narrow screens, where that is more than another width. */
  readonly narrow?: TopLevelSpec;
}

/**
 * A chart again, as wide as a telephone: one of half a page's width, of which a square one stays square, or one that says
 * itself how; undefined for others.
 */
export function narrowed({ name, spec, narrow }: Chart): Chart | undefined {
  if (narrow !== undefined) return { name: `narrow-${name}`, spec: narrow };
  if (!("width" in spec) || spec.width !== HALF_WIDTH) return undefined;
  const isSquare = "height" in spec && spec.height === HALF_WIDTH + SQUARE_EXTRA;
  return {
    name: `narrow-${name}`,
    spec: { ...spec, width: NARROW_WIDTH, ...(isSquare ? { height: NARROW_WIDTH } : {}) },
  };
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

const turns = new Turns();

/** Draws one chart. Calls are drawn one after the other, as Vega's measuring and numbering of ids are global. */
export const renderSvg = (chart: Chart): Promise<string> => turns.take(() => draw(chart));

async function draw({ name, spec }: Chart): Promise<string> {
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
    return svg
      .replaceAll(MARK, "")
      .replaceAll(/(?<= id="|url\(#)/g, `${name}-`)
      .replaceAll(GEOMETRY, rounded);
  } finally {
    metrics.width = before;
  }
}
