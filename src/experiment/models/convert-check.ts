// The cost of weights in fewer bits, measured on images of the user's: the original and the rounded model answer the same
// images, and the task counts the decisions that both make. Where images lie in folders by the model's classes, both accuracies
// are told as well.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { argMax } from "../../core/tensor-functions.js";
import type { LoadedModel } from "../../formats/index.js";
import { onPixels } from "../../formats/models/pixels.js";
import { baseName, parentFolder } from "../../platform/paths.js";
import { imagePaths } from "../data/image-paths.js";
import { type Agreement, agreementOn, taskOf } from "../tasks/index.js";
import { plainPreprocessing } from "./foreign-model.js";
import { readableImages } from "./trained-model.js";

type Opened = Pick<LoadedModel, "model" | "facts">;
type Outputs = Tensor<"float32">;

/** Answers of a rounded model beside those of the original. */
export interface ImageCheck {
  /** Number of images that could be read. */
  readonly images: number;
  /** Number of images that could not be read. */
  readonly unreadable: number;
  /** Decisions that both models make, of all decisions; undefined where answers are numbers. */
  readonly agreement: Agreement | undefined;
  /** Largest difference of an output. */
  readonly maxDifference: number;
  /** Shares of right answers where folders are named as the model's classes; undefined where none is. */
  readonly accuracy: Accuracy | undefined;
}

interface Accuracy {
  readonly images: number;
  readonly before: number;
  readonly after: number;
  /** Shares of images with their class among the five highest; undefined for fewer than ten classes. */
  readonly top5: { readonly before: number; readonly after: number } | undefined;
}

/** Checks whether the label is among the five highest outputs. */
const isAmongFive = (outputs: ArrayLike<number>, label: number): boolean =>
  Array.from(outputs).filter((value) => value > outputs[label]!).length < 5;

/** Images that are in memory at once. */
const BATCH = 32;

/**
 * Compares two models on the images of a folder.
 * @throws FoveaError when there are no images, or the model takes none
 */
export async function checkOnImages(original: Opened, rounded: Opened, folder: string): Promise<ImageCheck> {
  const preprocessing = original.facts?.preprocessing ?? plainPreprocessing(original.model);
  if (preprocessing === undefined || original.model.outputShapes.length !== 1)
    throw new FoveaError(
      "unsuited-model",
      `--check compares answers about images, and ${original.model.label} takes none or has several outputs`,
    );
  const names = original.facts?.classNames ?? [];
  const [before, after] = [original, rounded].map(({ model, facts }) => onPixels(model, facts)) as [
    LoadedModel["model"],
    LoadedModel["model"],
  ];
  const compare = comparison(original);
  let [images, unreadable, maxDifference] = [0, 0, 0];
  let agreement: Agreement | undefined;
  const labelled = { images: 0, before: 0, after: 0, fiveBefore: 0, fiveAfter: 0 };
  const paths = await imagePaths([folder]);
  for (let start = 0; start < paths.length; start += BATCH) {
    const { x, paths: read, bad } = await readableImages({ preprocessing }, paths.slice(start, start + BATCH));
    unreadable += bad.length;
    if (x === undefined) continue;
    const [a, b] = [await before.predict(x), await after.predict(x)];
    agreement = added(agreement, compare(a, b));
    const [firsts, seconds] = [argMax(a).data, argMax(b).data];
    const width = a.data.length / read.length;
    for (const [index, path] of read.entries()) {
      const [ours, theirs] = [a, b].map(({ data }) => data.subarray(index * width, (index + 1) * width)) as [
        Float32Array,
        Float32Array,
      ];
      for (const [i, value] of ours.entries()) maxDifference = Math.max(maxDifference, Math.abs(value - theirs[i]!));
      const [first, second] = [firsts[index], seconds[index]];
      const label = names.indexOf(baseName(parentFolder(path)));
      if (label < 0 || width !== names.length) continue;
      labelled.images++;
      if (first === label) labelled.before++;
      if (second === label) labelled.after++;
      if (isAmongFive(ours, label)) labelled.fiveBefore++;
      if (isAmongFive(theirs, label)) labelled.fiveAfter++;
    }
    images += read.length;
  }
  await Promise.all([before.close(), after.close()]);
  if (images === 0) throw new FoveaError("no-images", `${folder}: has no image that can be read`);
  return {
    images,
    unreadable,
    agreement,
    maxDifference,
    accuracy: labelled.images === 0 ? undefined : accuracyOf(labelled, names.length),
  };
}

/** Compares the outputs of two models by the task of the first; by the highest output of vectors where it has none. */
function comparison({ model, facts }: Opened): (ours: Outputs, theirs: Outputs) => Agreement | undefined {
  const task = facts?.task;
  if (task !== undefined) {
    const { agreement, readings } = taskOf(task);
    return (...both) => {
      const [ours, theirs] = both.map((outputs) => readings(model, outputs));
      return agreement?.(ours!, theirs!, task);
    };
  }
  const [width, ...others] = model.outputShapes[0]!;
  if (width === 1 || others.length > 0) return () => undefined;
  return (ours, theirs) => agreementOn("images", argMax(ours).data, argMax(theirs).data);
}

const added = (sum: Agreement | undefined, more: Agreement | undefined): Agreement | undefined =>
  sum === undefined || more === undefined
    ? (sum ?? more)
    : { ...sum, same: sum.same + more.same, all: sum.all + more.all };

function accuracyOf(
  { images, before, after, fiveBefore, fiveAfter }: Readonly<Record<string, number>> & { readonly images: number },
  classes: number,
): Accuracy {
  const share = (right: number | undefined): number => (right ?? 0) / images;
  const top5 = classes < 10 ? undefined : { before: share(fiveBefore), after: share(fiveAfter) };
  return { images, before: share(before), after: share(after), top5 };
}
