// The one place for the look of every chart: thin grey axes, few colours, small type.
// The pairs are told apart by readers with any of the common colour blindnesses, and in grey print by lightness.
import type { Config } from "vega-lite";
import { LIGHT } from "./tokens.js";

/** Colours by meaning. A chart is drawn in those of a light page; a page's style sheet gives them their dark values. */
export const COLORS = {
  ink: LIGHT.ink,
  muted: LIGHT.muted,
  line: LIGHT.line,
  soft: LIGHT.soft,
  page: LIGHT.page,
  right: LIGHT.right,
  wrong: LIGHT.wrong,
  /** Train, then validation or test, then further splits. */
  series: [LIGHT["series-1"], LIGHT["series-2"], LIGHT["series-3"], LIGHT["series-4"]],
} as const;

/** Red, green and blue of a colour such as `#1f6f8b`, from 0 to 255. */
export const rgbOf = (color: string): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

/** Translucent colour: shades are the opacity of one colour, so that they suit a dark page as well as a light one. */
export function shade(color: string, opacity: number): string {
  return `rgba(${rgbOf(color).join(", ")}, ${opacity})`;
}

/** The deepest shade on which ink has a contrast of 4.5, light and dark. */
export const DEEPEST_UNDER_INK = 0.5;

/** Width of a chart that takes half of the page, and of one that takes all of it, in CSS pixels. */
export const HALF_WIDTH = 524;
export const FULL_WIDTH = 1080;
/** Pixels that a chart is higher than wide for its plot to be square: its title takes more room than its vertical axis. */
export const SQUARE_EXTRA = 21;
/** Width of a chart on a telephone of 390 pixels. */
export const NARROW_WIDTH = 354;

/** Size of tick labels; the estimates of text-width.ts are made for it. */
export const LABEL_SIZE = 11;

/** Vega-Lite's configuration. "sans-serif" is replaced by the page's fonts through CSS. */
export const THEME: Config = {
  // A chart has one name; marks that say more than their place ask for it.
  mark: { aria: false },
  background: "transparent",
  font: "sans-serif",
  padding: { left: 1, right: 4, top: 4, bottom: 4 },
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "bounds",
    color: COLORS.ink,
    fontSize: 13,
    fontWeight: 600,
    offset: 12,
    subtitleColor: COLORS.muted,
    subtitleFontSize: LABEL_SIZE,
    subtitlePadding: 4,
    aria: false,
  },
  axis: {
    labelColor: COLORS.muted,
    labelFontSize: LABEL_SIZE,
    titleColor: COLORS.muted,
    titleFontSize: LABEL_SIZE,
    titleFontWeight: "normal",
    titlePadding: 8,
    domainColor: COLORS.line,
    tickColor: COLORS.line,
    gridColor: COLORS.line,
    gridOpacity: 0.55,
    aria: false,
    tickSize: 4,
  },
  axisX: { grid: false, labelFlush: false },
  header: { title: null, labelColor: COLORS.ink, labelFontSize: LABEL_SIZE, labelPadding: 4 },
  // One extent for all vertical axes keeps the plots of charts that stand above one another in line.
  axisY: { domain: false, ticks: false, labelPadding: 6, minExtent: 38 },
  legend: {
    title: null,
    labelColor: COLORS.ink,
    labelFontSize: LABEL_SIZE,
    symbolSize: 90,
    fillColor: shade(COLORS.page, 0.85),
    aria: false,
    padding: 6,
    titleColor: COLORS.muted,
    titleFontSize: LABEL_SIZE,
    titleFontWeight: "normal",
  },
  range: { category: [...COLORS.series] },
};
