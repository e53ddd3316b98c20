// Studies of models: specs, their data, running and rebuilding them. What `fovea/experiment` offers of it.

export { type ArtifactStore, type ArtifactStoreOptions, openArtifacts } from "./artifact-store.js";
export { type ComparedStudy, type Comparison, compareStudies } from "./compare.js";
export { defineStudy, quantityOf, type StudyDefinition, type StudyObjective } from "./definition.js";
export { PRUNER_NAMES, SAMPLER_NAMES } from "./methods.js";
export {
  moduleProgram,
  openProgram,
  STUDY_ATTRIBUTES,
  type StudyProgram,
  type StudySchedule,
  specProgram,
  storedBaseline,
  storedJournal,
  storedSpec,
  type TuneModule,
} from "./program.js";
export { type Rebuilt, rebuildTrial } from "./rebuild.js";
export { type RunStudyOptions, runStudy } from "./run-study.js";
export { type Params, substitute, suggestAll } from "./space.js";
export { dataPathOf, type ImagesSpec, readSpec, type TuneSpec } from "./spec.js";
export { withOpenSplit, withSettledSplit } from "./split-choice.js";
export { loadStudyData, type StudyData, type StudyDataOptions } from "./study-data.js";
export { defaultStorage, localStorages, openStudy, studyFolder } from "./study-place.js";
export { importancesOf, studyReportFacts } from "./study-report.js";
export { parameterNames, trialJson, trialsCsv } from "./table-of-trials.js";
export { keptModel } from "./trial-artifacts.js";
export { fileFacts, testFigures } from "./trial-facts.js";
export { trialRecipe } from "./trial-recipe.js";
export type { TrainedTrial, TrialHow } from "./trial-training.js";
