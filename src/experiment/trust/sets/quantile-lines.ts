// Quantiles of a regression's errors along its predictions: lines through a few groups of validation samples, which ranges of the
// method `quantile` follow. A model with one output has no quantiles of its own; these are fitted behind it.
import { quantileOf } from "../../../core/statistics/index.js";

/** Lower and upper quantile of actual less predicted at some predictions, ascending; between them lines, beyond them the ends. */
export interface QuantileLines {
  readonly at: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The most groups, and the fewest samples that one has. */
const [MOST_GROUPS, FEWEST] = [10, 40];

/**
 * Quantiles of the errors in groups of about equally many samples, in the order of their predictions; each stands at the median
 * prediction of its group.
 * @param actual the true numbers, at least one
 * @param predicted the predicted ones
 * @param coverage share of samples between the two quantiles, half of the others on each side
 */
export function fitQuantileLines(
  actual: readonly number[],
  predicted: readonly number[],
  coverage: number,
): QuantileLines {
  const order = [...predicted.keys()].sort((a, b) => predicted[a]! - predicted[b]! || a - b);
  const groups = Math.max(1, Math.min(MOST_GROUPS, Math.floor(order.length / FEWEST)));
  const [at, low, high]: [number[], number[], number[]] = [[], [], []];
  for (let group = 0; group < groups; group++) {
    const rows = order.slice(
      Math.floor((group * order.length) / groups),
      Math.floor(((group + 1) * order.length) / groups),
    );
    const errors = rows.map((row) => actual[row]! - predicted[row]!).sort((a, b) => a - b);
    at.push(
      quantileOf(
        rows.map((row) => predicted[row]!),
        0.5,
      ),
    );
    low.push(quantileOf(errors, (1 - coverage) / 2));
    high.push(quantileOf(errors, (1 + coverage) / 2));
  }
  return { at, low, high };
}

/** The two quantiles of the error at a prediction. */
export function quantilesAt({ at, low, high }: QuantileLines, predicted: number): readonly [low: number, high: number] {
  const after = at.findIndex((knot) => knot >= predicted);
  if (after === 0) return [low[0]!, high[0]!];
  if (after < 0) return [low.at(-1)!, high.at(-1)!];
  const share = (predicted - at[after - 1]!) / (at[after]! - at[after - 1]!);
  const between = (values: readonly number[]): number =>
    values[after - 1]! + share * (values[after]! - values[after - 1]!);
  return [between(low), between(high)];
}
