// The compact form of a model: a stored zip of its Keras config, its facts and its weights as safetensors. It has all that
// answering takes, no state of training, and is read without the HDF5 library, which weighs 4 MB: the form inside pages
// that fovea deploy writes.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json.js";
import type { Tensor } from "../../core/tensor.js";
import { asJson } from "../../nn/config/keras-object.js";
import { modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";
import { HALVES, type HalfArray } from "../containers/half.js";
import { readSafetensors, writeSafetensors } from "../containers/safetensors.js";
import { looksLikeZip, readZip, writeZip } from "../containers/zip.js";
import { parseJson } from "../json.js";
import { checkFacts } from "./fovea-facts.js";
import { floats } from "./keras-weights.js";
import { type LoadedModel, type LoadOptions, naming, takeWeights } from "./loaded.js";
import { compileAsStored } from "./stored-compile.js";

const CONFIG = "config.json";
const FACTS = "fovea.json";
const WEIGHTS = "weights.safetensors";

/** Number of a weight in the model's own order, as its name in the file. */
const nameOf = (index: number): string => `${index}`;

/** A tensor with 16 bits a number where these say all of its numbers to the bit, as those of a model in float16 are. */
function shortest(value: Tensor): Tensor | HalfArray {
  const { dtype, shape, data } = value;
  if (dtype !== "float32" || !(data instanceof Float32Array)) return value;
  const { pack, unpack } = HALVES.float16;
  const half = pack(data);
  const again = unpack(half);
  return data.every((number, at) => Object.is(number, again[at])) ? { dtype: "float16", shape, data: half } : value;
}

/**
 * The bytes of a model in compact form; the same model and facts give the same bytes.
 * @throws FoveaError for a model that is not built yet, or has a layer that is code
 * @example const bytes = await saveCompact({ model, facts });
 */
export async function saveCompact({ model, facts }: Pick<LoadedModel, "model" | "facts">): Promise<Uint8Array> {
  if (!model.built)
    throw new FoveaError(
      "not-ready",
      `${model.label}: not built yet, so it has no weights to save; begin it with input([...])`,
    );
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const values = await model.getWeights();
  const tensors = new Map(values.map((value, index) => [nameOf(index), shortest(value)] as const));
  return writeZip([
    [CONFIG, json(asJson(modelToKeras(model)))],
    ...(facts === undefined ? [] : [[FACTS, json(facts)] as const]),
    [WEIGHTS, writeSafetensors({ tensors, metadata: {} })],
  ]);
}

/** The options of `loadCompact`. */
export type LoadCompactOptions = Omit<LoadOptions, "imageSize">;

/**
 * Opens a model in compact form.
 * @param options.compile false to leave it uncompiled; else loss and metrics are the stored ones, without an optimizer
 * @throws FoveaError when the bytes are no such file, are damaged, or need a layer or setting that Fovea does not have
 * @example const { model, facts } = await loadCompact(bytes, { backend });
 */
export async function loadCompact(bytes: Uint8Array, options: LoadCompactOptions = {}): Promise<LoadedModel> {
  const { file = "the model", compile = "objective", ...modelOptions } = options;
  if (!looksLikeZip(bytes))
    throw new FoveaError(
      "unknown-format",
      `${file}: expected a model in compact form, found other bytes; deploy it again`,
    );
  const members = readZip(bytes, { name: file });
  const member = (path: string): Uint8Array => {
    const found = members.get(path);
    if (found === undefined)
      throw new FoveaError(
        "unknown-format",
        `${file}: expected a model in compact form, with ${path} in it; deploy it again`,
      );
    return found;
  };
  const config = parseJson(`${file}, ${CONFIG}`, member(CONFIG));
  if (!isJsonObject(config)) throw new FoveaError("malformed-file", `${file}, ${CONFIG}: expected a JSON object`);
  const model = naming(file, "", () => modelFromKeras(config, modelOptions));
  if (!model.built)
    throw new FoveaError("weights-missing", `${file}: the model was saved before it was built; it has no weights`);
  const { tensors } = readSafetensors(member(WEIGHTS), `${file}, ${WEIGHTS}`);
  if (tensors.size !== model.weights.length)
    throw new FoveaError(
      "weights-mismatch",
      `${file}: the model has ${model.weights.length} weights, the file ${tensors.size}`,
    );
  const weights = model.weights.map((weight, index) => floats(file, weight, tensors.get(nameOf(index))));
  await takeWeights(file, model, weights);
  const warnings = compile === false ? [] : compileAsStored(file, model, config as JsonObject, undefined);
  const known = members.get(FACTS);
  const facts = known && checkFacts(`${file}, ${FACTS}`, parseJson(`${file}, ${FACTS}`, known));
  return { model, facts, warnings };
}
