// The face of training: a recipe's model trained and evaluated, and who watches.
export { decide, type Evaluated, evaluate, type Observer, type Training, type TrainOptions } from "./train.js";
