// Hyper-parameter search: studies that anyone can repeat, resume and share. What programs import as "fovea/tune".
export { createStudy, loadStudy, type NewStudyOptions, type StudyOptions } from "./create.js";
export type {
  CategoricalDistribution,
  Choice,
  Distribution,
  FloatDistribution,
  IntDistribution,
  RangeOptions,
} from "./distribution.js";
export type { Objective, Told } from "./optimize.js";
export type { HeartbeatOptions } from "./ownership.js";
export { nopPruner, type Pruner, type PrunerView } from "./pruners/pruner.js";
export { randomSampler } from "./samplers/random.js";
export type { Proposal, RunningTrial, Sampler, SamplerView } from "./samplers/sampler.js";
export { type TpeOptions, tpeSampler } from "./samplers/tpe/tpe.js";
export { MemoryStorage } from "./storages/memory.js";
export { openStorage } from "./storages/open.js";
export { type NewTrial, type Storage, StorageError } from "./storages/storage.js";
export { type OptimizeOptions, Study, type StudyCallback } from "./study.js";
export { PrunedTrial, Trial } from "./trial.js";
export type { Direction, Json, StudyRecord, TrialRecord, TrialState } from "./trial-record.js";
