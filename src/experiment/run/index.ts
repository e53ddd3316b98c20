// The face of runs: folder, facts, report, resuming, replay.
export { CARD_FILE, type CardLines, readCardLines, writeCardLines } from "./card-lines.js";
export { type CheckItem, checklist } from "./checklist.js";
export { dataWarnings, failuresOf, PART_TITLES } from "./facts.js";
export { RUN_FILES, RunFolder } from "./folder.js";
export { readRunImages, seenFindings } from "./images.js";
export { epochsOf, progressOf, type RunProgress } from "./progress.js";
export { type Difference, type Expected, expectedOf, type Replayed, replay } from "./replay.js";
export {
  addGallery,
  drawReport,
  factsOf,
  type RunOptions,
  type RunOutcome,
  recipeOf,
  resumeRun,
  startRun,
} from "./run.js";
export { train } from "./training.js";
export { stepMemory, withinMemory } from "./within-memory.js";
