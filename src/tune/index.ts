// Hyper-parameter search: studies that anyone can repeat, resume and share. Programs import it as "fovea/tune".

export type { Json } from "../core/json.js";
export { createStudy, loadStudy, type NewStudyOptions, type StudyOptions } from "./create.js";
export {
  type CategoricalDistribution,
  type Choice,
  categoricalDistribution,
  type Distribution,
  type FloatDistribution,
  floatDistribution,
  type IntDistribution,
  intDistribution,
  type RangeOptions,
} from "./distribution.js";
export { type StudyFacts, studyFacts, type TrialFacts, trialFacts } from "./facts.js";
export { type FanovaOptions, fanova } from "./importance/fanova.js";
export { type Importances, normalized } from "./importance/importance.js";
export { type PedAnovaOptions, pedAnova } from "./importance/ped-anova.js";
export type { ErrorClass, Objective } from "./optimize.js";
export type { Told } from "./outcome.js";
export type { HeartbeatOptions } from "./ownership.js";
export { type HyperbandOptions, hyperbandPruner } from "./pruners/hyperband.js";
export { patientPruner } from "./pruners/patient.js";
export { medianPruner, type PercentileOptions, percentilePruner } from "./pruners/percentile.js";
export { nopPruner, type Pruner, type PrunerView } from "./pruners/pruner.js";
export { type SuccessiveHalvingOptions, successiveHalvingPruner } from "./pruners/successive-halving.js";
export { type WilcoxonOptions, wilcoxonPruner } from "./pruners/wilcoxon.js";
export { type EpochCallback, pruningCallback } from "./pruning-callback.js";
export { type CmaEsOptions, cmaEsSampler } from "./samplers/cma-es/cma-es.js";
export { gridSampler } from "./samplers/grid.js";
export type { Grid, Setting } from "./samplers/grid-points.js";
export { type Nsga2Options, nsga2Sampler } from "./samplers/nsga2.js";
export { quasiRandomSampler } from "./samplers/quasi-random.js";
export { randomSampler } from "./samplers/random.js";
export type { Proposal, RunningTrial, Sampler, SamplerView } from "./samplers/sampler.js";
export { type TpeOptions, tpeSampler } from "./samplers/tpe/tpe.js";
export { MemoryStorage } from "./storages/memory.js";
export { openStorage, withoutPassword } from "./storages/open.js";
export { type NewTrial, type Storage, StorageError, type StorageOptions } from "./storages/storage.js";
export { type EnqueueOptions, type OptimizeOptions, Study, type StudyCallback } from "./study.js";
export { PrunedTrial, Trial } from "./trial.js";
export type { Direction, StudyRecord, TrialRecord, TrialState } from "./trial-record.js";
