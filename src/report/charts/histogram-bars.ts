// Draws ready-made histograms as touching bars, several laid over one another when there is more than one.
// The bins come from histogram.ts; Vega does no binning of its own.
import type { Histogram } from "../histogram.js";
import type { Chart } from "./render.js";
import { HALF_WIDTH } from "./theme.js";

export interface HistogramBars {
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly { readonly name: string; readonly histogram: Histogram; readonly color: string }[];
  readonly density: boolean;
  /** True for whole numbers, whose horizontal axis has no fractions. */
  readonly wholeX?: boolean;
  /** Bars count things, so the vertical axis has none either. */
  readonly wholeY?: boolean;
  readonly percent?: boolean;
  /** Default 230. */
  readonly height?: number;
}

const WHOLE = { tickMinStep: 1, format: ",d" } as const;

/** A chart of half the page's width; one series is drawn as bars, several as translucent outlines with a legend. */
export function bars(options: HistogramBars): Chart {
  const { name, title, subtitle, x, y, series, density, wholeX, wholeY, percent, height = 230 } = options;
  const heights = (histogram: Histogram) => (density ? histogram.densities : histogram.counts);
  const several = series.length > 1;
  const values = series.flatMap(({ name: split, histogram }) => {
    const bins = heights(histogram).map((value, i) => ({
      split,
      from: histogram.edges[i],
      to: histogram.edges[i + 1],
      value,
    }));
    // An outline goes on to the last bin's right edge.
    return several ? [...bins, { ...bins.at(-1), from: histogram.edges.at(-1) }] : bins;
  });
  return {
    name,
    spec: {
      data: { values },
      title: subtitle === undefined ? title : { text: title, subtitle },
      width: HALF_WIDTH,
      height,
      autosize: { type: "fit", contains: "padding" },
      mark: several
        ? { type: "area", interpolate: "step-after", fillOpacity: 0.4, line: { strokeWidth: 1.2 } }
        : { type: "bar", binSpacing: 1 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          ...(several ? {} : { bin: { binned: true } }),
          scale: { zero: false, nice: false, ...(percent ? { domain: [0, 1] } : {}) },
          axis: percent
            ? { title: x, tickCount: 5, format: ".0%" }
            : { title: x, tickCount: 8, ...(wholeX ? WHOLE : {}) },
        },
        ...(several ? {} : { x2: { field: "to" } }),
        y: {
          field: "value",
          type: "quantitative",
          stack: null,
          axis: { title: y, tickCount: 5, ...(wholeY ? WHOLE : {}) },
        },
        color: {
          field: "split",
          type: "nominal",
          scale: { domain: series.map((entry) => entry.name), range: series.map((entry) => entry.color) },
          legend: several ? { orient: "top-right", offset: 4, symbolType: "square", symbolOpacity: 0.7 } : null,
        },
      },
    },
  };
}
