// The face of models: files opened, asked, converted, drawn, measured.

export {
  type Answer,
  type AnswerBatch,
  type Answerer,
  answererOf,
  isRefusal,
  type OutputAnswer,
  type PredictOptions,
  type Refusal,
  readingsIn,
  type Samples as AskedSamples,
} from "./answerer.js";
export { type BenchmarkOptions, benchmark, type KernelTimesOptions, kernelTimes, type Measured } from "./benchmark.js";
export { calibratedReadings, type Judgement, type JudgementField } from "./calibrated.js";
export { calibratedOutcome } from "./calibrated-outcome.js";
export { CocoFile } from "./coco-file.js";
export { type Converted, type ConvertOptions, convertFile } from "./convert.js";
export type { ImageCheck } from "./convert-check.js";
export { detectorOutcome } from "./detector-outcome.js";
export { modelDiagram } from "./diagram.js";
export { modelFacts, type ParameterCounts, parameterCounts } from "./facts.js";
export { FeatureReader, type Seen } from "./features.js";
export type { DetectorOptions } from "./foreign-detector.js";
export type { ForeignOptions } from "./foreign-model.js";
export { leftOutSentences, nothingLeftOut } from "./heads/decode.js";
export { HEAD_NAMES, type HeadName } from "./heads/index.js";
export { furtherFields, judgementCells, judgementHeads } from "./judgement-columns.js";
export { MaskFolder, type MaskPaths } from "./mask-files.js";
export { type OutputFacts, type OutputKind, outputKinds } from "./output-kinds.js";
export { type HashedSamples, PooledImages } from "./pooled-images.js";
export { type Asked, type AskedOutputs, predictBatches, predictFiles } from "./predict.js";
export { sizeOfArray } from "./predict-inputs.js";
export { type AskedFile, askedFiles } from "./predict-sources.js";
export { checkPredictionFile, predictionsCsv, streamPredictions, writePredictions } from "./prediction-files.js";
export { answeredTask, answerTable, type RowAnswer, type TableAnswers } from "./table-answers.js";
export { tablePartFor } from "./table-part.js";
export { scoreTable, type TableScores } from "./table-predictions.js";
export {
  type AskTableOptions,
  answeredRows,
  askTable,
  type RowsAsked,
  type ScoredRow,
  scoredRows,
} from "./table-rows.js";
export { MOST_OVERLAP, tiledBatches } from "./tiled.js";
export {
  compileToJudge,
  imagesFor,
  type OpenCompactOptions,
  type OpenedModel,
  type OpenOptions,
  openAnswering,
  openAny,
  openClassifier,
  openCompact,
  openModel,
  openModelFile,
  partFor,
  readableImages,
  type TrainedModel,
} from "./trained-model.js";
