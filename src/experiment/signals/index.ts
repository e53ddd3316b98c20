// The face of signals: what is known of a batch of images without their targets, and a run's reference.
export { embeddingSignals, MOST_LOOKED_AT, photoSignals, sampleOf, signalsOfLooks } from "./gather.js";
export { NumberSample, PredictionTally, type SignalAnswer } from "./predictions.js";
export {
  PHOTO_MEASURES,
  type PhotoMeasure,
  type PhotoSignals,
  type PredictionSignals,
  type Reference,
  readReference,
  type Signals,
  type TruthSignals,
  writeReference,
} from "./signals.js";
