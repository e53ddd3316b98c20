// The baseline of an experiment: its task's answer without a look at any image, and how good that is in each part.
import type { TaskFacts, TaskKind } from "../../formats/run/task.js";
import { type Baseline, taskOf } from "../tasks/index.js";
import { judgedOf, PART_NAMES, type PartName } from "./experiment-data.js";
import type { Parts } from "./parts.js";

/** A baseline with its figure in each part. */
export interface BaselineFigures extends Pick<Baseline, "title" | "key" | "answer" | "classIndex"> {
  /** Figure of each part, in the metric `key`; 0 for a part without samples. */
  readonly figures: Readonly<Record<PartName, number>>;
}

/**
 * The baseline of an experiment: the best answer without a look at any image, learnt from the training targets, and its
 * figure in each part.
 * @param data with the samples of the parts and their targets
 * @param facts task of the recipe
 * @returns undefined where the task has no such answer, as a verification
 * @example
 * const look = { imageSize: [12, 12], color: "grayscale", interpolation: "bilinear" };
 * const loaded = await loadData(await findData("pets"), look, { validation: 0.25, seed: 1 });
 * const baseline = baselineOf(loaded, { kind: "classification", classNames: namesOf(loaded.folders.train.targets) });
 * const { test } = baseline.figures; // accuracy of always saying the commonest class
 * const { class: commonest } = answerFields(baseline);
 * await closeData(loaded);
 */
export function baselineOf({ parts }: Pick<Parts, "parts">, facts: TaskFacts): BaselineFigures | undefined {
  const baseline: Baseline<TaskKind> | undefined = taskOf(facts).baseline(judgedOf(parts.train), facts);
  if (baseline === undefined) return undefined;
  const { figure, ...named } = baseline;
  const figures = Object.fromEntries(
    PART_NAMES.map((part) => [part, parts[part].rows.length === 0 ? 0 : figure(judgedOf(parts[part]))]),
  ) as Record<PartName, number>;
  return { ...named, figures };
}

/** The answer of a baseline as JSON has it: a class, or a number and the metric that it competes in. */
export const answerFields = ({
  key,
  answer,
}: BaselineFigures): { readonly class: string } | { readonly metric: string; readonly prediction: number } =>
  typeof answer === "string" ? { class: answer } : { metric: key, prediction: answer };
