// From a model that was opened to the files of another format, and the check that ends every conversion: what was
// written is opened again and asked the same random question. Where files go is the caller's business.
import { FoveaError } from "../../core/errors.js";
import { Random, STREAM } from "../../core/random.js";
import { sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { asJson } from "../../nn/config/keras-object.js";
import type { Model } from "../../nn/model/model.js";
import { modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";
import type { HalfName } from "../containers/half.js";
import { saveKeras } from "./keras.js";
import { loadModel } from "./load-model.js";
import type { LoadedModel } from "./loaded.js";
import { saveOnnx } from "./onnx/export.js";
import { withProbabilities } from "./outputs.js";
import { onPixels, scalesPixels } from "./pixels.js";
import { fromHalf, isHalf, WEIGHT_DTYPES, type WeightDType, weightsIn } from "./precision.js";
import { saveTeachable, saveTfjs } from "./tfjs.js";
import { loadWeights, saveKerasWeights, saveSafetensors } from "./weights.js";

type Opened = Pick<LoadedModel, "model" | "facts">;

/** A format that models are written in. */
export type WrittenFormat = "keras" | "weights" | "safetensors" | "onnx" | "tfjs" | "teachable";

interface Written {
  /** Undefined for a folder. */
  readonly extension: string | undefined;
  readonly main: string;
  /** True where the file has no description of the model. */
  readonly isWeights: boolean;
  /** Types of weights that it has a place for. */
  readonly dtypes: readonly WeightDType[];
}

const FLOATS = ["float32", "float16", "bfloat16"] as const;

/** The formats that are written. */
export const WRITTEN: Readonly<Record<WrittenFormat, Written>> = {
  keras: { extension: ".keras", main: "model.keras", isWeights: false, dtypes: FLOATS },
  weights: { extension: ".weights.h5", main: "model.weights.h5", isWeights: true, dtypes: FLOATS },
  safetensors: { extension: ".safetensors", main: "model.safetensors", isWeights: true, dtypes: FLOATS },
  onnx: { extension: ".onnx", main: "model.onnx", isWeights: false, dtypes: WEIGHT_DTYPES },
  tfjs: { extension: undefined, main: "model.json", isWeights: false, dtypes: ["float32", "float16"] },
  teachable: { extension: undefined, main: "model.json", isWeights: false, dtypes: ["float32", "float16"] },
};
/** All formats that models are written in. */
export const WRITTEN_FORMATS = Object.keys(WRITTEN) as readonly WrittenFormat[];

/** Differences between the written model and the original, on random inputs. */
export interface Agreement {
  /** Random inputs that both models computed. */
  readonly samples: number;
  /** The largest difference of an output. */
  readonly maxDifference: number;
  /** The largest output, for comparison. */
  readonly maxOutput: number;
}

/** A model in another format, with the check. */
export interface Conversion {
  /** By name; the one of `WRITTEN[format].main` first. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The model with the weights that the file has, where these have fewer bits than the original's. */
  readonly rounded?: Opened;
  /** Or why it could not be checked here, a sentence. */
  readonly check: Agreement | string;
}

const SAMPLES = 2;
const SEED = 4;
/** Relative to the outputs where these are larger than 1. */
const TOLERANCE = 1e-4;
/** The most numbers that the random inputs may have. */
const MOST_INPUT = 2 ** 27;

/**
 * The model in another format, checked. Weights of fewer bits are rounded first: what is written must equal the rounded
 * model, and the difference from the original is what the rounding costs.
 * @param dtype type of the weights in the file. Default `"float32"`.
 * @param opened The model with its facts.
 * @param format One of `WRITTEN_FORMATS`.
 * @throws FoveaError when the format cannot hold it, or what was written computes something else.
 * @example const { files, check } = await convert({ model, facts: undefined, warnings: [] }, "safetensors");
 */
export async function convert(
  opened: Opened,
  format: WrittenFormat,
  dtype: WeightDType = "float32",
): Promise<Conversion> {
  const { dtypes } = WRITTEN[format];
  if (!dtypes.includes(dtype))
    throw new FoveaError(
      "not-exportable",
      `convert: ${format} has no place for weights of ${dtype}; expected ${dtypes.join(", ")}`,
    );
  const source = isHalf(dtype) ? { ...opened, model: await roundedCopy(opened.model, dtype) } : opened;
  const files = await filesFor(source, format, dtype);
  let back: Opened;
  try {
    back = await reopened(source, format, files);
  } catch (error) {
    // ONNX holds more than is read here; all else that is written must be read.
    if (format === "onnx" && error instanceof FoveaError)
      return { files, check: `not checked, because Fovea reads fewer operators than it writes (${error.message})` };
    throw error;
  }
  const found = onPixels(back.model, back.facts);
  const { maxDifference, maxOutput, ...check } = await agreement(asked(source, format), found);
  // The kernels of int8 are rounded as they lie in the file, so there is nothing else to compare them with.
  if (dtype !== "int8" && !(maxDifference <= TOLERANCE * Math.max(1, maxOutput)))
    throw new FoveaError(
      "conversion-loss",
      `convert: the ${format} file would differ from the model by ${maxDifference}; nothing was written`,
    );
  if (dtype === "float32") return { files, check: { ...check, maxDifference, maxOutput } };
  return { files, check: await agreement(asked(opened, format), found), rounded: back };
}

/** The model that answers what the written one is to answer. */
function asked({ model, facts }: Opened, format: WrittenFormat): Model {
  const whole = onPixels(model, facts);
  return format === "teachable" ? withProbabilities(whole, facts?.classNames?.length ?? 0) : whole;
}

/** A copy of a model whose weights are the nearest numbers of 16 bits. */
async function roundedCopy(model: Model, dtype: HalfName): Promise<Model> {
  const copy = emptyCopy(model);
  const rounded = await weightsIn(model, dtype);
  await copy.setWeights(rounded.map((value) => (value.dtype === "float32" ? value : fromHalf(value))));
  return copy;
}

const emptyCopy = (model: Model): Model =>
  modelFromKeras(asJson(modelToKeras(model)), { ...model.place, seed: model.seed + 1 });

async function filesFor(
  { model, facts }: Opened,
  format: WrittenFormat,
  dtype: WeightDType,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const single = (bytes: Uint8Array): Map<string, Uint8Array> => new Map([[WRITTEN[format].main, bytes]]);
  if (format === "tfjs") return saveTfjs(model, { facts, dtype });
  if (format === "teachable") return saveTeachable(model, { facts, dtype });
  if (format === "onnx") return single(await saveOnnx(model, { facts, dtype }));
  if (format === "weights") return single(await saveKerasWeights(model, dtype));
  if (format === "keras") return single(await saveKeras(model, { dtype, ...(facts && { facts }) }));
  return single(await saveSafetensors(model, facts === undefined ? {} : { fovea: JSON.stringify(facts) }, dtype));
}

async function reopened(
  { model, facts }: Opened,
  format: WrittenFormat,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Opened> {
  const bytes = files.get(WRITTEN[format].main)!;
  if (!WRITTEN[format].isWeights)
    return loadModel(bytes, { ...model.place, compile: false, siblings: async (name) => files.get(name) });
  const empty = emptyCopy(model);
  await loadWeights(empty, bytes);
  return { model: empty, facts };
}

/** Random pixels where the model scales them, else numbers from 0 to 1. */
function randomInput(model: Model): Tensor<"float32"> {
  const [shape, ...others] = model.inputShapes;
  if (shape === undefined || others.length > 0 || model.outputShapes.length !== 1)
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: expected a model with one input and one output to compare predictions`,
    );
  const size = SAMPLES * sizeOf(shape);
  if (size > MOST_INPUT)
    throw new FoveaError("too-large", `${model.label}: takes samples [${shape}], too large to compare predictions`);
  const random = new Random(SEED, STREAM.initialize);
  const high = scalesPixels(model) ? 255 : 1;
  return tensor(
    Float32Array.from({ length: size }, () => random.between(0, high)),
    [SAMPLES, ...shape],
    "float32",
  );
}

async function agreement(original: Model, other: Model): Promise<Agreement> {
  const x = randomInput(original);
  const [ours, theirs] = [await original.predict(x), await other.predict(x)];
  await Promise.all([original.close(), other.close()]);
  let [maxDifference, maxOutput] = [0, 0];
  for (const [i, value] of ours.data.entries()) {
    // Math.max keeps NaN, so a model that gives NaN does not pass.
    maxDifference = Math.max(maxDifference, Math.abs(value - (theirs.data[i] ?? Number.NaN)));
    maxOutput = Math.max(maxOutput, Math.abs(value));
  }
  return { samples: SAMPLES, maxDifference, maxOutput };
}
