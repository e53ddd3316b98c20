// `fovea/experiment`: what the command line does, for programs. Recipe in, run directory out; look, train, resume,
// replay, ask.

export { TABLE_MODEL_NAMES, TABLE_MODELS } from "../applications/tabular.js";
export { TASK_KINDS, type TaskFacts, type TaskKind } from "../formats/run/task.js";
export type { BadFile } from "./data/bad-files.js";
export { answerFields, type BaselineFigures, baselineOf } from "./data/baseline.js";
export {
  areImages,
  closeData,
  type DataPaths,
  type DataSources,
  type DataWish,
  type ExperimentData,
  findData,
  imageData,
  imagesOf,
  type LoadDataOptions,
  loadData,
  PART_NAMES,
  type Part,
  type PartName,
  pathsOf,
  type SplitSettings,
  type SplitWish,
  sourceOf,
} from "./data/experiment-data.js";
export { refuseErrors, unjudgedClasses } from "./data/findings.js";
export { expanded, imagePaths, imagesIn } from "./data/image-paths.js";
export { countsOf, type Inspection, inspect, inspectionFacts, notesOf, samplesFrom } from "./data/inspection.js";
export { namesOf } from "./data/parts.js";
export type { ImageSamples, SampleSet, Samples, TableSamples } from "./data/sample-set.js";
export type { Sample } from "./data/samples.js";
export { type UsualLook, usualLook } from "./data/usual-look.js";
export { balancedWeights, type ClassWeights, type ClassWeightWish, recordedWeights } from "./data/weights.js";
export {
  ATTRIBUTIONS,
  type AttributionMethod,
  explainedTask,
  explainFeatures,
  explainFilters,
  explainImages,
  explainLayers,
  outputNumber,
} from "./explain/explanation.js";
export { featureSheet, type GalleryOptions, layerGallery } from "./explain/gallery.js";
export { type BenchmarkOptions, benchmark, type Measured } from "./models/benchmark.js";
export { type Converted, type ConvertOptions, convertFile } from "./models/convert.js";
export { modelDiagram } from "./models/diagram.js";
export { modelFacts, type ParameterCounts, parameterCounts } from "./models/facts.js";
export type { ForeignOptions } from "./models/foreign-model.js";
export { type OutputFacts, type OutputKind, outputKinds } from "./models/output-kinds.js";
export {
  type Answer,
  type AnswerBatch,
  type Asked,
  type AskedOutputs,
  type OutputAnswer,
  type PredictOptions,
  predictBatches,
  predictFiles,
  type Refusal,
} from "./models/predict.js";
export { sizeOfArray } from "./models/predict-inputs.js";
export { type AskedFile, askedFiles } from "./models/predict-sources.js";
export { checkPredictionFile, streamPredictions, writePredictions } from "./models/prediction-files.js";
export { tablePartFor } from "./models/table-part.js";
export { scoreTable, type TableScores } from "./models/table-predictions.js";
export {
  compileToJudge,
  imagesFor,
  type OpenedModel,
  type OpenOptions,
  openAnswering,
  openAny,
  openClassifier,
  openModel,
  openModelFile,
  partFor,
  readableImages,
  type TrainedModel,
} from "./models/trained-model.js";
export {
  type Classified,
  classify,
  openPretrained,
  type Pretrained,
  type PretrainedOptions,
} from "./pretrained/classification.js";
export { type Embedder, type EmbedderOptions, openEmbedder } from "./pretrained/embedding.js";
export {
  type Engine,
  type EngineFacts,
  type EngineName,
  openEngine,
  type Predictor,
} from "./pretrained/onnxruntime.js";
export {
  type Copies,
  copiesAmong,
  duplicateImages,
  type Pair,
  type Similar,
  similarImages,
} from "./pretrained/similarity.js";
export {
  addWeights,
  asTyped,
  listWeights,
  openWeights,
  pullWeights,
  type StoredWeights,
  storedWeights,
  verifyWeights,
  type WeightsVariant,
  weightFileFor,
  weightsFolder,
  weightsPath,
} from "./pretrained/weights-store.js";
export { AUGMENTATIONS, type AugmentationName, augmented } from "./recipe/augmentation.js";
export {
  buildModel,
  dataWishOf,
  makeRecipe,
  modelName,
  type Plan,
  planOf,
  SCHEDULES,
  type ScheduleName,
  SOLVERS,
  type SolverName,
  taskFacts,
} from "./recipe/recipe.js";
export { replayCode } from "./recipe/replay-code.js";
export { dataWarnings, failuresOf, PART_TITLES } from "./run/facts.js";
export { RUN_FILES, RunFolder } from "./run/folder.js";
export { readRunImages, seenFindings } from "./run/images.js";
export { type Difference, type Expected, expectedOf, type Replayed, replay } from "./run/replay.js";
export {
  addGallery,
  drawReport,
  factsOf,
  type RunOptions,
  type RunOutcome,
  recipeOf,
  resumeRun,
  startRun,
} from "./run/run.js";
export { train } from "./run/training.js";
export { baselineFor } from "./tasks/commonest-class.js";
export {
  type AnswerOf,
  type Baseline,
  type ClassOutcome,
  type LabelAnswer,
  type LabelOutcome,
  type Monitor,
  type NumberOutcome,
  type Outcome,
  type RankedClass,
  short,
  TASKS,
  type TargetColumns,
  type Task,
  type TaskAnswer,
  type TaskWish,
  type Told,
  taskOf,
  tell,
  WATCHED_KEYS,
  type WorstAnswer,
} from "./tasks/index.js";
export { decisionsOf, type Predictions } from "./tasks/probabilities.js";
export { decide, type Evaluated, evaluate, type Observer, type Training, type TrainOptions } from "./training/train.js";
export { BASE_NAMES, baseFacts, baseFileInStore, readBaseWeights } from "./transfer/base.js";
export { makeTransferRecipe, preprocessingFor, type TransferWish } from "./transfer/recipe.js";
export { rateWarning } from "./transfer/train.js";
export { quantityOf } from "./tune/definition.js";
export * from "./tune/index.js";
export { STUDY_ATTRIBUTES } from "./tune/program.js";
export { dataPathOf, type ImagesSpec } from "./tune/spec.js";
export { localStorages, shellWord } from "./tune/study-place.js";
