// `fovea predict MODEL rows.csv`: what a model that was trained on a table says of the rows of another.

import { UsageError } from "../../core/errors.js";
import { type OpenedModel, scoreTable } from "../../experiment/models/index.js";
import { writeAtomic } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { trialMetric, whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import type { Output } from "../terminal/output.js";

/** So many rows are printed; a file takes all. */
const MOST_ROWS = 20;

export const isTable = (path: string): boolean => extensionOf(path).toLowerCase() === ".csv";

/** Scores the one table among the inputs, prints the scores or writes them to a file, and closes the model. */
export async function predictTable(
  { file, original, facts, warnings }: OpenedModel,
  inputs: readonly string[],
  { out }: { readonly out?: string },
  output: Output,
): Promise<void> {
  try {
    const [path, ...others] = inputs;
    if (others.length > 0) throw new UsageError(`expected one CSV file, received ${inputs.length} inputs`);
    if (out !== undefined && !isTable(out))
      throw new UsageError(`--out: expected a file that ends in .csv, received ${out}`);
    const scores = await scoreTable(file, { model: original, facts, warnings }, path!);
    const { target, exposure, values, expected } = scores;
    for (const note of scores.notes) output.say(note);
    if (out !== undefined) await writeAtomic(out, scores.csv());
    const rowOf = (value: number, row: number) =>
      exposure === undefined
        ? { row: row + 1, value }
        : { row: row + 1, rate: value, ...(expected && { expected: expected[row]! }) };
    const results = { target, exposure: exposure ?? null, predictions: Array.from(values, rowOf) };
    const total = expected === undefined ? [] : [`${target} expected of all rows: ${trialMetric(sum(expected))}`];
    output.answer(
      out === undefined ? results : { target, exposure: exposure ?? null, rows: values.length, out },
      [
        ...(out === undefined
          ? [asText(target, results.predictions)]
          : [`The scores of ${whole(values.length)} rows are in ${out}`]),
        ...total,
      ].join("\n"),
    );
  } finally {
    await original.close();
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

interface Scored {
  readonly row: number;
  readonly value?: number;
  readonly rate?: number;
  readonly expected?: number;
}

function asText(target: string, predictions: readonly Scored[]): string {
  const heads = { value: target, rate: "rate", expected: "expected" } as const;
  const keys = (["value", "rate", "expected"] as const).filter((key) => predictions[0]?.[key] !== undefined);
  const columns = ["row", ...keys.map((key) => heads[key])].map((head) => ({ head, align: "right" as const }));
  const shown = predictions.slice(0, MOST_ROWS);
  const rows = shown.map((one) => [whole(one.row), ...keys.map((key) => trialMetric(one[key]!))]);
  const rest = predictions.length - shown.length;
  const more = rest > 0 ? `\n... ${whole(rest)} more; --out scores.csv writes them all.` : "";
  return `${textTable(columns, rows)}${more}`;
}
