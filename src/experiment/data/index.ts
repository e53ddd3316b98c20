// The face of data: folders, manifests, archives and tables opened with their targets, in parts.
export type { BadFile } from "./bad-files.js";
export { answerFields, type BaselineFigures, baselineOf } from "./baseline.js";
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
} from "./experiment-data.js";
export { refuseErrors, unjudgedClasses } from "./findings.js";
export { expanded, imagePaths, imagesIn } from "./image-paths.js";
export { type InferredTask, inferTask } from "./infer-task.js";
export { lookOf } from "./look.js";
export { sourcesOfParts } from "./part-sources.js";
export { folderOfPart, namesOf } from "./parts.js";
export type { ImageSamples, SampleSet, Samples, TableSamples } from "./sample-set.js";
export { type UsualLook, usualLook } from "./usual-look.js";
export { balancedWeights, type ClassWeights, type ClassWeightWish, recordedWeights } from "./weights.js";
