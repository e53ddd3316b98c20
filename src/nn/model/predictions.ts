// Predictions of many samples, a batch at a time.
import { sliceRows, type Tensor } from "../../core/tensor.js";
import { breather } from "../../platform/breather.js";
import { batchesOf } from "./data.js";
import type { BatchOptions } from "./model-options.js";

/**
 * The outputs for all rows of some tensors.
 * @param tensors Inputs, `[samples, ...]` each.
 * @param room Makes tensors for all results; called once the first batch has shown that the model can be run at all.
 * @param run Outputs of one batch.
 */
export async function predictBatches(
  tensors: readonly Tensor[],
  { batchSize, onBatch }: BatchOptions & { readonly batchSize: number },
  room: () => Tensor<"float32">[],
  run: (rows: readonly Tensor[]) => Promise<readonly Tensor[]>,
): Promise<Tensor<"float32">[]> {
  const total = tensors[0]!.shape[0]!;
  let results = total === 0 ? room() : [];
  const breathe = breather();
  let done = 0;
  for (const indices of batchesOf(total, batchSize)) {
    const outputs = await run(tensors.map((tensor) => sliceRows(tensor, done, done + indices.length)));
    if (done === 0) results = room();
    outputs.forEach(({ data }, i) => {
      results[i]!.data.set(data, (done * data.length) / indices.length);
    });
    done += indices.length;
    onBatch?.(done, total);
    await breathe();
  }
  return results;
}
