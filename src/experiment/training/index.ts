// The face of training: a recipe's model trained and evaluated, and who watches.
export {
  type Calibration,
  decide,
  decideCalibrated,
  type Evaluated,
  evaluate,
  type FittedTrust,
  type Observer,
  type Training,
  type TrainOptions,
} from "./train.js";
