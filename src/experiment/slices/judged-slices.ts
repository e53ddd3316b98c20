// Slices of judged images: among which images a model is worse than among the others, by more than chance explains. All slices
// are counted together, for of many some are worse by chance.
import { Random, STREAM } from "../../core/random.js";
import { benjaminiHochberg, bootstrapInterval, fisherExact } from "../../core/statistics/index.js";
import { normalCdf } from "../../core/statistics/normal.js";
import type { SliceRowFacts, SlicesFacts } from "../../report/slice-facts.js";
import type { Verdicts } from "../tasks/index.js";
import { type Slice, type SliceAttribute, slicesOf } from "../trust/index.js";

/** Slices with a corrected probability up to this are worse. */
const SURE = 0.05;
/** Smaller slices say nothing. */
const LEAST_IMAGES = 5;
/** So many slices are kept, the worst. */
const MOST_ROWS = 200;
const DRAWS = 999;

/**
 * Slices of judged images, the worst first.
 * @param attributes as `attributesOf` gives them
 * @param seen photos that were looked at
 * @param groups group of each image, drawn together by the bootstrap of errors
 */
export function judgedSlices(
  verdicts: Verdicts,
  attributes: readonly SliceAttribute[],
  seen: number,
  groups?: readonly string[],
): SlicesFacts {
  const { figure } = verdicts;
  const isShare = "right" in verdicts;
  const images = isShare ? verdicts.right.length : verdicts.errors.length;
  const right = isShare ? verdicts.right : new Array<boolean>(images).fill(true);
  const slices = slicesOf(right, attributes).filter(({ count }) => count >= LEAST_IMAGES && count < images);
  const judged = slices.map((slice) =>
    isShare ? shareRow(slice, verdicts.right) : errorRow(slice, verdicts.errors, groups),
  );
  const adjusted = benjaminiHochberg(judged.map(({ p }) => p));
  const rows = judged
    .map((row, at): SliceRowFacts => ({ ...row, adjusted: adjusted[at]!, isWorse: adjusted[at]! <= SURE }))
    .sort((a, b) => a.p - b.p || (isShare ? a.figure - b.figure : b.figure - a.figure))
    .slice(0, MOST_ROWS);
  const whole = isShare ? verdicts.right.filter(Boolean).length / images : mean(verdicts.errors);
  return { figure, isShare, whole, images, seen, rows };
}

type Judged = Omit<SliceRowFacts, "adjusted" | "isWorse">;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const sliceOf = ({ attribute, value, count }: Slice) => ({
  attribute,
  value: typeof value === "string" ? value : rangeText(value.from, value.to),
  images: count,
});

const rangeText = (from: number, to: number): string => (from === to ? short(from) : `${short(from)} to ${short(to)}`);
const short = (value: number): string => String(Number(value.toPrecision(4)));

/** The share of right answers, with Wilson's interval, and Fisher's exact test against the other images. */
function shareRow(slice: Slice, right: readonly boolean[]): Judged {
  const { low, high, share, count, right: hits } = slice;
  const others = right.filter(Boolean).length - hits;
  const p = fisherExact(hits, count, others, right.length - count);
  return { ...sliceOf(slice), figure: share, low, high, p };
}

/** Slices from this size on are tested by the limit of the permutations, a normal distribution (Hoeffding, 1951). */
const LARGE = 100;
/** Rows that all draws of a bootstrap take together, for large slices. */
const MOST_DRAWN = 1_000_000;
const [FEWEST_INTERVAL_DRAWS, MOST_INTERVAL_DRAWS] = [200, 1000];

/** The mean error, with a bootstrap interval, and the probability of a mean as large in any other images of that number. */
function errorRow(slice: Slice, errors: readonly number[], groups: readonly string[] | undefined): Judged {
  const errorsOfSlice = slice.images.map((at) => errors[at]!);
  const draws = Math.round(MOST_DRAWN / errorsOfSlice.length);
  const interval = bootstrapInterval(
    errorsOfSlice.length,
    (rows) => rows.reduce((sum, row) => sum + errorsOfSlice[row]!, 0) / rows.length,
    {
      ...(groups && { groups: slice.images.map((at) => groups[at]!) }),
      method: "percentile",
      draws: Math.max(FEWEST_INTERVAL_DRAWS, Math.min(MOST_INTERVAL_DRAWS, draws)),
    },
  );
  const p =
    errorsOfSlice.length < LARGE ? permuted(errorsOfSlice, errors) : 1 - normalCdf(standardMean(errorsOfSlice, errors));
  return { ...sliceOf(slice), figure: mean(errorsOfSlice), ...interval, p };
}

/** Distance of a mean from that of all, in standard deviations of means of as many that are drawn without replacement. */
function standardMean(ofSlice: readonly number[], all: readonly number[]): number {
  const centre = mean(all);
  const variance = all.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (all.length - 1);
  const error = Math.sqrt((variance / ofSlice.length) * (1 - ofSlice.length / all.length));
  return error === 0 ? 0 : (mean(ofSlice) - centre) / error;
}

/** The share of permutations with as large a sum. */
function permuted(ofSlice: readonly number[], all: readonly number[]): number {
  const sum = ofSlice.reduce((total, value) => total + value, 0);
  const drawn = Float64Array.from(all);
  let asLarge = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const random = new Random(0, STREAM.user, draw);
    let total = 0;
    for (let i = 0; i < ofSlice.length; i++) {
      const other = i + random.integer(drawn.length - i);
      [drawn[i], drawn[other]] = [drawn[other]!, drawn[i]!];
      total += drawn[i]!;
    }
    // Sums in another order must not tell equal ones apart.
    if (total >= sum * (1 - 1e-12)) asLarge++;
  }
  return (1 + asLarge) / (1 + DRAWS);
}
