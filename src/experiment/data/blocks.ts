// Answers of a model for many images without all of their pixels in memory: batch by batch, the next one fetched while
// a batch is computed. The numbers are those of one call with all images.
import type { Tensor } from "../../core/tensor.js";
import type { BatchOptions } from "../../nn/index.js";

/** A model, or another engine in its place. */
interface Predicts {
  predict(x: Tensor, options?: BatchOptions): Promise<Tensor<"float32">>;
}

type Take = (indices: Int32Array) => Tensor | Promise<Tensor>;

/**
 * Calls `use` with samples 0 to `count`, `size` at a time and in order.
 * @param take gives the samples of some numbers
 */
export async function forBlocks(
  count: number,
  size: number,
  take: Take,
  use: (x: Tensor, start: number) => Promise<void>,
): Promise<void> {
  const fetch = async (start: number): Promise<Tensor | undefined> =>
    start >= count ? undefined : take(Int32Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i));
  let block = await fetch(0);
  for (let start = 0; block !== undefined; start += size)
    [block] = await Promise.all([fetch(start + size), use(block, start)]);
}

/**
 * Predictions for samples 0 to `count`, one row each.
 * @param batchSize samples that are computed together
 * @param onBatch receives the number of samples that are done, and of all
 */
export async function predictBlocks(
  model: Predicts,
  count: number,
  batchSize: number,
  take: Take,
  onBatch: (done: number, total: number) => void = () => {},
): Promise<Tensor<"float32">> {
  let all: Tensor<"float32"> = { dtype: "float32", shape: [0], data: new Float32Array(0) };
  await forBlocks(count, batchSize, take, async (x, start) => {
    const { shape, data } = await model.predict(x, { batchSize });
    const [samples, ...row] = shape as [number, ...number[]];
    // Memory for all rows is taken once the first batch has shown that the model can be run at all.
    if (start === 0)
      all = { dtype: "float32", shape: [count, ...row], data: new Float32Array((count * data.length) / samples) };
    all.data.set(data, (start * data.length) / samples);
    onBatch(start + samples, count);
  });
  return all;
}
