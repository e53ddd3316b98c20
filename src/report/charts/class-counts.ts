// Numbers of images by class: as bars per class, and as a histogram of the classes' sizes.

import { nounsOf } from "../evaluation.js";
import type { SplitFacts } from "../facts.js";
import { histogram } from "../histogram.js";
import { axisNames, horizontalLabels, roomFor } from "./class-names.js";
import { bars } from "./histogram-bars.js";
import type { Chart } from "./render.js";
import { COLORS, FULL_WIDTH } from "./theme.js";

/** With fewer classes than this the bars say it all, and a histogram of them is noise. */
const FEWEST_FOR_HISTOGRAM = 10;

/** With more classes than this the bars are thinner than a line, and the histogram says it all. */
const MOST_FOR_BARS = 400;

/**
 * Charts of the classes' sizes: a histogram per split where there are enough classes, then the bars.
 * @param splits Parts of the data.
 * @param classNames Names of the classes, by number.
 * @example
 * const splits = [{ name: "Train", counts: [9, 12, 4], heights: [12, 12, 16], widths: [12, 16, 16] }];
 * const charts = classCounts(splits, classNames).concat(imageSizes(splits));
 * const svg = await standaloneSvg(await renderSvg(charts[0])); // a file of its own
 */
export const classCounts = (splits: readonly SplitFacts[], classNames: readonly string[]): Chart[] => [
  ...(classNames.length < FEWEST_FOR_HISTOGRAM ? [] : splits.map(classCountHistogram)),
  ...(splits.length === 0 || classNames.length > MOST_FOR_BARS ? [] : [countsPerClass(splits, classNames)]),
];

/**
 * Classes by their number of images, in 30 bins as np.histogram cuts them.
 * @param split A part of the data.
 * @param index Number of the part, from 0, which gives the colour.
 * @example classCountHistogram({ name: "Train", counts: [9, 12, 4] }, 0).name; // "class-count-histogram-1"
 */
export function classCountHistogram(split: SplitFacts, index: number): Chart {
  const [, nouns] = nounsOf([split]);
  return bars({
    name: `class-count-histogram-${index + 1}`,
    title: `${split.name}: classes by number of ${nouns}`,
    x: `${nouns} in the class`,
    y: "classes",
    series: [{ name: split.name, histogram: histogram(split.counts, 30), color: COLORS.series[index % 4]! }],
    density: false,
    wholeX: true,
    wholeY: true,
  });
}

/**
 * One bar per class, a panel per split above one another, so that a class that is short of images stands out.
 * @param splits Parts of the data.
 * @param classNames Names of the classes, by number.
 * @param title The heading; default, images or rows per class.
 * @param fullWidth Width in pixels; default that of a page.
 * @example countsPerClass([{ name: "Train", counts: [9, 12, 4] }], classNames).name; // "counts-per-class"
 */
export function countsPerClass(
  splits: readonly SplitFacts[],
  classNames: readonly string[],
  title = `${nounsOf(splits)[1] === "rows" ? "Rows" : "Images"} per class`,
  fullWidth = FULL_WIDTH,
): Chart {
  const names = axisNames(classNames);
  const width = Math.min(fullWidth - 70, Math.max(240, names.length * Math.max(34, roomFor(names))));
  const values = splits.flatMap((split) =>
    names.map((name, i) => ({ split: split.name, name, count: split.counts[i] ?? 0 })),
  );
  return {
    name: "counts-per-class",
    spec: {
      data: { values },
      title,
      spacing: 18,
      facet: {
        row: {
          field: "split",
          type: "nominal",
          sort: splits.map((split) => split.name),
          header: { labelAngle: 0, labelAnchor: "start", labelOrient: "top" },
        },
      },
      spec: {
        width,
        height: 110,
        mark: "bar",
        encoding: {
          x: {
            field: "name",
            type: "ordinal",
            sort: null,
            scale: { domain: names, paddingInner: 0.22, paddingOuter: 0.1 },
            axis: { title: null, ...horizontalLabels(names, width / names.length, "bottom") },
          },
          y: {
            field: "count",
            type: "quantitative",
            axis: { title: null, tickCount: 4, tickMinStep: 1, format: ",d" },
          },
          color: {
            field: "split",
            type: "nominal",
            scale: { domain: splits.map((split) => split.name), range: [...COLORS.series] },
            legend: null,
          },
        },
      },
      resolve: { scale: { y: "independent" } },
    },
  };
}
