// Heads of transformers with queries: each query is an object or none, its center and size shares of the image.

import { fewRows } from "./finished.js";
import { type Candidate, centered, type Head, type HeadOutput, type HeadValues, LEAST, largest } from "./head.js";

const BOX = 4;

/** The boxes among two outputs, and the scores: where both have four numbers, scores come first. */
function boxesLast<O extends HeadOutput>(outputs: readonly O[]): readonly [scores: O, boxes: O] | undefined {
  const [a, b, ...others] = outputs;
  if (a?.shape.length !== 2 || b?.shape.length !== 2 || others.length > 0 || a.shape[0] !== b.shape[0])
    return undefined;
  if (b.shape[1] === BOX) return [a, b];
  return a.shape[1] === BOX ? [b, a] : undefined;
}

/** Logits `[1, queries, classes + 1]`, the last of "no object", and boxes `[1, queries, 4]`. */
export const detr: Head = {
  title: "DETR, logits [1, queries, classes + 1] and boxes [1, queries, 4]",
  fit: "stretch",
  rescale: "imagenet",
  overlaps: false,
  classes: ({ outputs }) => {
    const [logits] = boxesLast(outputs) ?? [];
    return logits !== undefined && logits.shape[1]! > 1 ? logits.shape[1]! - 1 : undefined;
  },
  candidates: (outputs, classes, [height, width]) => {
    const [logits, boxes] = boxesLast(outputs) as readonly [HeadValues, HeadValues];
    const numbers = classes + 1;
    const found: Candidate[] = [];
    for (let query = 0; query < logits.shape[0]!; query++) {
      const at = (index: number): number => logits.data[query * numbers + index]!;
      const [, top] = largest(numbers, at);
      let sum = 0;
      for (let index = 0; index < numbers; index++) sum += Math.exp(at(index) - top);
      const [label, best] = largest(classes, at);
      const score = Math.fround(Math.exp(best - top) / sum);
      const [x, y, wide, high] = [0, 1, 2, 3].map((i) => boxes.data[BOX * query + i]!) as [
        number,
        number,
        number,
        number,
      ];
      if (score >= LEAST) found.push(centered(label, score, x * width, y * height, wide * width, high * height));
    }
    return found;
  },
};

/** `[1, queries, 4 + classes]`: center and size as shares of the image, then probabilities of classes. */
export const rtDetr: Head = {
  title: "RT-DETR as Ultralytics exports it, [1, queries, 4 + classes]",
  fit: "stretch",
  rescale: "0..1",
  overlaps: false,
  needsNames: true,
  classes: (seen) => {
    const [, numbers] = fewRows(seen) ?? [0, 0];
    return numbers > BOX && seen.isFinished !== true ? numbers - BOX : undefined;
  },
  candidates: ([output], classes, [height, width]) => {
    const { data, shape } = output!;
    const numbers = BOX + classes;
    const found: Candidate[] = [];
    for (let query = 0; query < shape[0]!; query++) {
      const at = (index: number): number => data[query * numbers + index]!;
      const [label, score] = largest(classes, (index) => at(BOX + index));
      if (score >= LEAST)
        found.push(centered(label, score, at(0) * width, at(1) * height, at(2) * width, at(3) * height));
    }
    return found;
  },
};
