// Tensors, errors, random numbers, and the functions that build graphs: the entry `fovea/core` and the public face of core.
export { gradients } from "./autodiff.js";
export { type ByKind, byKind } from "./by-kind.js";
export type { DType } from "./dtype.js";
export { ERROR_CODES, type ErrorCode, type ErrorCodeFacts } from "./error-codes/index.js";
export { FoveaError, oneOf, UsageError } from "./errors.js";
export * from "./functions/index.js";
export { type Graph, printGraph, topologicalOrder, verify } from "./graph/graph.js";
export { input, type Value, Variable } from "./graph/node.js";
export { Random, STREAM } from "./random.js";
export type { Shape } from "./shape.js";
export {
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapIntervals,
  type Figures,
  type Interval,
  type IntervalOptions,
  type McNemar,
  mcnemarTest,
  type PairedAnswers,
  type Proportion,
  pairedAnswers,
  upperBound,
  wilsonInterval,
} from "./statistics/index.js";
export { expandDims, sliceRows, type Tensor, type TensorType, takeRows, tensor, zeros } from "./tensor.js";
export { Turns } from "./turns.js";
