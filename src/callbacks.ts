// All callbacks, with the formats that some of them write: a part of the composition root and the entry `fovea/callbacks`.
import { FoveaError, shown } from "./core/errors.js";
import { saveKeras } from "./formats/models/keras.js";
import { saveKerasWeights } from "./formats/models/weights.js";
import {
  type Callback,
  type ModelCheckpointOptions,
  type SaveModel,
  modelCheckpoint as savedBy,
} from "./nn/callbacks/index.js";
import { Model } from "./nn/model/model.js";
import { filesHere } from "./platform/files/files-here.js";

export { tensorBoard } from "./formats/run/event-log.js";
export * from "./nn/callbacks/index.js";

/** Writes a `.keras` file, or the weights alone where the path ends in `.weights.h5`. */
const save: SaveModel = async (model, path) => {
  if (!(model instanceof Model))
    throw new FoveaError("wrong-type", `modelCheckpoint: expected a model to save, received ${shown(model)}`);
  await filesHere.writeAtomic(path, await (path.endsWith(".weights.h5") ? saveKerasWeights(model) : saveKeras(model)));
};

/**
 * Saves the model at the end of epochs, as a `.keras` file or, where the path ends in `.weights.h5`, its weights. The path
 * may have Keras's placeholders: `{epoch:02d}`, `{val_loss:.2f}`.
 * @param options The quantity that is monitored, and whether only the best epochs are saved.
 * @example modelCheckpoint("best.keras", { monitor: "val_accuracy", saveBestOnly: true })
 */
export const modelCheckpoint = (path: string, options: Partial<ModelCheckpointOptions> = {}): Callback =>
  savedBy(path, { save, ...options });
