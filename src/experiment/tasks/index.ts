// The tasks, in one total table. To add one: its schema in formats/run/task.ts, its record here, its section of the report.
import type { Targets } from "../../data/index.js";
import { TASK_KINDS, type TaskFacts, type TaskKind } from "../../formats/run/task.js";
import { classification } from "./classification.js";
import { detection } from "./detection.js";
import { multiLabel } from "./multi-label.js";
import { regression } from "./regression.js";
import { segmentation } from "./segmentation.js";
import type { Task } from "./task.js";
import { verification } from "./verification.js";

export {
  type Agreement,
  type AnswerOf,
  type AnswerOptions,
  agreementOn,
  type ClassArea,
  type Field,
  type FoundBox,
  inExposure,
  type LabelAnswer,
  type RankedClass,
  type Readings,
  type ResultColumn,
  short,
  type TaskAnswer,
  type Told,
  tell,
} from "./answers.js";
export { classifierObjective } from "./classification.js";
export { baselineFor } from "./commonest-class.js";
export type { ConvexLoss } from "./convex-loss.js";
export { scoreOf } from "./detection.js";
export { FOUND_NUMBERS, MOST_FOUND } from "./found-boxes.js";
export { endsOf } from "./intervals.js";
export type { Decisions, PairComparison, Sureness, Verdicts } from "./judging.js";
export type {
  BoxOutcome,
  ClassOutcome,
  LabelOutcome,
  MaskOutcome,
  NumberOutcome,
  Outcome,
  PairOutcome,
} from "./outcome.js";
export { decisionsOf, type Predictions, probabilitiesOf, type Ranked, ranked } from "./probabilities.js";
export { multiLabelFacts } from "./scores/index.js";
export { classMapsOf, mapOf } from "./segmentation.js";
export type {
  Baseline,
  Judged,
  Monitor,
  Objective,
  TargetColumns,
  Task,
  TaskWish,
  UsualSettings,
  WorstAnswer,
} from "./task.js";

/**
 * The record of each task, by its kind.
 * @example TASKS.segmentation.losses // ["dice-crossentropy", "crossentropy", "dice", "focal", "lovasz-crossentropy"]
 */
export const TASKS: { readonly [K in TaskKind]: Task<K> } = {
  classification,
  multiLabel,
  regression,
  segmentation,
  verification,
  detection,
};

/**
 * The task whose targets are of a kind.
 * @param targets of some data; classes with `areIdentities` are those of a verification
 * @example kindOfTargets({ kind: "numbers" }) // "regression"
 */
export const kindOfTargets = (targets: Pick<Targets, "kind"> & { readonly areIdentities?: true }): TaskKind =>
  targets.areIdentities
    ? "verification"
    : TASK_KINDS.find((task) => TASKS[task].targetKind === targets.kind && task !== "verification")!;

/** A task whose facts, targets and outcomes are of one kind, which the compiler is not told. */
type AnyTask = Task<TaskKind>;

/**
 * The record of a task: its targets, objective, answers and figures.
 * @param task the facts of a recipe or a model, or the kind alone
 * @example
 * const task = { kind: "detection", classNames: ["dent"], score: 0.4 };
 * taskOf(task).nouns; // ["class", "classes"]
 * scoreOf(task); // 0.4, the least confidence of the boxes in its answers
 */
export const taskOf = (task: Pick<TaskFacts, "kind">): AnyTask => TASKS[task.kind] as unknown as AnyTask;

/** Keys that histories of any task may have, without `val_`. */
export const WATCHED_KEYS: readonly string[] = [
  ...new Set(
    [
      ...classification.monitors({ kind: "classification", classNames: [] }),
      ...multiLabel.monitors({ kind: "multiLabel", labelNames: [], columns: [] }),
      ...regression.monitors({ kind: "regression", targets: [], link: "identity", scale: [], offset: [] }),
      ...verification.monitors({ kind: "verification", dimensions: 1, identities: 2, learning: "arcface" }),
      ...segmentation.monitors({ kind: "segmentation", classNames: [] }),
      ...detection.monitors({ kind: "detection", classNames: [] }),
    ]
      .filter(({ isFinal }) => !isFinal)
      .map(({ key }) => key),
  ),
];
