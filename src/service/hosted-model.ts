// A model that a service asks: one replica a thread, each in a worker, so that the thread of the requests never computes.
// Samples of tensors and of photos are computed in batches whose sizes are powers of two, which are compiled beforehand.
import { defined } from "../core/defined.js";
import { FoveaError } from "../core/errors.js";
import { sizeOf } from "../core/shape.js";
import { sliceRows, type Tensor, tensor } from "../core/tensor.js";
import { threadRuntime } from "../default-backend.js";
import { type LoggedModel, loggedModel } from "../experiment/decisions/index.js";
import {
  type Answer,
  type Answerer,
  type AskedSamples,
  answererOf,
  type DetectorOptions,
  type ForeignOptions,
  leftOutSentences,
  nothingLeftOut,
  type OpenedModel,
  openAny,
  type PredictOptions,
  type Refusal,
} from "../experiment/models/index.js";
import type { Runtime } from "../nn/index.js";
import { Batcher } from "./batcher.js";
import type { ServiceLimits } from "./limits.js";
import type { LogLine } from "./log-line.js";
import type { Metrics } from "./metrics.js";
import { ServiceError } from "./service-error.js";
import { joinedOutputs, joinedSamples, type Samples } from "./tensors.js";

/** A model by its name and version, and where its file lies. */
export interface ModelSpec {
  /** The name in addresses: `/v2/models/NAME`. */
  readonly name: string;
  /** The version in addresses. */
  readonly version: string;
  /** The folder of a run, or the file of a model. */
  readonly path: string;
}

/** Ways of answering, the same for all models of a service. */
export interface Answering extends Pick<PredictOptions, "top" | "calibration" | "rules">, ForeignOptions {
  /** Height and width in pixels that images are resized to. Default: the model's. */
  readonly imageSize?: readonly [height: number, width: number];
}

/** Facts that a model's file may lack. */
export type OpeningOptions = ForeignOptions &
  DetectorOptions & { readonly imageSize?: readonly [height: number, width: number] };

export interface HostOptions {
  readonly limits: ServiceLimits;
  readonly metrics: Metrics;
  /** Threads that compute, each with a replica of the model. */
  readonly threads: number;
  /** Rules are made for each model, since costs are of its classes. */
  readonly answering: (opened: OpenedModel) => Promise<Answering>;
  /** Facts that the models' files may lack; detectors from elsewhere are taken as such. */
  readonly opening: OpeningOptions;
  readonly log: (line: LogLine) => void;
}

interface Replica {
  readonly runtime: Runtime;
  readonly opened: OpenedModel;
  readonly answerer: Answerer;
}

/** Samples with their names: what is asked about them is the lane's. */
interface Asked {
  readonly x: Samples;
  readonly names: readonly string[];
  /** Height and width in pixels of each photo's file. */
  readonly sizes?: AskedSamples["sizes"];
}

/** Outputs of the model, or answers. */
type Outcome = { readonly outputs: readonly Tensor<"float32">[] } | { readonly answers: readonly (Answer | Refusal)[] };

const ANSWERS = "answers";

/** Sizes of batches that add up to `rows`, the largest first. */
export function batchSizes(rows: number, most: number): number[] {
  const sizes: number[] = [];
  for (let size = 2 ** Math.floor(Math.log2(most)), left = rows; left > 0; size = size > left ? size / 2 : size)
    if (size <= left) {
      sizes.push(size);
      left -= size;
    }
  return sizes;
}

export class HostedModel {
  readonly spec: ModelSpec;
  readonly #replicas: readonly Replica[];
  readonly #batcher: Batcher<Asked, Outcome>;
  readonly #options: HostOptions;
  readonly #labels: Readonly<Record<"model" | "version", string>>;
  #hasSaidLeftOut = false;
  /** Hashes for the decision log. */
  readonly logged: LoggedModel;
  #users = 0;
  #whenUnused: (() => void) | undefined;

