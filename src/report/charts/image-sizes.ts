// Heights and widths of the images, as counts and as densities, the splits laid over one another.
import type { SplitFacts } from "../facts.js";
import { histogram, rangeOf } from "../histogram.js";
import { bars } from "./histogram-bars.js";
import type { Chart } from "./render.js";
import { COLORS } from "./theme.js";

const BINS = 30;

/**
 * Up to four charts: heights and widths as counts, then both as densities; splits without sizes are left out.
 * @param splits Parts of the data.
 */
export function imageSizes(splits: readonly SplitFacts[]): Chart[] {
  return [false, true].flatMap((density) =>
    (["heights", "widths"] as const).flatMap((side) => {
      const known = splits
        .map((split, i) => ({ name: split.name, values: split[side] ?? [], color: COLORS.series[i % 4]! }))
        .filter(({ values }) => values.length > 0);
      if (known.length === 0) return [];
      // Common edges make the bars of one split comparable with those of the other.
      const range = rangeOf(...known.map(({ values }) => values));
      return bars({
        name: `image-${side}-${density ? "density" : "count"}`,
        title: `Image ${side}, ${density ? "as densities" : "as counts"}`,
        x: `${side === "heights" ? "height" : "width"} in pixels`,
        y: density ? "density" : "images",
        series: known.map(({ name, values, color }) => ({ name, histogram: histogram(values, BINS, range), color })),
        density,
        wholeX: true,
        wholeY: !density,
      });
    }),
  );
}
