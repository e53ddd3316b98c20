// The pixels on which a box of a detector from elsewhere depends. The rules that pick its boxes have no gradients, so parts of the
// image are covered. The score is that of the remaining box of the same class, times its overlap with the box to explain (as in
// D-RISE; Petsiuk and others, "Black-box explanation of object detectors via saliency maps", 2021).
import { FoveaError } from "../../core/errors.js";
import { overlapOf } from "../../core/overlap.js";
import type { Tensor } from "../../core/tensor.js";
import { type Attribution, occlusionOf } from "../../explain/index.js";
import { type Detector, decoded, nothingLeftOut } from "../models/heads/decode.js";
import type { TrainedModel } from "../models/trained-model.js";
import { FOUND_NUMBERS } from "../tasks/index.js";

/** Maps of boxes, with all boxes that were found. */
export interface BoxAttribution extends Attribution {
  /** Boxes of the images, as heads are decoded. */
  readonly boxes: Tensor<"float32">;
}

/** Images that are computed together. */
const BATCH = 8;

interface Box {
  readonly label: number;
  readonly score: number;
  readonly edges: readonly [left: number, top: number, right: number, bottom: number];
}

/** The boxes in one row, the surest first. */
function boxesIn({ data, shape }: Tensor<"float32">, row: number): Box[] {
  const size = shape[1]! * FOUND_NUMBERS;
  const numbers = data.subarray(row * size, (row + 1) * size);
  const found: Box[] = [];
  for (let at = 0; at < size && numbers[at]! >= 0; at += FOUND_NUMBERS) {
    const [label, score, left, top, width, height] = numbers.subarray(at, at + FOUND_NUMBERS) as unknown as readonly [
      ...[number, number, number, number, number, number],
    ];
    found.push({ label, score, edges: [left, top, left + width, top + height] });
  }
  return found;
}

/** Score of what is left of a box among others. */
const leftOf = (box: Box, others: readonly Box[]): number =>
  others.reduce(
    (most, { label, score, edges }) =>
      label === box.label ? Math.max(most, score * overlapOf(box.edges, edges)) : most,
    0,
  );

/**
 * Maps of the surest box of each image, of a class where one is asked for; empty maps where nothing was found.
 * @param method the method that was asked for
 * @param classIndex number of a class. Default: that of the surest box
 * @returns undefined for a model that is no detector from elsewhere
 * @throws FoveaError for other methods than occlusion
 */
export async function boxMaps(
  { model, detector, file }: TrainedModel,
  images: Tensor,
  method: string,
  classIndex?: number,
): Promise<BoxAttribution | undefined> {
  if (detector === undefined) return undefined;
  if (method !== "occlusion")
    throw new FoveaError(
      "unsuited-option",
      `${method} needs gradients, and the rules that pick the boxes of ${file} have none; use --method occlusion`,
    );
  const ask = async (asked: Detector, batch: Tensor): Promise<Tensor<"float32">> =>
    decoded(asked, await model.predictAll(batch, { batchSize: BATCH }));
  const boxes = await ask(detector, images);
  // Boxes that are left out are counted for the images alone, not for their covered copies.
  const covered = { ...detector, leftOut: nothingLeftOut() };
  const explained = Array.from({ length: images.shape[0]! }, (_, row) =>
    boxesIn(boxes, row).find(({ label }) => classIndex === undefined || label === classIndex),
  );
  const maps = await occlusionOf(images, async (batch, image) => {
    const box = explained[image];
    const count = batch.shape[0]!;
    if (box === undefined) return new Float64Array(count);
    const found = await ask(covered, batch);
    return Float64Array.from({ length: count }, (_, row) => leftOf(box, boxesIn(found, row)));
  });
  return { maps, boxes, classes: Int32Array.from(explained, (box) => box?.label ?? classIndex ?? 0) };
}
