// `fovea/experiment`: what the command line does, for programs. Recipe in, run directory out; look, train, resume,
// replay, ask.

export { endsInProbabilities } from "../formats/models/outputs.js";
export type { BadFile } from "./data/bad-files.js";
export { type Baseline, baselineOf } from "./data/baseline.js";
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
} from "./data/experiment-data.js";
export { imagePaths } from "./data/image-paths.js";
export { type Inspection, inspect, inspectionFacts } from "./data/inspection.js";
export { balancedWeights, type ClassWeights, type ClassWeightWish } from "./data/weights.js";
export { featureSheet, type GalleryOptions, layerGallery } from "./explain/gallery.js";
export { type BenchmarkOptions, benchmark, type Measured } from "./models/benchmark.js";
export { type Converted, type ConvertOptions, convertFile } from "./models/convert.js";
export { modelDiagram } from "./models/diagram.js";
export { modelFacts, type ParameterCounts, parameterCounts } from "./models/facts.js";
export { type ForeignOptions, readLabels } from "./models/foreign-model.js";
export { type OutputFacts, type OutputKind, outputKinds } from "./models/output-kinds.js";
export {
  type Answer,
  type Asked,
  type OutputAnswer,
  type PredictOptions,
  predictFiles,
  type RankedClass,
  type Told,
} from "./models/predict.js";
export { writePredictions } from "./models/prediction-files.js";
export { decisionsOf, type Predictions, probabilitiesOf, type Ranked, ranked } from "./models/probabilities.js";
export { scoreTable, type TableScores } from "./models/table-predictions.js";
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
} from "./models/trained-model.js";
export {
  type Classified,
  classify,
  openPretrained,
  type Pretrained,
  type PretrainedOptions,
  photosFor,
} from "./pretrained/classification.js";
export { type Embedder, type EmbedderOptions, openEmbedder } from "./pretrained/embedding.js";
export {
  ENGINES,
  type Engine,
  type EngineFacts,
  type EngineName,
  openEngine,
  type Predictor,
} from "./pretrained/onnxruntime.js";
export { duplicateImages, imagesIn, type Pair, type Similar, similarImages } from "./pretrained/similarity.js";
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
} from "./pretrained/weights-store.js";
export { AUGMENTATIONS, type AugmentationName, augmented } from "./recipe/augmentation.js";
export { buildModel, makeRecipe, type Plan, planOf } from "./recipe/recipe.js";
export { replayCode } from "./recipe/replay-code.js";
export { runFacts } from "./run/facts.js";
export { RUN_FILES, RunFolder } from "./run/folder.js";
export { type Difference, type Expected, expectedOf, type Replayed, replay } from "./run/replay.js";
export { addGallery, drawReport, type RunOptions, type RunOutcome, recipeOf, resumeRun, startRun } from "./run/run.js";
export { type Evaluated, evaluate, type Observer, type Training, type TrainOptions, train } from "./training/train.js";
export { BASE_NAMES } from "./transfer/base.js";
export { makeTransferRecipe, type TransferWish } from "./transfer/recipe.js";
export * from "./tune/index.js";
