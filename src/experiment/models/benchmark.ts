// Measures this engine on made-up images: the median time of a training step or a prediction, after warming up.
// The model alone is measured, without loading or decoding.
import { FoveaError } from "../../core/errors.js";
import { Random, STREAM } from "../../core/random.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import type { Model } from "../../nn/index.js";

export interface BenchmarkOptions {
  readonly batchSize: number;
  readonly classes: number;
  /** Steps that are timed, at least 1. Default 20. */
  readonly steps?: number;
  /** Steps before that. Default 5. */
  readonly warmUp?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly onStep?: (done: number, total: number) => void;
}

export interface Measured {
  readonly medianMs: number;
  readonly imagesPerSecond: number;
  /** From the model to machine code. */
  readonly compileMs: number;
}

/** Noise as images, with random classes. */
function madeUpBatch(model: Model, { batchSize, classes, seed = 0 }: BenchmarkOptions): { x: Tensor; y: Tensor } {
  const random = new Random(seed, STREAM.generate);
  const shape = [batchSize, ...model.inputShape];
  const pixels = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.integer(256));
  const labels = Int32Array.from({ length: batchSize }, () => random.integer(classes));
  return { x: tensor(pixels, shape, "uint8"), y: tensor(labels, [batchSize], "int32") };
}

/** Times training steps (`"step"`, the model compiled) or predictions (`"infer"`) of one batch. */
export async function benchmark(what: "step" | "infer", model: Model, options: BenchmarkOptions): Promise<Measured> {
  const { steps = 20, warmUp = 5, batchSize, onStep } = options;
  if (!(steps >= 1)) throw new FoveaError("out-of-range", `benchmark: expected at least one step, received ${steps}`);
  const batch = madeUpBatch(model, options);
  const { compileMs } =
    what === "step" ? await model.prepareTraining(batch.x, batch.y) : await model.preparePrediction(batch.x);
  const once = (): Promise<unknown> =>
    what === "step" ? model.trainOnBatch(batch) : model.predict(batch.x, { batchSize });
  const times: number[] = [];
  for (let step = 0; step < warmUp + steps; step++) {
    const started = performance.now();
    await once();
    if (step >= warmUp) times.push(performance.now() - started);
    onStep?.(step + 1, warmUp + steps);
  }
  const medianMs = median(times);
  return { medianMs, imagesPerSecond: (1000 * batchSize) / medianMs, compileMs };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
