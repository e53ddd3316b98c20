// The face of the formats room. Its loaders need a backend; the entry `fovea/formats` (file-formats.ts) has them with one.
export { readHdf5 } from "./containers/hdf5/read.js";
export { type Hdf5Dataset, type Hdf5Group, hdf5Tree } from "./containers/hdf5/tree.js";
export { writeHdf5 } from "./containers/hdf5/write.js";
export { readNpy, writeNpy } from "./containers/npy.js";
export { readSafetensors, type Safetensors, writeSafetensors } from "./containers/safetensors.js";
export { readZip, writeZip } from "./containers/zip.js";
export { type Agreement, type Conversion, convert, WRITTEN_FORMATS, type WrittenFormat } from "./models/convert.js";
export { checkFacts, type FoveaFacts } from "./models/fovea-facts.js";
export {
  type LoadedKeras,
  type LoadKerasOptions,
  loadKeras,
  type SaveKerasOptions,
  saveKeras,
} from "./models/keras.js";
export { type KerasArchive, readKerasArchive, writeKerasArchive } from "./models/keras-archive.js";
export { loadKerasH5 } from "./models/keras-h5.js";
export { type LoadModelOptions, loadModel } from "./models/load-model.js";
export type { LoadedModel, LoadOptions, Siblings } from "./models/loaded.js";
export { OPSET, type SaveOnnxOptions, saveOnnx } from "./models/onnx/export.js";
export { loadOnnx } from "./models/onnx/import.js";
export { onPixels } from "./models/pixels.js";
export { loadTfjs, type SaveTfjsOptions, saveTeachable, saveTfjs } from "./models/tfjs.js";
export { type LoadWeightsOptions, loadWeights, saveKerasWeights, saveSafetensors } from "./models/weights.js";
export { readCheckpoint, writeCheckpoint } from "./run/checkpoint.js";
export { EventLog, tensorBoard } from "./run/event-log.js";
export { type HistoryTable, readHistoryCsv, writeHistoryCsv } from "./run/history-csv.js";
export { type RunMetrics, readMetrics, writeMetrics } from "./run/metrics.js";
export { type Preprocessing, type Recipe, readRecipe, writeRecipe } from "./run/recipe.js";
export { type EpochScalars, epochScalars, eventFileHeader, eventFileName, scalarEvent } from "./run/tensorboard.js";
