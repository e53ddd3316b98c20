// All callbacks.
export {
  type Callback,
  type CallbackState,
  type Logs,
  lambdaCallback,
  type TrainedModel,
  type TrainingRun,
} from "./callback.js";
export { type CSVLoggerOptions, csvLogger } from "./csv-logger.js";
export { EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { epochLogger, showMetric } from "./epoch-logger.js";
export { History } from "./history.js";
export {
  learningRateScheduler,
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  reduceLROnPlateau,
} from "./learning-rate.js";
export { type ModelCheckpointOptions, modelCheckpoint, type SaveModel } from "./model-checkpoint.js";
export type { MonitorMode } from "./monitor.js";
export { terminateOnNaN } from "./terminate-on-nan.js";
