// Rows as points: actual against predicted on two equal axes, and residuals against the prediction.
import { printable } from "../../../core/text.js";
import type { TargetFacts } from "../../facts.js";
import { whole } from "../../format.js";
import type { Chart, Layer } from "../render.js";
import { COLORS, HALF_WIDTH, SQUARE_EXTRA } from "../theme.js";
import { amountAxis, amountScale, axisLike, inUnit } from "./amounts.js";

/** More points than this hide one another and make a page large: then every k-th row is drawn. */
const MOST_POINTS = 900;

/** Rows that are drawn, evenly spread over the data. */
function drawnRows(count: number): number[] {
  const drawn = Math.min(count, MOST_POINTS);
  return Array.from({ length: drawn }, (_, i) => Math.floor((i * count) / drawn));
}

const drawnOf = (count: number): string =>
  count > MOST_POINTS ? `${whole(MOST_POINTS)} of ${whole(count)} rows` : `${whole(count)} rows`;

const pointsOf = (count: number) =>
  ({
    type: "point",
    filled: true,
    // Hundreds of points would be read aloud one by one.
    aria: false,
    size: count > 300 ? 16 : 30,
    opacity: count > 300 ? 0.45 : 0.65,
    color: COLORS.series[0],
  }) as const;

/** Actual against predicted: what lies on the line is right. */
export function actualAgainstPredicted(target: TargetFacts, prefix: string): Chart {
  const { actual, predicted, unit } = target;
  const name = printable(target.name);
  const axis = amountAxis(actual, predicted);
  const values = drawnRows(actual.length).map((row) => ({ x: predicted[row]!, y: actual[row]! }));
  const [low, high] = axis.domain;
  const x = { field: "x", type: "quantitative", ...amountScale(axis, inUnit(`predicted ${name}`, unit)) } as const;
  const y = { field: "y", type: "quantitative", ...amountScale(axis, inUnit(`actual ${name}`, unit)) } as const;
  const line: Layer = {
    data: { values: [low, high].map((end) => ({ x: end, y: end })) },
    mark: { type: "line", color: COLORS.muted, strokeDash: [4, 3], strokeWidth: 1.2 },
    encoding: { x, y },
  };
  const points: Layer = {
    data: { values },
    mark: { ...pointsOf(values.length), clip: true },
    encoding: { x, y },
  };
  return {
    name: `${prefix}scatter`,
    spec: {
      width: HALF_WIDTH,
      height: HALF_WIDTH + SQUARE_EXTRA,
      autosize: { type: "fit", contains: "padding" },
      title: { text: "Actual against predicted", subtitle: `${drawnOf(actual.length)}; on the line both are equal` },
      layer: [points, line],
    },
  };
}

/** Residuals of the deviance against the prediction, with the means of their tenths: a trend says what the model misses. */
export function residualsAgainstPredicted(target: TargetFacts, prefix: string): Chart {
  const { actual, predicted, residuals, unit } = target;
  const axis = axisLike(amountAxis(actual, predicted), predicted);
  const values = drawnRows(predicted.length).map((row) => ({ x: predicted[row]!, y: residuals[row]! }));
  const x = {
    field: "x",
    type: "quantitative",
    ...amountScale(axis, inUnit(`predicted ${printable(target.name)}`, unit)),
  } as const;
  const y = {
    field: "y",
    type: "quantitative",
    scale: { zero: true, nice: true },
    axis: { title: `residual of the ${target.deviance}`, tickCount: 7 },
  } as const;
  const means = meansOfTenths(predicted, residuals);
  return {
    name: `${prefix}residuals`,
    spec: {
      width: HALF_WIDTH,
      height: HALF_WIDTH + SQUARE_EXTRA,
      autosize: { type: "fit", contains: "padding" },
      title: {
        text: "Residuals",
        subtitle: "above 0 the prediction is too low; the line joins means of tenths",
      },
      layer: [
        { data: { values }, mark: pointsOf(values.length), encoding: { x, y } },
        {
          data: { values: [{ y: 0 }] },
          mark: { type: "rule", color: COLORS.muted, strokeDash: [4, 3] },
          encoding: { y },
        },
        {
          data: { values: means },
          mark: {
            type: "line",
            color: COLORS.series[1],
            strokeWidth: 2,
            point: { filled: true, size: 36, color: COLORS.series[1] },
          },
          encoding: { x, y },
        },
      ],
    },
  };
}

/** The mean prediction and the mean residual of each tenth of the rows, the lowest predictions first. */
function meansOfTenths(predicted: ArrayLike<number>, residuals: ArrayLike<number>): { x: number; y: number }[] {
  const rows = Array.from(predicted, (_, row) => row).sort((a, b) => predicted[a]! - predicted[b]! || a - b);
  const mean = (of: ArrayLike<number>, some: readonly number[]): number =>
    some.reduce((sum, row) => sum + of[row]!, 0) / some.length;
  return Array.from({ length: 10 }, (_, i) =>
    rows.slice(Math.floor((i * rows.length) / 10), Math.floor(((i + 1) * rows.length) / 10)),
  )
    .filter((some) => some.length > 0)
    .map((some) => ({ x: mean(predicted, some), y: mean(residuals, some) }));
}
