// Measures this engine on made-up images: the median time of a training step or a prediction, after warming up.
// The model alone is measured, without loading or decoding.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { Random, STREAM } from "../../core/random.js";
import { sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { type KernelTimes, type Model, timeKernels } from "../../nn/index.js";
import { BOX_NUMBERS } from "../../nn/losses/index.js";

/** Options of a measurement. */
export interface BenchmarkOptions {
  /** Images of a batch. */
  readonly batchSize: number;
  /** Number of classes that the random labels are from. */
  readonly classes: number;
  /** Made-up targets: a class for each position of the output, or some boxes per image. Default "classes". */
  readonly targets?: "classes" | "boxes";
  /** Steps that are timed, at least 1. Default 20. */
  readonly steps?: number;
  /** Steps before that. Default 5. */
  readonly warmUp?: number;
  /** Seed of the noise and the labels. Default 0. */
  readonly seed?: number;
  /**
   * Receives the progress. Default: none.
   * @param done number of steps that are done, those of the warm-up among them
   * @param total number of all steps
   */
  readonly onStep?: (done: number, total: number) => void;
}

/** Times of a model on this machine. */
export interface Measured {
  /** Median time of a step in milliseconds. */
  readonly medianMs: number;
  /** Images a second at that time. */
  readonly imagesPerSecond: number;
  /** Time in milliseconds from the model to machine code. */
  readonly compileMs: number;
}

/** Boxes of an image, and their side as a share of it. */
const [BOXES, SIDE] = [8, 0.2];

/** Noise as images, with random classes or boxes of random classes. */
export function madeUpBatch(
  model: Model,
  { batchSize, classes, targets = "classes", seed = 0 }: BenchmarkOptions,
): { x: Tensor; y: Tensor } {
  const random = new Random(seed, STREAM.generate);
  const shape = [batchSize, ...model.inputShape];
  const pixels = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.integer(256));
  const x = tensor(pixels, shape, "uint8");
  if (targets === "boxes") {
    const center = (): number => SIDE + (1 - 2 * SIDE) * random.uniform();
    const boxes = Array.from({ length: batchSize * BOXES }, () => [
      random.integer(classes),
      center(),
      center(),
      SIDE,
      SIDE,
    ]);
    return { x, y: tensor(Float32Array.from(boxes.flat()), [batchSize, BOXES, BOX_NUMBERS], "float32") };
  }
  const labelled = [batchSize, ...model.outputShape.slice(0, -1)];
  const labels = Int32Array.from({ length: sizeOf(labelled) }, () => random.integer(classes));
  return { x, y: tensor(labels, labelled, "int32") };
}

/**
 * Times training steps or predictions of one batch of noise, without loading or decoding.
 * @param what "step" for a training step of a compiled model, "infer" for a prediction
 * @param model the model that is timed; training steps change its weights
 * @throws FoveaError for no step
 * @example
 * const options = { batchSize: 4, classes: 3, steps: 3, warmUp: 1 };
 * const { medianMs, imagesPerSecond } = await benchmark("infer", model, options);
 */
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

/** Options of `kernelTimes`. */
export interface KernelTimesOptions extends BenchmarkOptions {
  /** Threads to compute with. Default: all of the machine. */
  readonly threads?: number;
}

/**
 * Times the kernels of a training step or a prediction, each stage by itself, on a batch of noise.
 * @param what "step" for a training step of a compiled model, "infer" for a prediction
 * @param model the model, whose weights stay as they are
 * @throws FoveaError for a backend that cannot run stages by themselves
 * @example
 * const { ceiling, stages } = await kernelTimes("infer", model, { batchSize: 4, classes: 3, steps: 1, threads: 1 });
 * ceiling.operationsPerSecond > 1e8; // true
 * const dearest = stages.reduce((a, b) => (b.ms > a.ms ? b : a)); // reaches dearest.share of the ceiling
 */
export function kernelTimes(what: "step" | "infer", model: Model, options: KernelTimesOptions): Promise<KernelTimes> {
  const { x, y } = madeUpBatch(model, options);
  const { steps: runs, threads } = options;
  return timeKernels(model, what === "step" ? { x, y } : { x }, defined({ runs, threads }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
