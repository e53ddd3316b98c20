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
  /** Pairs that could be judged wrong: those of two identities for acceptances, those of one for rejections. */
  readonly pairs: number;
  /** Pairs among them that are judged wrong. */
  readonly count: number;
  /** `count` in `pairs`, from 0 to 1. */
  readonly share: number;
  /** Lower end of Wilson's interval of 95 %. Pairs share images, so that the interval is rather too narrow. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/** Errors within a group. */
export interface GroupErrors {
  /** The group, as the cells of the column have it. */
  readonly group: string;
  /** Images of the group in the part. */
  readonly images: number;
  /** Pairs of two identities that the model takes for one. */
  readonly falseAcceptance: PairRate;
  /** Pairs of one identity that the model takes for two. */
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
 * @param folder that the part's images are of, with the columns of its manifest
 * @param part with the images of the outcome
 * @param column of the manifest that has the group of each image, such as `sex`; images with empty cells are in no group
 * @throws FoveaError for a column that there is not, or one of fewer than two groups or more than 50
 * @example
 * const { model: verifying, task } = await openModel("verifier.keras");
 * const look = { imageSize: [12, 12], color: "grayscale", interpolation: "bilinear" };
 * const people = await loadData({ train: "people.csv" }, look, { validation: 0.25, seed: 1 }, { task: "verification" });
 * const { folders, parts } = people;
 * const outcome = await decide(verifying, task, parts.train, 8);
 * const [first, second] = groupErrorsOf(outcome, task, folders.train, parts.train, "sex");
 * first.falseRejection.share - second.falseRejection.share; // the gap between the groups
 * await closeData(people);
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
      `${column}: --groups is about pairs of images, and this is a ${record.model}; ` +
        `compare its groups with ${record.undecided === undefined ? "--fairness" : "--slices"}`,
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
    throw new FoveaError("unfinished", "the model has no threshold, since its training was interrupted; continue it");
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
