// The one place for colours, sizes and type of every chart: a light page, thin grey axes, few colours.
// The pairs are told apart by readers with any of the common colour blindnesses, and in grey print by lightness.
import type { Config } from "vega-lite";

/** Colours by meaning; the page's style sheet uses the same. */
export const COLORS = {
  ink: "#1f2430",
  muted: "#667080",
  line: "#d9dde3",
  grid: "#eceef2",
  right: "#1f6f8b",
  wrong: "#c2410c",
  /** Train, then validation or test, then further splits. */
  series: ["#2563a8", "#dd7a0c", "#5b8c5a", "#8a5a9e"],
} as const;

/** Width of a chart that takes half of the page, and of one that takes all of it, in CSS pixels. */
export const HALF_WIDTH = 524;
export const FULL_WIDTH = 1080;
/** Ink on cells that are light on dark pages too. */
export const CELL_INK = "#20242e";
/** Pixels that a chart is higher than wide for its plot to be square: its title takes more room than its vertical axis. */
export const SQUARE_EXTRA = 21;
/** Width of a chart on a telephone of 390 pixels. */
export const NARROW_WIDTH = 354;

/** Size of tick labels; the estimates of text-width.ts are made for it. */
export const LABEL_SIZE = 11;

/** Vega-Lite's configuration. "sans-serif" is replaced by the page's fonts through CSS. */
export const THEME: Config = {
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
    gridColor: COLORS.grid,
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
    fillColor: "rgba(255,255,255,0.85)",
    padding: 6,
    titleColor: COLORS.muted,
    titleFontSize: LABEL_SIZE,
    titleFontWeight: "normal",
  },
  range: { category: [...COLORS.series] },
};
