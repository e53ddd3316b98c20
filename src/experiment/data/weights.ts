// Weights of images in the loss: by their class, or image by image from a table. They come from a wish or a recipe and
// end as one number for each training image.
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import { textOfBytes } from "../../core/text-bytes.js";
import { parseCsv } from "../../data/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { LabelledSource } from "../../nn/index.js";
import { exists, readBytes } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { countsOf, type Folders, type Part, UNEVEN } from "./parts.js";

/** Weights by the names of classes; a class that is not named counts 1. */
export type ClassWeights = readonly { readonly name: string; readonly weight: number }[];
/** `"balanced"`: every class counts the same in all, however many images it has. */
export type ClassWeightWish = "balanced" | ClassWeights;

interface Training {
  readonly parts: { readonly train: Part };
}

/**
 * Weights as scikit-learn's compute_class_weight("balanced") gives them: images / (classes * images of the class).
 * @param counts training images of each class, none of them 0
 * @example balancedWeights([190, 10]) // [0.526, 10]
 */
export function balancedWeights(counts: ArrayLike<number>): number[] {
  const each = Array.from(counts);
  const total = each.reduce((sum, count) => sum + count, 0);
  return each.map((count) => total / (each.length * count));
}

/**
 * The weight of each class, in the order of the classes.
 * @throws FoveaError for a name that is no class, and for weights that are negative or not finite.
 */
export function classWeightsFor(wish: ClassWeightWish, { parts: { train } }: Training): number[] {
  const { targets, rows } = train;
  if (targets.kind !== "classes" || targets.areIdentities)
    throw new FoveaError(
      "unsuited-option",
      "class weights: the targets are no classes of all parts; leave out --class-weight, and weigh images by a column weight",
    );
  return classWeightsOf(wish, targets.classNames, countsOf(targets, rows)!);
}

/** The same from the number of training images of each class. @throws FoveaError as `classWeightsFor` does. */
export function classWeightsOf(
  wish: ClassWeightWish,
  classNames: readonly string[],
  counts: ArrayLike<number>,
): number[] {
  if (wish === "balanced") return balancedWeights(counts);
  const weights = new Map(classNames.map((name) => [name, 1]));
  for (const { name, weight } of wish) {
    if (!weights.has(name))
      throw new FoveaError(
        "unknown-class",
        `class weights: "${name}" is no class of these images; the classes are ${classNames.slice(0, 20).join(", ")}`,
      );
    if (!Number.isFinite(weight) || weight < 0)
      throw new FoveaError(
        "out-of-range",
        `class weights: expected a number of at least 0 for "${name}", received ${weight}`,
      );
    weights.set(name, weight);
  }
  return classNames.map((name) => weights.get(name)!);
}

/**
 * A table of image weights as a recipe records it: its path, and the SHA-256 of its bytes.
 * @param path of a CSV file with the columns `file` and `weight`
 * @throws FoveaError where there is no such file or it cannot be read
 * @example
 * await writeFile("weights.csv", "file,weight\ncat/1.png,2\n");
 * const sampleWeight = await recordedWeights("weights.csv"); // { path: "weights.csv", sha256: ... }
 */
export async function recordedWeights(path: string): Promise<NonNullable<Recipe["training"]["sampleWeight"]>> {
  if (!(await exists(path)))
    throw new FoveaError(
      "not-found",
      `${path}: there is no such table of image weights; give a CSV file with columns file and weight`,
    );
  return { path, sha256: await sha256Hex(await readBytes(path)) };
}

/**
 * Weight of each training image; undefined where all count the same.
 * @throws FoveaError when the recipe's table is not the one it was, or lacks an image.
 */
export async function imageWeights(
  { training }: { readonly training: Pick<Recipe["training"], "classWeight" | "sampleWeight"> },
  { folders, parts }: { readonly folders: Folders; readonly parts: { readonly train: Part } },
): Promise<Float32Array | undefined> {
  const { classWeight, sampleWeight } = training;
  if (classWeight === undefined && sampleWeight === undefined) return undefined;
  const { samples, rows, targets } = parts.train;
  const table = sampleWeight && (await weightTable(sampleWeight));
  return Float32Array.from(rows, (row) => {
    const ofClass = targets.kind === "classes" ? (classWeight?.[targets.indices[row]!] ?? 1) : 1;
    if (table === undefined) return ofClass;
    const file = samples.files[row]!;
    const weight = table.get(file) ?? table.get(`${folders.train.name}/${file}`);
    if (weight === undefined)
      throw new FoveaError(
        "missing-values",
        `${sampleWeight!.path}: has no weight for the image ${file}; expected a row for each training image, ` +
          "with its path in the folder of images",
      );
    return ofClass * weight;
  });
}

const HEADER = ["file", "weight"];

async function weightTable({
  path,
  sha256,
}: NonNullable<Recipe["training"]["sampleWeight"]>): Promise<Map<string, number>> {
  if (!(await exists(path)))
    throw new FoveaError(
      "not-found",
      `${path}: expected the recipe's table of image weights, it is not there; bring it back to that place, or train again with --sample-weight`,
    );
  const bytes = await readBytes(path);
  if ((await sha256Hex(bytes)) !== sha256)
    throw new FoveaError(
      "record-mismatch",
      `${path}: these are not the weights of the run; bring back the run's table, or train again`,
    );
  const [header = [], ...rows] = parseCsv(textOfBytes(path, bytes), { name: path });
  const [file, weight] = HEADER.map((name) => header.indexOf(name));
  if (file! < 0 || weight! < 0)
    throw new FoveaError(
      "unknown-column",
      `${path}: expected columns ${HEADER.join(" and ")}, received ${header.join(", ")}`,
    );
  return new Map(
    rows.map((row, i) => {
      const value = Number(row[weight!]);
      if (row[weight!]!.trim() === "" || !Number.isFinite(value) || value < 0)
        throw new FoveaError(
          "wrong-value",
          `${path}: row ${i + 2}: expected a weight of at least 0, received ${JSON.stringify(row[weight!])}`,
        );
      return [row[file!]!.replaceAll("\\", "/"), value];
    }),
  );
}

/** A source whose sample `i` counts `weights[i]` (times its own weight, where it has one); weights repeat where it has more samples, varied copies of the first. */
export function weighted(source: LabelledSource, weights: Float32Array | undefined): LabelledSource {
  if (weights === undefined) return source;
  return {
    ...source,
    weighted: true,
    take: async (indices) => {
      const batch = await source.take(indices);
      const { sampleWeight } = batch;
      const data = Float32Array.from(
        indices,
        (index, i) => weights[index % weights.length]! * (sampleWeight?.data[i] ?? 1),
      );
      return { ...batch, sampleWeight: tensor(data, [indices.length], "float32") };
    },
  };
}

/** A hint that classes are uneven where nothing evens them out. */
export function unevenHint(
  { training: { classWeight, sampleWeight } }: Pick<Recipe, "training">,
  { parts: { train } }: Training,
): string | undefined {
  const { targets, rows, samples } = train;
  if (classWeight !== undefined || sampleWeight !== undefined || targets.kind !== "classes") return undefined;
  if (targets.areIdentities) return undefined;
  const { classNames } = targets;
  const counts = countsOf(targets, rows)!;
  const least = counts.indexOf(counts.reduce((a, b) => Math.min(a, b)));
  const most = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  if (counts[most]! < UNEVEN * counts[least]!) return undefined;
  return (
    `Classes are uneven: ${counts[most]} training ${samples.nouns[1]} of ${classNames[most]}, ${counts[least]} of ` +
    `${classNames[least]}; --class-weight balanced makes every class count the same.`
  );
}
