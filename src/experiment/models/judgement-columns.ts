// Judgements as columns of a table of answers: whether each was accepted, why not, sets, decisions and ranges.
import { outputNamesOf } from "../../formats/run/task.js";
import type { Judgement, JudgementField } from "./calibrated.js";
import { type AnswerBatch, type Asked, isRefusal } from "./predict.js";

/** Separator of the classes of a set. */
const BETWEEN = "|";

/** Heads of the columns. Intervals have two for each number. */
export function judgementHeads({ outputs, judged }: Pick<Asked, "outputs" | "judged">): string[] {
  const [{ task } = {}] = outputs;
  const targets = task === undefined ? [] : outputNamesOf(task);
  return judged.flatMap((field) =>
    field === "interval" ? targets.flatMap((name) => [`${name}_low`, `${name}_high`]) : [field],
  );
}

/** Cells of each sample that has an answer, in their order. */
export const judgementRows = ({ answers, judged }: Pick<AnswerBatch, "answers" | "judged">): (string | number)[][] =>
  judged.length === 0
    ? []
    : answers.flatMap((answer) => (isRefusal(answer) ? [] : [judged.flatMap((field) => CELLS[field](answer))]));

const CELLS: Readonly<Record<JudgementField, (answer: Judgement) => readonly (string | number)[]>> = {
  accepted: ({ accepted }) => [String(accepted)],
  reason: (answer) => [answer.accepted ? "" : answer.reason],
  set: ({ set = [] }) => [set.join(BETWEEN)],
  decision: ({ decision = "" }) => [decision],
  expected_cost: ({ expected_cost = "" }) => [expected_cost],
  interval: ({ interval = [] }) => interval.flat().map((end) => end ?? ""),
};
