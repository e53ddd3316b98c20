// Constants of ONNX graphs: their arithmetic and the evaluator of operators on them.
export { filled, mapped, picked, reordered, spreadTo, whole } from "./arrays.js";
export { type Application, evaluate, evaluates, type Folded } from "./evaluate.js";
export { slicing, splitSizes } from "./indexing.js";
export { foldedAxes } from "./reductions.js";
