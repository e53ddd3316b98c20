// The figure that every accuracy is held against: what is right about always saying the commonest class of the training
// images. Where classes are uneven it is high, and a model that has learned nothing looks good.

/** The class with the most images. */
export const commonest = (counts: ArrayLike<number>): number =>
  Array.from(counts).reduce((best, count, k, all) => (count > all[best]! ? k : best), 0);

/** The share of labels that are `classIndex`. */
export const shareOf = (labels: ArrayLike<number>, classIndex: number): number =>
  labels.length === 0 ? 0 : Array.from(labels).filter((label) => label === classIndex).length / labels.length;

/**
 * The commonest class, and the accuracy of an answer that is always this class: the baseline of a model that was trained
 * elsewhere or before.
 * @param evaluated with `labels`, the class of each evaluated image, counted from 0
 * @param classes number of classes
 * @param trainedOn number of training images of each class, where the model's file has it; else the evaluated images decide
 * @example
 * baselineFor({ labels: [0, 1, 1] }, 2, [90, 10]); // { classIndex: 0, accuracy: 1 / 3, of: "training" }
 * baselineFor({ labels: [0, 1, 1] }, 2, undefined).of; // "evaluated"
 */
export function baselineFor(
  { labels }: { readonly labels: ArrayLike<number> },
  classes: number,
  trainedOn: readonly number[] | undefined,
): { readonly classIndex: number; readonly accuracy: number; readonly of: "training" | "evaluated" } {
  const counts = new Array<number>(classes).fill(0);
  for (const label of Array.from(labels)) counts[label]! += 1;
  const known = trainedOn?.length === classes;
  const classIndex = commonest(known ? trainedOn : counts);
  return { classIndex, accuracy: shareOf(labels, classIndex), of: known ? "training" : "evaluated" };
}
