// The rows of a table as a model's features, with their targets: what a model that was trained on a table is judged by.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { featureEncoder } from "../../data/index.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { allRows, judgedNote, judgedRows, type Part } from "../data/parts.js";
import type { TableSamples } from "../data/sample-set.js";
import { openTableTargets, tableSamples } from "../data/table-data.js";
import { checkFit } from "../recipe/recipe.js";
import { taskOf } from "../tasks/index.js";
import { refuseUnknown } from "./table-predictions.js";
import type { OpenedModel } from "./trained-model.js";

/**
 * The rows of a table with their targets, as the model was trained on them.
 * @param opened the open model of a table
 * @param path path of the CSV file, with the column of the target
 * @returns rows and targets, the task that the model is judged by, and notes, a sentence each
 * @throws FoveaError for a model that was trained on no table, rows without the target or its exposure, missing
 * columns, and cells that the model cannot use
 */
export async function tablePartFor(
  { file, model, task, facts }: OpenedModel,
  path: string,
): Promise<{ readonly part: Part<TableSamples>; readonly task: TaskFacts; readonly notes: readonly string[] }> {
  const known = facts?.table;
  if (known === undefined || task === undefined)
    throw new FoveaError(
      "unsuited-model",
      `${file} says nothing of a table that it was trained on, and ${path} is one; give images, or a model that fovea train made of a table`,
    );
  const record = taskOf(task);
  const recorded = facts?.recipe?.columns;
  const columns = { ...recorded, ...defined({ exposure: known.exposure?.column ?? recorded?.exposure }) };
  const wish = { ...record.columnsOf(task), columns };
  const names = record.targetKind === "numbers" ? undefined : outputNamesOf(task);
  const opened = await openTableTargets(path, known, wish, names);
  const types = Object.fromEntries(known.columns.map(({ name, type }) => [name, type]));
  const table = opened.rows.table(
    known.columns.map(({ name }) => name),
    types,
  );
  refuseUnknown(table, known);
  const standardize = known.columns.some((column) => column.type === "number" && column.scale !== null);
  const samples = tableSamples(opened, table, featureEncoder(table, known.columns), { ...known, standardize });
  checkFit(model, samples.x.shape, task);
  const { targets, weight, split } = opened.folder;
  const chosen = judgedRows(split);
  const part = { samples, targets, rows: chosen?.rows ?? allRows(samples), ...defined({ weight }) };
  return { part, task, notes: chosen ? [...opened.notes, judgedNote(chosen, samples, path)] : opened.notes };
}
