// `fovea/experiment`: what the command line does, for programs. Recipe in, run directory out; look, train, resume,
// replay, ask.

export { endsInProbabilities } from "../formats/models/outputs.js";
export { AUGMENTATIONS, type AugmentationName, augmented } from "./augmentation.js";
export type { BadFile } from "./bad-files.js";
export { type Baseline, baselineOf } from "./baseline.js";
export { type BenchmarkOptions, benchmark, type Measured } from "./benchmark.js";
export {
  type Classified,
  classify,
  openPretrained,
  type Pretrained,
  type PretrainedOptions,
  photosFor,
} from "./classification.js";
export { type Converted, type ConvertOptions, convertFile } from "./convert.js";
export {
  type DataPaths,
  type ExperimentData,
  findData,
  imagesOf,
  type LoadDataOptions,
  labelsOf,
  loadData,
  type Part,
  type PartName,
  type SplitSettings,
  type SplitWish,
  sourceOf,
} from "./data.js";
export { type Embedder, type EmbedderOptions, openEmbedder } from "./embedding.js";
export { ENGINES, type Engine, type EngineFacts, type EngineName, openEngine, type Predictor } from "./engines.js";
export { runFacts } from "./facts.js";
export { type ForeignOptions, readLabels } from "./foreign-model.js";
export { featureSheet, type GalleryOptions, layerGallery } from "./gallery.js";
export { imagePaths } from "./image-paths.js";
export { type Inspection, inspect, inspectionFacts } from "./inspection.js";
export { modelDiagram } from "./model-diagram.js";
export { modelFacts, type ParameterCounts, parameterCounts } from "./model-facts.js";
export { type OutputFacts, type OutputKind, outputKinds } from "./output-kinds.js";
export {
  type Answer,
  type Asked,
  type OutputAnswer,
  type PredictOptions,
  predictFiles,
  type RankedClass,
  type Told,
} from "./predict.js";
export { writePredictions } from "./prediction-files.js";
export { decisionsOf, type Predictions, probabilitiesOf, type Ranked, ranked } from "./predictions.js";
export { buildModel, makeRecipe, type Plan, planOf } from "./recipe.js";
export { type Difference, type Expected, expectedOf, type Replayed, replay } from "./replay.js";
export { replayCode } from "./replay-code.js";
export { addGallery, drawReport, type RunOptions, type RunOutcome, recipeOf, resumeRun, startRun } from "./run.js";
export { RUN_FILES, RunFolder } from "./run-folder.js";
export { duplicateImages, imagesIn, type Pair, type Similar, similarImages } from "./similarity.js";
export { scoreTable, type TableScores } from "./table-predictions.js";
export { type Evaluated, evaluate, type Observer, type Training, type TrainOptions, train } from "./train.js";
export {
  datasetFor,
  imagesFor,
  type OpenedModel,
  type OpenOptions,
  openAny,
  openClassifier,
  openModel,
  readableImages,
  type TrainedModel,
} from "./trained-model.js";
export { makeTransferRecipe, type TransferWish } from "./transfer.js";
export { BASE_NAMES } from "./transfer-base.js";
export * from "./tune/index.js";
export { balancedWeights, type ClassWeights, type ClassWeightWish } from "./weights.js";
export {
  addWeights,
  listWeights,
  openWeights,
  pullWeights,
  type StoredWeights,
  storedWeights,
  verifyWeights,
  type WeightsVariant,
  weightFileFor,
  weightsFolder,
} from "./weights-store.js";
