// The charts of one predicted number, and how the numbers themselves are spread over the parts of the data.
import { printable } from "../../../core/text.js";
import type { SplitFacts, TargetFacts } from "../../facts.js";
import { histogram, rangeOf } from "../../histogram.js";
import { bars } from "../histogram-bars.js";
import type { Chart } from "../render.js";
import { COLORS } from "../theme.js";
import { inUnit } from "./amounts.js";
import { actualToExpectedChart, liftChart } from "./deciles.js";
import { lorenzChart } from "./lorenz.js";
import { actualAgainstPredicted, residualsAgainstPredicted } from "./scatter.js";

const BINS = 30;

/** The prefix of a target's charts. */
export const targetPrefix = (index: number): string => `target-${index + 1}-`;

/** The charts of a target, in the order of the page. */
export function targetCharts(target: TargetFacts, index: number): Chart[] {
  const prefix = targetPrefix(index);
  const residuals = Float64Array.from(target.residuals).filter(Number.isFinite);
  return [
    actualAgainstPredicted(target, prefix),
    residualsAgainstPredicted(target, prefix),
    ...(target.deciles.length === 0 ? [] : [actualToExpectedChart(target, prefix), liftChart(target, prefix)]),
    lorenzChart(target, prefix),
    bars({
      name: `${prefix}residual-histogram`,
      title: "Residuals by size",
      subtitle: `of the ${target.deviance}`,
      x: "residual",
      y: "rows",
      series: [{ name: "residuals", histogram: histogram(residuals, BINS), color: COLORS.series[0] }],
      density: false,
      wholeY: true,
      height: 340,
    }),
  ].filter((chart) => chart !== undefined);
}

/** Spread of each target, the parts laid over one another as densities. */
export function targetHistograms(splits: readonly SplitFacts[]): Chart[] {
  const names = [...new Set(splits.flatMap(({ targets = [] }) => targets.map(({ name }) => name)))];
  return names.map((name, index) => {
    const known = splits.flatMap((split, i) => {
      const target = split.targets?.find((candidate) => candidate.name === name);
      return target === undefined || target.values.length === 0
        ? []
        : [{ split: split.name, ...target, color: COLORS.series[i % 4]! }];
    });
    const range = rangeOf(...known.map(({ values }) => values));
    return bars({
      name: `spread-${index + 1}`,
      title: `${printable(name)}, as densities`,
      x: inUnit(printable(name), known[0]?.unit),
      y: "density",
      series: known.map(({ split, values, color }) => ({
        name: split,
        histogram: histogram(values, BINS, range),
        color,
      })),
      density: true,
    });
  });
}
