// Models as Keras 3 `.keras` files, which the real Keras opens, compiled and with its optimizer's state, and the other
// way round. keras-archive.ts has the parts of the archive, keras-weights.ts the paths of arrays, nn the configs of
// layers.
import { FoveaError, oneOf } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { asJson } from "../../nn/config/keras-object.js";
import type { Model } from "../../nn/model/model.js";
import { modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";
import { parseJson } from "../json.js";
import { checkFacts, type FoveaFacts } from "./fovea-facts.js";
import { withImageSize } from "./input-size.js";
import { type KerasArchive, readKerasArchive, writeKerasArchive } from "./keras-archive.js";
import { kerasWeights, weightsFromKeras } from "./keras-weights.js";
import { modernConfig } from "./legacy-config.js";
import { type LoadedModel, type LoadOptions, naming, takeWeights } from "./loaded.js";
import { WEIGHT_DTYPES, type WeightDType } from "./precision.js";
import { compileAsStored } from "./stored-compile.js";

/** The Keras whose files ours are checked against. */
const KERAS_VERSION = "3.15.1";
const FACTS = "fovea.json";

/** Options of `saveKeras`. */
export interface SaveKerasOptions {
  /** Facts beyond Keras's: class names, preprocessing, recipe. Kept in `assets/fovea.json`. Default: none. */
  readonly facts?: FoveaFacts;
  /** The date that the file states, in UTC. Default: now. */
  readonly date?: Date;
  /** Type of the weights in the file: `float32`, `float16` or `bfloat16`. Default `"float32"`. */
  readonly dtype?: WeightDType;
}

/** Options of `loadKeras`. */
export type LoadKerasOptions = LoadOptions;

/** A model out of a `.keras` file. */
export interface LoadedKeras extends LoadedModel {
  /** Keras's version and the date of the file. */
  readonly metadata: KerasArchive["metadata"];
}

/**
 * The model as the bytes of a `.keras` file: architecture, weights and, once trained, the optimizer's state.
 * @param model A built model.
 * @throws FoveaError for a model that is not built, or has a layer without Keras's form.
 * @example await writeFile("model.keras", await saveKeras(model, { facts: { version: 1, classNames } }))
 */
export async function saveKeras(model: Model, options: SaveKerasOptions = {}): Promise<Uint8Array> {
  checkOptions("saveKeras", options, ["facts", "date", "dtype"]);
  const { facts, date = new Date(), dtype = "float32" } = options;
  oneOf("dtype", dtype, WEIGHT_DTYPES);
  if (!model.built)
    throw new FoveaError(
      "not-ready",
      `${model.label}: not built yet, so it has no weights to save; begin it with input([...])`,
    );
  return writeKerasArchive({
    metadata: { keras_version: KERAS_VERSION, date_saved: date.toISOString().slice(0, 19).replace("T", "@") },
    config: asJson(modelToKeras(model)),
    weights: await kerasWeights(model, dtype),
    assets: new Map(facts === undefined ? [] : [[FACTS, new TextEncoder().encode(JSON.stringify(facts, null, 2))]]),
  });
}

/**
 * Opens a `.keras` file, Fovea's or Keras 3's own.
 * @throws FoveaError when it is no such file, is damaged, or needs a layer or setting that Fovea does not have.
 * @example const { model, facts } = await loadKeras(await readBytes("model.keras"), { backend })
 */
export async function loadKeras(bytes: Uint8Array, options: LoadOptions = {}): Promise<LoadedKeras> {
  const { file = "the model", compile = true, imageSize, ...modelOptions } = options;
  const { metadata, config, weights, assets } = await readKerasArchive(bytes, { name: file });
  const model = naming(file, "", () => modelFromKeras(withImageSize(modernConfig(config), imageSize), modelOptions));
  if (!model.built)
    throw new FoveaError("weights-missing", `${file}: the model was saved before it was built; it has no weights`);
  await takeWeights(file, model, weightsFromKeras(file, model, weights));
  const warnings =
    compile === false ? [] : compileAsStored(file, model, config, compile === true ? weights : undefined);
  const facts = assets.get(FACTS);
  return {
    model,
    facts: facts && checkFacts(`${file}, assets/${FACTS}`, parseJson(`${file}, assets/${FACTS}`, facts)),
    metadata,
    warnings,
  };
}
