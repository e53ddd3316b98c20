// The face of models: files opened, asked, converted, drawn, measured.

export { type BenchmarkOptions, benchmark, type Measured } from "./benchmark.js";
export { calibratedReadings, type Judgement, type JudgementField } from "./calibrated.js";
export { calibratedOutcome } from "./calibrated-outcome.js";
export { type Converted, type ConvertOptions, convertFile } from "./convert.js";
export type { ImageCheck } from "./convert-check.js";
export { modelDiagram } from "./diagram.js";
export { modelFacts, type ParameterCounts, parameterCounts } from "./facts.js";
export { FeatureReader, type Seen } from "./features.js";
export type { ForeignOptions } from "./foreign-model.js";
export { type OutputFacts, type OutputKind, outputKinds } from "./output-kinds.js";
export {
  type Answer,
  type AnswerBatch,
  type Asked,
  type AskedOutputs,
  isRefusal,
  type OutputAnswer,
  type PredictOptions,
  predictBatches,
  predictFiles,
  type Refusal,
} from "./predict.js";
export { sizeOfArray } from "./predict-inputs.js";
export { type AskedFile, askedFiles } from "./predict-sources.js";
export { checkPredictionFile, streamPredictions, writePredictions } from "./prediction-files.js";
export { answeredTask, answerTable, type RowAnswer, type TableAnswers } from "./table-answers.js";
export { tablePartFor } from "./table-part.js";
export { scoreTable, type TableScores } from "./table-predictions.js";
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
} from "./trained-model.js";
