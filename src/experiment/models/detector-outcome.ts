// Answers of a detector from elsewhere about images whose objects are known: its boxes, in the pixels of the files.
import { sizeOf } from "../../core/shape.js";
import { predictBlocks } from "../data/blocks.js";
import { judgedOf, type Part, sourceOf } from "../data/experiment-data.js";
import { type Outcome, taskOf } from "../tasks/index.js";
import { decoded } from "./heads/decode.js";
import type { OpenedModel } from "./trained-model.js";

/** Numbers of a batch's images and outputs that are in memory at once at most. */
const MOST_NUMBERS = 2 ** 26;

/**
 * The boxes of a detector from elsewhere on the images of a part, beside the true ones.
 * @param trained the detector, as `openAnswering` gives it with `detectors`
 * @param part images with their boxes
 * @param batchSize images that are computed together at most; fewer where they are large
 * @param onBatch receives the number of images that are done, and of all. Default: nobody
 * @returns undefined for a model that is no detector from elsewhere, and for images without boxes
 * @throws FoveaError where the model cannot be computed
 * @example
 * const trained = await openAnswering("yolo11n.onnx", { detectors: true });
 * const { part, task } = await partFor(trained, "street");
 * const outcome = await detectorOutcome(trained, part, 32);
 */
export async function detectorOutcome(
  { model, detector, task }: OpenedModel,
  part: Part,
  batchSize: number,
  onBatch: (done: number, total: number) => void = () => {},
): Promise<Outcome | undefined> {
  const { targets, rows } = part;
  if (detector === undefined || task === undefined || targets.kind !== "boxes") return undefined;
  const source = sourceOf(part);
  const numbers = [model.inputShape, ...model.outputShapes].reduce((sum, shape) => sum + sizeOf(shape), 0);
  const size = Math.max(1, Math.min(batchSize, Math.floor(MOST_NUMBERS / numbers)));
  const photo = (at: number): readonly [number, number] => {
    const row = rows[at]!;
    return [targets.sizes[2 * row]!, targets.sizes[2 * row + 1]!];
  };
  // Batches are computed in order.
  let first = 0;
  const boxes = await predictBlocks(
    {
      predict: async (x, options) => {
        const sizes = Array.from({ length: x.shape[0]! }, (_, i) => photo(first + i));
        first += sizes.length;
        return decoded(detector, await model.predictAll(x, options), sizes);
      },
    },
    source.size,
    size,
    async (indices) => (await source.take(indices)).x,
    onBatch,
  );
  return taskOf(task).decide(model, boxes, task, judgedOf(part));
}
