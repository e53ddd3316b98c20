// Deciles of the prediction: actual over expected with intervals, and what came beside what was expected (lift).
import { printable } from "../../../core/text.js";
import type { DecileFacts, TargetFacts } from "../../facts.js";
import { amount } from "../../format.js";
import type { Chart } from "../render.js";
import { COLORS, HALF_WIDTH } from "../theme.js";
import { inUnit } from "./amounts.js";

const HEIGHT = 300;

/** Checks whether the interval of a decile holds 1: then chance explains its difference. */
export const isWithinChance = ({ low, high }: DecileFacts): boolean => low <= 1 && high >= 1;

const decileAxis = (deciles: readonly DecileFacts[]) =>
  ({
    field: "decile",
    type: "ordinal",
    scale: { domain: deciles.map(({ number }) => number) },
    axis: {
      title: "decile of the prediction, lowest first",
      labelAngle: 0,
      grid: false,
      ticks: false,
      labelPadding: 6,
    },
  }) as const;

const WITHIN = "within chance";
const BEYOND = "beyond chance";

/**
 * Actual over expected by decile with 95 % intervals; deciles whose interval leaves 1 out have another colour.
 * @returns undefined where a mean is below 0, of which no ratio can be read
 */
export function actualToExpectedChart({ deciles }: TargetFacts, prefix: string): Chart | undefined {
  if (!deciles.every(({ actual, predicted }) => actual >= 0 && predicted > 0)) return undefined;
  // A single decile may reach to infinity, and one of a few rows very far: the axis ends at three times the highest ratio.
  const highest = Math.max(1, ...deciles.map(({ ratio }) => ratio).filter(Number.isFinite));
  const lowest = Math.min(1, ...deciles.map(({ ratio }) => ratio).filter(Number.isFinite));
  const [floor, ceiling] = [Math.min(0, 3 * lowest), 3 * highest];
  const values = deciles.map((decile) => ({
    decile: decile.number,
    ratio: decile.ratio,
    low: Math.max(floor, decile.low),
    high: Math.min(ceiling, decile.high),
    chance: isWithinChance(decile) ? WITHIN : BEYOND,
    what: `decile ${decile.number}: ${decile.ratio.toFixed(2)}, from ${decile.low.toFixed(2)} to ${decile.high.toFixed(2)}`,
  }));
  const x = decileAxis(deciles);
  const color = {
    field: "chance",
    type: "nominal",
    scale: { domain: [WITHIN, BEYOND], range: [COLORS.right, COLORS.wrong] },
    legend: { orient: "top", offset: 2, padding: 0, symbolType: "circle" },
  } as const;
  const title = "actual / expected";
  return {
    name: `${prefix}ratio`,
    spec: {
      data: { values },
      width: HALF_WIDTH,
      height: HEIGHT,
      autosize: { type: "fit", contains: "padding" },
      title: { text: "Actual to expected", subtitle: "by decile, with 95% intervals; 1 is as predicted" },
      layer: [
        {
          data: { values: [{ y: 1 }] },
          mark: { type: "rule", color: COLORS.muted },
          encoding: { y: { field: "y", type: "quantitative" } },
        },
        {
          mark: { type: "rule", strokeWidth: 2 },
          encoding: {
            x,
            y: {
              field: "low",
              type: "quantitative",
              scale: { zero: false, nice: true },
              axis: { title, tickCount: 6 },
            },
            y2: { field: "high" },
            color,
          },
        },
        {
          mark: { type: "point", aria: true, filled: true, size: 64, opacity: 1 },
          encoding: { x, y: { field: "ratio", type: "quantitative" }, color, description: { field: "what" } },
        },
      ],
    },
  };
}

const [ACTUAL, PREDICTED] = ["actual", "predicted"];

/** Means of actual and predicted numbers by decile: a model that tells rows apart climbs, one that is right climbs alike. */
export function liftChart(target: TargetFacts, prefix: string): Chart {
  const { deciles, figures, unit } = target;
  const values = deciles.flatMap(({ number, actual, predicted }) => [
    { decile: number, series: PREDICTED, mean: predicted },
    { decile: number, series: ACTUAL, mean: actual },
  ]);
  const [lowest, highest] = [deciles[0]!, deciles.at(-1)!];
  const times = highest.actual / lowest.actual;
  const subtitle =
    Number.isFinite(times) && times > 0
      ? `the highest decile has ${amount(Number(times.toPrecision(2)))} times the actual mean of the lowest`
      : "means by decile; the thin line is the mean of all";
  const y = {
    type: "quantitative",
    scale: { zero: true },
    axis: {
      title: inUnit(`mean ${printable(target.name)}`, unit),
      tickCount: 6,
      format: highest.predicted >= 1e5 ? "~s" : ",~r",
    },
  } as const;
  const colors = [COLORS.series[1], COLORS.series[0]];
  return {
    name: `${prefix}lift`,
    spec: {
      data: { values },
      width: HALF_WIDTH,
      height: HEIGHT,
      autosize: { type: "fit", contains: "padding" },
      title: { text: "Lift", subtitle },
      layer: [
        {
          data: { values: [{ mean: figures.meanActual }] },
          mark: { type: "rule", color: COLORS.muted, strokeDash: [3, 3] },
          encoding: { y: { field: "mean", ...y } },
        },
        {
          mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 44 } },
          encoding: {
            x: decileAxis(deciles),
            y: { field: "mean", ...y },
            color: {
              field: "series",
              type: "nominal",
              scale: { domain: [PREDICTED, ACTUAL], range: colors },
              legend: { orient: "top", offset: 2, padding: 0, symbolType: "stroke", symbolStrokeWidth: 3 },
            },
          },
        },
      ],
    },
  };
}
