// Engines that compute a frozen network: our own, or ONNX Runtime where the user has installed onnxruntime-node beside
// Fovea. That package is never required; all that is used of it is written down here. Its sums are not ours to the last
// bit, so a recipe whose numbers follow from it says which version it was.
import { FoveaError, oneOf } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import { sliceRows, type Tensor, tensor } from "../../core/tensor.js";
import { saveOnnx } from "../../formats/models/onnx/export.js";
import type { TransferRecipe } from "../../formats/run/recipe.js";
import type { BatchOptions, Model } from "../../nn/model/model.js";
import { type ImportPackage, importPackage } from "../../platform/packages.js";
import { hardwareThreads } from "../../platform/workers.js";

const ENGINES = ["wasm", "onnxruntime"] as const;
/** Name of an engine: "wasm" for Fovea's own, "onnxruntime" where `onnxruntime-node` is installed. */
export type EngineName = (typeof ENGINES)[number];

const PACKAGE = "onnxruntime-node";

/** An engine that is not ours, as recipes name it. */
export type EngineFacts = NonNullable<TransferRecipe["engine"]>;

/** Engine that answers in a model's place. */
export interface Predictor {
  /**
   * Computes rows of numbers for images.
   * @param x prepared images `[n, height, width, channels]`
   * @param options images that are computed together, 32 without them
   */
  predict(x: Tensor, options?: BatchOptions): Promise<Tensor<"float32">>;
  /** Frees the session of the engine; the model stays open. */
  close(): Promise<void>;
}

/** An engine that is installed. */
export interface Engine extends EngineFacts {
  /**
   * The model's prediction on that engine, from images to one row of numbers each; it starts with the first images.
   * @param model the network, whose weights are copied when the first images come
   * @param options place of the computation
   * @param options.threads threads that compute. Default: the cores of the machine
   */
  run(model: Model, options?: { readonly threads?: number }): Predictor;
}

/** The part of onnxruntime-node that is used. */
interface OnnxRuntime {
  readonly env: { readonly versions: { readonly node?: string; readonly common: string } };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => unknown;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OnnxSession> };
}

interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: Float32Array }>>;
  release(): Promise<void>;
}

/**
 * The engine of a name; undefined for our own.
 * @param name "wasm" or "onnxruntime"
 * @param find how packages are found; for tests
 * @throws FoveaError when its package is not installed or does not load.
 * @example await openEngine("wasm"); // undefined: models compute on Fovea's own engine without another
 */
export async function openEngine(name: string, find: ImportPackage = importPackage): Promise<Engine | undefined> {
  return oneOf("engine", name, ENGINES) === "wasm" ? undefined : installed("--engine onnxruntime", PACKAGE, find);
}

/**
 * The engine that a recipe's numbers come from, in that very version.
 * @throws FoveaError when it is not installed, or another version is.
 */
export async function recordedEngine({ version }: EngineFacts, find: ImportPackage = importPackage): Promise<Engine> {
  const wanted = `${PACKAGE}@${version}`;
  const engine = await installed("this run was made with --engine onnxruntime and", wanted, find);
  if (engine.version !== version)
    throw new FoveaError(
      "package-missing",
      `this run's features come from ${wanted}, found ${engine.version}, which may round otherwise; ` +
        `install that one beside fovea: npm install ${wanted}`,
    );
  return engine;
}

async function installed(who: string, wanted: string, find: ImportPackage): Promise<Engine> {
  const found = await find(PACKAGE).catch((error: unknown) => {
    throw new FoveaError(
      "package-missing",
      `${PACKAGE} does not load, install it again or use --engine wasm: ${error}`,
      { cause: error },
    );
  });
  if (found === undefined)
    throw new FoveaError(
      "package-missing",
      `${who} needs the package ${PACKAGE}; install it beside fovea: npm install ${wanted}`,
    );
  const runtime = ((found as { readonly default?: unknown }).default ?? found) as OnnxRuntime;
  const { node, common } = runtime.env.versions;
  return {
    name: "onnxruntime",
    version: node ?? common,
    run: (model, options = {}) => new OnnxPredictor(runtime, model, options.threads),
  };
}

class OnnxPredictor implements Predictor {
  #session: Promise<OnnxSession> | undefined;

  constructor(
    readonly runtime: OnnxRuntime,
    readonly model: Model,
    readonly threads: number | undefined,
  ) {}

  async predict(x: Tensor, { batchSize = 32, onBatch }: BatchOptions = {}): Promise<Tensor<"float32">> {
    this.#session ??= this.#open();
    const session = await this.#session;
    const total = x.shape[0]!;
    const shape = [total, ...this.model.outputShape];
    const out = new Float32Array(sizeOf(shape));
    for (let done = 0; done < total; done += batchSize) {
      const end = Math.min(total, done + batchSize);
      const { data, dims } = channelsFirst(sliceRows(x, done, end));
      const feeds = { [session.inputNames[0]!]: new this.runtime.Tensor("float32", data, dims) };
      const answer = (await session.run(feeds))[session.outputNames[0]!]!;
      out.set(answer.data, (done * out.length) / total);
      onBatch?.(end, total);
    }
    return tensor(out, shape, "float32");
  }

  async close(): Promise<void> {
    await (await this.#session)?.release();
    this.#session = undefined;
  }

  async #open(): Promise<OnnxSession> {
    return this.runtime.InferenceSession.create(await saveOnnx(this.model), {
      executionProviders: ["cpu"],
      intraOpNumThreads: this.threads ?? (await hardwareThreads()),
    });
  }
}

/** `[n, height, width, channels]` as ONNX has images. */
function channelsFirst({ shape, data }: Tensor): { readonly data: Float32Array; readonly dims: readonly number[] } {
  const [n, height, width, channels] = shape as [number, number, number, number];
  const pixels = height * width;
  const turned = new Float32Array(data.length);
  let at = 0;
  for (let image = 0; image < n; image++)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let channel = 0; channel < channels; channel++)
        turned[(image * channels + channel) * pixels + pixel] = data[at++]!;
  return { data: turned, dims: [n, channels, height, width] };
}
