// Errors of a verifier by group: of pairs whose images are both of people of a group, how many are accepted falsely and how
// many missed, with Wilson's intervals. A gap between groups that the intervals do not explain is the model's.
import { FoveaError } from "../../core/errors.js";
import { wilsonInterval } from "../../core/statistics/index.js";
import type { ListingColumn } from "../../data/sources/listing.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { LoadedFolder, Part } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { type Outcome, taskOf } from "../tasks/index.js";

/** Rate of an error among pairs. */
export interface PairRate {
  readonly pairs: number;
  readonly count: number;
  readonly share: number;
  /** Interval of 95 %. Pairs share images, so that it is rather too narrow. */
  readonly low: number;
  readonly high: number;
}

/** Errors within a group. */
export interface GroupErrors {
  readonly group: string;
  readonly images: number;
  readonly falseAcceptance: PairRate;
  readonly falseRejection: PairRate;
}

/** The most groups of a column. */
const MOST_GROUPS = 50;

/** Group of each image of a part by a column of its manifest; "" where the cell is empty. */
function groupsIn(
  { path, listing, group }: LoadedFolder<ImageSamples>,
  { rows, samples }: Part<ImageSamples>,
  column: string,
): readonly string[] {
  if (column === "group" && group !== undefined) return Array.from(rows, (row) => group[row]!);
  const values: ListingColumn | undefined =
    listing !== undefined && Object.hasOwn(listing.columns, column) ? listing.columns[column] : undefined;
  if (values === undefined || listing === undefined)
    throw new FoveaError(
      "unknown-column",
      `${path}: there is no column ${JSON.stringify(column)}; groups come from a manifest, path,identity,${column} with a row for each image`,
    );
  const places = new Map(listing.images.map(({ path: image }, at) => [image, at]));
  return Array.from(rows, (row) => {
    const at = places.get(samples.files[row]!);
    return at === undefined ? "" : String(values[at] ?? "");
  });
}

const rateOf = (count: number, pairs: number): PairRate => ({ pairs, count, ...wilsonInterval(count, pairs) });

/**
 * Errors within each group of a column.
 * @param outcome pairs of the part's images with their cosines
 * @param task the model's, with its threshold
 * @throws FoveaError for a column that there is not, or one of fewer than two groups or more than 50
 */
export function groupErrorsOf(
  outcome: Outcome,
  task: TaskFacts,
  folder: LoadedFolder<ImageSamples>,
  part: Part<ImageSamples>,
  column: string,
): readonly GroupErrors[] {
  const record = taskOf(task);
  const pairs = record.pairs?.(outcome);
  if (pairs === undefined)
    throw new FoveaError(
      "unsuited-model",
      `${column}: errors of pairs are those of a verifier; see fovea evaluate --fairness for other models`,
    );
  const groups = groupsIn(folder, part, column);
  const names = [...new Set(groups)].filter((name) => name !== "");
  if (names.length < 2 || names.length > MOST_GROUPS)
    throw new FoveaError(
      "unsuited-data",
      `${folder.path}: expected from 2 to ${MOST_GROUPS} groups in ${column}, found ${names.length}; name another column`,
    );
  const { first, second, same, scores } = pairs;
  const threshold = record.comparison?.(task).threshold;
  if (threshold === undefined)
    throw new FoveaError("unfinished", "the model has no threshold, since its training was broken off; go on with it");
  return names.map((group) => {
    const within = Array.from(scores, (_, at) => at).filter(
      (at) => groups[first[at]!] === group && groups[second[at]!] === group,
    );
    const count = (kind: number, isWrong: (score: number) => boolean): PairRate => {
      const pairs = within.filter((at) => same[at] === kind);
      return rateOf(pairs.filter((at) => isWrong(scores[at]!)).length, pairs.length);
    };
    return {
      group,
      images: groups.filter((name) => name === group).length,
      falseAcceptance: count(0, (score) => score >= threshold),
      falseRejection: count(1, (score) => score < threshold),
    };
  });
}
