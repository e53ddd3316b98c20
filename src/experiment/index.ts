// The functions of the command line, for programs: the entry `fovea/experiment`. They make folders of runs from recipes, and
// inspect, train, resume, replay and predict.

export { TABLE_MODEL_NAMES, TABLE_MODELS } from "../applications/tabular.js";
export { endsInProbabilities } from "../formats/models/outputs.js";
export { UPRIGHT } from "../formats/run/recipe.js";
export { classNamesOf, outputNamesOf, TASK_KINDS, type TaskFacts, type TaskKind } from "../formats/run/task.js";
export { shellWord } from "../platform/invocation.js";
export * from "./budget/index.js";
export * from "./card/index.js";
export * from "./certificate/index.js";
export * from "./compare/index.js";
export * from "./data/index.js";
export * from "./decisions/index.js";
export * from "./deploy/index.js";
export * from "./explain/index.js";
export * from "./health/index.js";
export * from "./inspection/index.js";
export * from "./journal/index.js";
export * from "./models/index.js";
export * from "./monitor/index.js";
export * from "./pretrained/index.js";
export * from "./recipe/index.js";
export * from "./run/index.js";
export * from "./scoring/index.js";
export * from "./signals/index.js";
export * from "./slices/index.js";
export * from "./tasks/index.js";
export * from "./training/index.js";
export * from "./transfer/index.js";
export * from "./trust/index.js";
export * from "./tune/index.js";
export * from "./verification/index.js";
export * from "./watch/index.js";
