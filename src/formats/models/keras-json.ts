// A model described in JSON, as `model.to_json()` of Keras 1 to 3 writes it, with its weights in a file beside. Of Keras 2 and
// 3 also the config.json of an unpacked `.keras` archive.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { modelFromKeras } from "../../nn/serialization/model.js";
import { parseJson } from "../json.js";
import { withImageSize } from "./input-size.js";
import { fromKeras1, isKeras1 } from "./keras1-config.js";
import { modernConfig } from "./legacy-config.js";
import { type LoadedModel, type LoadOptions, naming, type Siblings } from "./loaded.js";
import { loadWeights } from "./weights.js";

/** The description in a JSON file of Keras; undefined for JSON of something else. */
export function kerasDescription(file: string, json: Uint8Array): JsonObject | undefined {
  const parsed = parseJson(file, json);
  // Many write the text that to_json() returns with json.dump, which makes it a text in JSON.
  const value: Json = typeof parsed === "string" ? parseJson(file, parsed) : parsed;
  return isJsonObject(value) && typeof value.class_name === "string" && "config" in value ? value : undefined;
}

/** Files that may hold the weights beside a description called `name`, the likeliest first. */
function weightFiles(name: string): string[] {
  const stem = name.replace(/\.json$/i, "");
  const stems = [stem, stem.replace(/[-_.]?(architecture|config|model|structure)$/i, "")].filter((text) => text !== "");
  const besides = stems.flatMap((text) => [`${text}.weights.h5`, `${text}.h5`, `${text}_weights.h5`, `${text}.hdf5`]);
  return [...new Set([...besides, "model.weights.h5", "weights.h5", "model_weights.h5", "model.h5", "weights.hdf5"])];
}

/**
 * Opens a model of Keras out of its description and the weights beside it.
 * @throws FoveaError when there are no weights, they do not fit, or the description has what Fovea does not read
 */
export async function loadKerasJson(
  description: JsonObject,
  siblings: Siblings,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const { file = "model.json", compile: _, imageSize, ...modelOptions } = options;
  const name = file.split(/[\\/]/).at(-1)!;
  const model = naming(file, "", () => {
    const current = modernConfig(isKeras1(description) ? fromKeras1(description) : description);
    return modelFromKeras(withImageSize(current, imageSize), modelOptions);
  });
  if (!model.built) throw new FoveaError("wrong-field", `${file}: does not say the shape of its input`);
  for (const weights of weightFiles(name)) {
    const bytes = await siblings(weights);
    if (bytes === undefined) continue;
    await loadWeights(model, bytes, { file: `${file.slice(0, file.length - name.length)}${weights}` });
    return { model, facts: undefined, warnings: [`${file}: the weights are those of ${weights} beside it`] };
  }
  throw new FoveaError(
    "weights-missing",
    `${file} describes a model of Keras and holds no weights; put the file that save_weights wrote beside it, as ` +
      `${weightFiles(name)[0]} or weights.h5`,
  );
}
