// Judgements as columns of a table of answers: whether each was accepted, why not, sets, decisions and ranges.
import { outputNamesOf } from "../../formats/run/task.js";
import { type AnswerBatch, isRefusal, withRows } from "./answerer.js";
import type { Judgement, JudgementField } from "./calibrated.js";
import type { Asked } from "./predict.js";

/** Separator of the classes of a set. */
const BETWEEN = "|";

/**
 * Fields of a judgement for a table that has columns for acceptance and reason in any case.
 * @param judged fields that limits and rules add to the answers
 */
export const furtherFields = (judged: readonly JudgementField[]): readonly JudgementField[] =>
  judged.filter((field) => field !== "accepted" && field !== "reason");

/**
 * Cells of one answer for these fields. Classes of a set are joined by "|", and an interval has two cells for each
 * number.
 * @param answer the answer with its judgement
 * @param fields fields that have columns
 */
export const judgementCells = (answer: Judgement, fields: readonly JudgementField[]): (string | number)[] =>
  fields.flatMap((field) => CELLS[field](answer));

/**
 * Heads of the columns of judgements. Intervals have two for each number.
 * @param asked outputs of the model, and the fields of the answers
 * @example
 * const judged = ["accepted", "reason", "set"];
 * const fields = furtherFields(judged); // ["set"]
 * judgementHeads({ outputs: [], judged: fields }); // ["set"]
 * judgementCells({ accepted: true, set: ["cat", "fox"] }, fields); // ["cat|fox"]
 */
export function judgementHeads({ outputs, judged }: Pick<Asked, "outputs" | "judged">): string[] {
  const [{ task } = {}] = outputs;
  const targets = task === undefined ? [] : outputNamesOf(task);
  return judged.flatMap((field) =>
    field === "interval" ? targets.flatMap((name) => [`${name}_low`, `${name}_high`]) : [field],
  );
}

/** Cells of each sample that the model computed, in their order; of a sample without an answer the reason alone. */
export function judgementRows(
  batch: Pick<AnswerBatch, "answers" | "names" | "judged">,
  heads: readonly string[],
): (string | number)[][] {
  return withRows(batch)
    .filter(({ row }) => row !== undefined)
    .map(({ answer }) => {
      if (!isRefusal(answer)) return judgementCells(answer, batch.judged);
      const refused: Readonly<Record<string, string>> = { accepted: "false", reason: answer.code };
      return heads.map((head) => refused[head] ?? "");
    });
}

const CELLS: Readonly<Record<JudgementField, (answer: Judgement) => readonly (string | number)[]>> = {
  accepted: ({ accepted }) => [String(accepted)],
  reason: (answer) => [answer.accepted ? "" : answer.reason],
  set: ({ set = [] }) => [set.join(BETWEEN)],
  decision: ({ decision = "" }) => [decision],
  expected_cost: ({ expected_cost = "" }) => [expected_cost],
  interval: ({ interval = [] }) => interval.flat().map((end) => end ?? ""),
};
