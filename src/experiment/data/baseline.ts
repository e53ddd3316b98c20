// The baseline of an experiment: its task's answer without a look at any image, and how good that is in each part.
import type { TaskFacts, TaskKind } from "../../formats/run/task.js";
import { type Baseline, taskOf } from "../tasks/index.js";
import { judgedOf, PART_NAMES, type PartName } from "./experiment-data.js";
import type { Parts } from "./parts.js";

/** A baseline with its figure in each part. */
export interface BaselineFigures extends Pick<Baseline, "title" | "key" | "answer" | "classIndex"> {
  readonly figures: Readonly<Record<PartName, number>>;
}

/** @returns undefined where the task has no such answer */
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
