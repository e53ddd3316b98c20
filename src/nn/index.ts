// The nn room's public face. Layers, losses, metrics, optimizers and callbacks also have entries of their own.

export type { KernelFacts, MemoryFacts } from "../compile/print.js";
export type { Json, JsonObject } from "../core/json.js";
export * from "./callbacks/index.js";
export type { KerasObject } from "./config/keras-object.js";
export type { Constraint, ConstraintLike } from "./constraints.js";
export * as constraints from "./constraints.js";
export type { Initializer, InitializerLike } from "./initializers/index.js";
export * as initializers from "./initializers/index.js";
export { Layer } from "./layers/layer.js";
export type { ArchitectureRow } from "./model/architecture-table.js";
export type { BatchSource, ByName, Labelled, LabelledSource, MultiLabelled, TrainingData } from "./model/data.js";
export { DivergedError, type Divergence } from "./model/divergence.js";
export type { FitOptions, WholeValidation } from "./model/fit.js";
export { Functional, type FunctionalOptions, type OneOrMore } from "./model/functional.js";
export { type KernelTimes, type StageTime, type TimeKernelsOptions, timeKernels } from "./model/kernel-times.js";
export { layerOutputs } from "./model/layer-outputs.js";
export { findLearningRate, type LearningRateFinderOptions, type LearningRates } from "./model/learning-rate-finder.js";
export {
  type BatchOptions,
  type CompileOptions,
  Model,
  type ModelOptions,
  type PredictionOptions,
} from "./model/model.js";
export type { Runtime, RuntimeOptions } from "./model/runtime.js";
export { Sequential } from "./model/sequential.js";
export type { TrainingState } from "./model/state.js";
export type { SummaryOptions } from "./model/summary.js";
export type { Regularizer, RegularizerLike } from "./regularizers.js";
export * as regularizers from "./regularizers.js";
export { layerFromKeras } from "./serialization/layers.js";
export { compileOptionsFromKeras, modelFromKeras, modelToKeras } from "./serialization/model.js";
