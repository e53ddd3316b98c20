// Predictions of many samples, a batch at a time.
import { sliceRows, type Tensor, zeros } from "../../core/tensor.js";
import { breather } from "../../platform/breather.js";
import { batchesOf } from "./data.js";
import type { PredictionOptions } from "./model-options.js";

/** Rows with further rows of zeros up to a number of them. */
function filled(rows: Tensor, count: number): Tensor {
  const [length, ...sample] = rows.shape;
  if (length === count) return rows;
  const whole = zeros([count, ...sample], rows.dtype);
  whole.data.set(rows.data);
  return whole;
}

/**
 * The outputs for all rows of some tensors.
 * @param tensors Inputs, `[samples, ...]` each.
 * @param room Makes tensors for all results; called once the first batch has shown that the model can be run at all.
 * @param run Outputs of one batch.
 */
export async function predictBatches(
  tensors: readonly Tensor[],
  { batchSize, onBatch, fill = false }: PredictionOptions & { readonly batchSize: number },
  room: () => Tensor<"float32">[],
  run: (rows: readonly Tensor[]) => Promise<readonly Tensor[]>,
): Promise<Tensor<"float32">[]> {
  const total = tensors[0]!.shape[0]!;
  let results = total === 0 ? room() : [];
  const breathe = breather();
  let done = 0;
  for (const indices of batchesOf(total, batchSize)) {
    const { length } = indices;
    const computed = fill ? batchSize : length;
    const outputs = await run(tensors.map((rows) => filled(sliceRows(rows, done, done + length), computed)));
    if (done === 0) results = room();
    outputs.forEach(({ data }, i) => {
      const width = data.length / computed;
      results[i]!.data.set(data.subarray(0, width * length), width * done);
    });
    done += indices.length;
    onBatch?.(done, total);
    await breathe();
  }
  return results;
}
