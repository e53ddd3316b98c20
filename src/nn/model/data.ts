// What fit, evaluate and predict can be fed: tensors, or a source that makes batches on demand. Checks here turn the
// usual mistakes with shapes into one sentence. Reading files is the data room's business.
import { FoveaError } from "../../core/errors.js";
import { type Shape, sameShape, showShape } from "../../core/shape.js";
import { sliceRows, type Tensor, type TensorType, takeRows } from "../../core/tensor.js";

/** Samples and targets with one row each: x `[n, ...]` uint8, int32 or float32, y `[n]` or `[n, ...]`. */
export interface Labelled {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Data that is made a batch at a time. */
export interface BatchSource {
  /** The number of samples. */
  readonly size: number;
  /** Dtype and shape of one sample and of one target, without the batch axis. */
  readonly x: TensorType;
  readonly y: TensorType;
  /** The samples with these numbers, in this order. */
  take(indices: Int32Array): Labelled | Promise<Labelled>;
}

export type TrainingData = Labelled | BatchSource;

const isSource = (data: TrainingData): data is BatchSource => "take" in data;

/**
 * Throws unless samples of shape `given` (batch axis included) fit a model whose samples have shape `wanted`.
 * A missing batch axis, the most usual mistake, is told as such.
 */
export function checkSamples(who: string, given: Shape, wanted: Shape): void {
  if (sameShape(given.slice(1), wanted)) return;
  const hint = sameShape(given, wanted) ? "; add a batch axis with expandDims(x, 0)" : "";
  const what = given.length === wanted.length + 1 ? "input" : `input of rank ${wanted.length + 1}`;
  throw new FoveaError(
    `${who}: expected ${what} [${["batch", ...wanted].join(", ")}], received ${showShape(given)}${hint}`,
  );
}

const sampleType = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape: shape.slice(1) });

/** Consecutive numbers are a slice, which copies nothing. */
function rows<T extends Tensor>(x: T, indices: Int32Array): Tensor {
  const [first, last] = [indices[0]!, indices[indices.length - 1]!];
  const consecutive = last - first === indices.length - 1 && indices.every((index, i) => index === first + i);
  return consecutive ? sliceRows(x, first, last + 1) : takeRows(x, indices);
}

/** Data as a source, checked. @throws FoveaError for missing, empty or unequal x and y. */
export function sourceOf(who: string, data: TrainingData): BatchSource {
  if (typeof data !== "object" || data === null || !("x" in data) || !("y" in data))
    throw new FoveaError(`${who}: expected data as { x, y }, two tensors with one row a sample`);
  const { x, y } = data;
  let source: BatchSource;
  if (isSource(data)) source = data;
  else {
    if (x.shape[0] !== y.shape[0])
      throw new FoveaError(
        `${who}: expected as many targets as samples, received x ${showShape(x.shape)} and y ${showShape(y.shape)}`,
      );
    source = {
      size: x.shape[0]!,
      x: sampleType(x),
      y: sampleType(y),
      take: (indices) => ({ x: rows(data.x, indices), y: rows(data.y, indices) }),
    };
  }
  if (source.size === 0) throw new FoveaError(`${who}: expected at least one sample, received none`);
  return source;
}

/** The numbers 0 to n - 1 cut into batches; the last may be smaller. `order` replaces the natural one. */
export function* batchesOf(n: number, batchSize: number, order?: Int32Array): Generator<Int32Array> {
  const all = order ?? Int32Array.from({ length: n }, (_, i) => i);
  for (let start = 0; start < n; start += batchSize) yield all.subarray(start, Math.min(start + batchSize, n));
}

/**
 * Hands each batch of a source to `use`, which says whether to go on. The next batch is fetched meanwhile, so that a
 * source that decodes or reads keeps nobody waiting.
 */
export async function forBatches(
  source: BatchSource,
  batches: Iterable<Int32Array>,
  use: (batch: Labelled, indices: Int32Array) => Promise<boolean>,
): Promise<void> {
  const iterator = batches[Symbol.iterator]();
  const fetch = async (): Promise<[Labelled, Int32Array] | undefined> => {
    const { value: indices, done } = iterator.next();
    return done ? undefined : [await source.take(indices), indices];
  };
  let batch = await fetch();
  while (batch !== undefined) {
    const [goOn, next] = await Promise.all([use(...batch), fetch()]);
    batch = goOn ? next : undefined;
  }
}

/** The type of a batch of `n` samples. */
export const batchType = ({ dtype, shape }: TensorType, n: number): TensorType => ({ dtype, shape: [n, ...shape] });