  private constructor(spec: ModelSpec, replicas: readonly Replica[], logged: LoggedModel, options: HostOptions) {
    const { limits, metrics } = options;
    this.#options = options;
    this.spec = spec;
    this.#replicas = replicas;
    this.logged = logged;
    const labels = { model: spec.name, version: spec.version };
    this.#labels = labels;
    this.#batcher = new Batcher<Asked, Outcome>({
      workers: replicas.length,
      batch: limits.batch,
      delay: limits.delay,
      queue: limits.queue,
      compute: (worker, lane, inputs) => this.#compute(replicas[worker]!, lane, inputs),
      onBatch: (rows, seconds) => {
        metrics.add("fovea_samples_total", labels, rows);
        metrics.observe("fovea_batch_samples", rows, labels);
        metrics.observe("fovea_batch_seconds", seconds, labels);
      },
    });
  }

  /** Opens a model with a replica for each thread, and compiles the sizes of its batches. @throws FoveaError as `openAny` does */
  static async open(spec: ModelSpec, options: HostOptions): Promise<HostedModel> {
    const replicas: Replica[] = [];
    try {
      for (let n = 0; n < options.threads; n++) replicas.push(await openReplica(spec, options));
      const [{ opened }] = replicas as [Replica];
      await Promise.all(replicas.map((replica) => warmUp(replica, options.limits.batch)));
      return new HostedModel(spec, replicas, await loggedModel(opened), options);
    } catch (error) {
      for (const replica of replicas) await closeReplica(replica);
      throw error;
    }
  }

  /** The model as it was opened, for its facts. */
  get opened(): OpenedModel {
    return this.#replicas[0]!.opened;
  }

  /** Samples that are decoded, wait or are computed. */
  get rows(): number {
    return this.#batcher.rows;
  }

  /** Admits samples before anything is done for them. @returns gives their place back @throws ServiceError where the queue is full */
  admit(rows: number): () => void {
    return this.#batcher.admit(rows);
  }

  /** The model's outputs for admitted samples. */
  async infer(x: Samples, signal: AbortSignal): Promise<readonly Tensor<"float32">[]> {
    const outcome = await this.#submit({ x, names: [] }, x.dtype, signal);
    if ("outputs" in outcome) return outcome.outputs;
    throw new FoveaError("internal-mistake", "expected outputs, received answers");
  }

  /** Answers about admitted photos, as `predict --json` has them. */
  async answer(
    x: Tensor<"uint8">,
    names: readonly string[],
    signal: AbortSignal,
    sizes?: AskedSamples["sizes"],
  ): Promise<readonly (Answer | Refusal)[]> {
    const outcome = await this.#submit({ x, names, ...(sizes && { sizes }) }, ANSWERS, signal);
    if ("answers" in outcome) return outcome.answers;
    throw new FoveaError("internal-mistake", "expected answers, received outputs");
  }

  /** Closes the model once nobody uses it. */
  async retire(): Promise<void> {
    if (this.#users > 0)
      await new Promise<void>((resolve) => {
        this.#whenUnused = resolve;
      });
    for (const replica of this.#replicas) await closeReplica(replica);
  }

  /** Does work during which the model stays open. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work();
    } finally {
      if (--this.#users === 0) this.#whenUnused?.();
    }
  }

  /** Adds the boxes that a detector's answers left out to the measures; the log has a line on the first of them. */
  #noteLeftOut({ detector, file }: OpenedModel): void {
    if (detector === undefined) return;
    const { leftOut } = detector;
    const count = leftOut.odd + leftOut.unnamed;
    if (count === 0) return;
    const { metrics, log } = this.#options;
    metrics.add("fovea_boxes_left_out_total", this.#labels, count);
    if (!this.#hasSaidLeftOut)
      for (const message of leftOutSentences(file, detector)) log({ level: "warn", event: "left-out", message });
    this.#hasSaidLeftOut = true;
    Object.assign(leftOut, nothingLeftOut());
  }

  #submit(asked: Asked, lane: string, signal: AbortSignal): Promise<Outcome> {
    return this.#batcher.submit(asked, asked.x.shape[0]!, lane, signal);
  }

  async #compute({ opened, answerer }: Replica, lane: string, inputs: readonly Asked[]): Promise<Outcome[]> {
    const x = joinedSamples(inputs.map((input) => input.x));
    const names = inputs.flatMap((input) => input.names);
    const sizes = inputs.flatMap((input) => input.sizes ?? []);
    const answers: (Answer | Refusal)[] = [];
    const outputs = opened.model.outputShapes.map((): Tensor<"float32">[] => []);
    let first = 0;
    for (const size of batchSizes(x.shape[0]!, this.#options.limits.batch)) {
      const chunk = sliceRows(x, first, first + size);
      if (lane === ANSWERS) {
        const sizesOfChunk = sizes.length === names.length ? { sizes: sizes.slice(first, first + size) } : {};
        const batch = await answerer.answer({ items: names.slice(first, first + size), x: chunk, ...sizesOfChunk });
        for (const answer of batch.answers) answers.push(answer);
      } else
        for (const [i, output] of (await opened.model.predictAll(chunk, { batchSize: size })).entries())
          outputs[i]!.push(output);
      first += size;
    }
    this.#noteLeftOut(opened);
    const whole = lane === ANSWERS ? [] : outputs.map(joinedOutputs);
    let at = 0;
    return inputs.map(({ x: { shape } }): Outcome => {
      const [from, end] = [at, at + shape[0]!];
      at = end;
      return lane === ANSWERS
        ? { answers: answers.slice(from, end) }
        : { outputs: whole.map((output) => sliceRows(output, from, end)) };
    });
  }
}

async function openReplica(spec: ModelSpec, { answering, opening }: HostOptions): Promise<Replica> {
  const runtime = threadRuntime();
  try {
    const opened = await openAny(spec.path, { compile: "objective", runtime, detectors: true, ...opening });
    const { top, calibration, rules } = await answering(opened);
    return { runtime, opened, answerer: answererOf(opened, defined({ top, calibration, rules })) };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

/** Compiles each size of a batch by asking about black pictures, so that no request waits for it. */
async function warmUp({ opened: { model, preprocessing, detector }, answerer }: Replica, batch: number): Promise<void> {
  for (let size = 1; size <= batch; size *= 2) {
    const shape = [size, ...model.inputShape];
    if (preprocessing === undefined) await model.preparePrediction({ dtype: "float32", shape });
    else {
      const x = tensor(new Uint8Array(sizeOf(shape)), shape, "uint8");
      await answerer.answer({ items: Array.from({ length: size }, () => "warm-up"), x });
    }
  }
  // Boxes on black pictures do not count.
  if (detector !== undefined) Object.assign(detector.leftOut, nothingLeftOut());
}

async function closeReplica({ runtime, opened, answerer }: Replica): Promise<void> {
  await answerer.close();
  await opened.model.close();
  await runtime.close();
}

/** @throws ServiceError for a detector from elsewhere whose boxes are sorted and picked behind its layers */
export function checkGivesTensors({ spec, opened }: HostedModel): void {
  if (opened.detector?.tail !== undefined)
    throw new ServiceError(
      422,
      "unsuited-model",
      `${spec.name} sorts and picks boxes behind its layers, so that its outputs have no fixed shape; send photos to /v1/predict`,
    );
}

/** @throws ServiceError for a model that takes no photos */
export function checkTakesPhotos({ spec, opened }: HostedModel): void {
  if (opened.preprocessing === undefined)
    throw new ServiceError(
      422,
      "unsuited-model",
      `${spec.name} takes samples of [${opened.model.inputShape.join(", ")}], which are no pictures; send tensors to /v2/models/${spec.name}/infer`,
    );
}
