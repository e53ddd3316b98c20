// Constants of ONNX graphs: their arithmetic and the evaluator of operators on them.
export type { Application, Folded } from "./application.js";
export { filled, mapped, picked, reordered, spreadTo, whole } from "./arrays.js";
export { evaluate, evaluates } from "./evaluate.js";
export { slicing, splitSizes } from "./indexing.js";
export { foldedAxes } from "./reductions.js";
