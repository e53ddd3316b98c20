// Rows of Optuna's tables as trials: reading all that belongs to some trials, and writing what is added to one.

import type { Json } from "../../../core/json.js";
import { put } from "../../../core/lookup.js";
import { type Choice, type Distribution, toExternal } from "../../distribution.js";
import type { TrialRecord, TrialState } from "../../trial-record.js";
import { distributionFromJson, distributionToJson } from "../distribution-json.js";
import { parsePythonJson, writePythonJson } from "../python-json.js";
import type { TrialChange } from "../storage.js";
import type { Connection, Row, SqlValue } from "./database.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<TrialRecord> & {
  params: Record<string, Choice>;
  distributions: Record<string, Distribution>;
  userAttributes: Record<string, Json>;
  systemAttributes: Record<string, Json>;
  intermediate: Map<number, number>;
};

/** Numbers that a column of numbers cannot hold have a word beside it. */
const WORDS: Record<string, number> = { INF_POS: Infinity, INF_NEG: -Infinity, NAN: Number.NaN };

const numberOf = (value: SqlValue | undefined, word: SqlValue | undefined): number =>
  WORDS[String(word)] ?? Number(value);

function columnsOf(value: number): [SqlValue, string] {
  if (Number.isFinite(value)) return [value, "FINITE"];
  return [null, Number.isNaN(value) ? "NAN" : value > 0 ? "INF_POS" : "INF_NEG"];
}

/** Dates are kept in UTC, without saying so. */
const dateOf = (text: SqlValue | undefined): Date | undefined =>
  typeof text === "string" ? new Date(`${text.replace(" ", "T")}Z`) : undefined;

export const timestampOf = (date: Date | undefined): SqlValue =>
  date === undefined ? null : `${date.toISOString().replace("T", " ").slice(0, -1)}000`;

export const stateWord = (state: TrialState): string => state.toUpperCase();
export const stateOf = (word: SqlValue | undefined): TrialState => String(word).toLowerCase() as TrialState;

/**
 * The trials that `condition` (on `t`, a row of trials) selects, by number. Parts that differ from call to call are in
 * `values`: databases keep each text of a statement prepared.
 */
export async function readTrials(
  connection: Connection,
  condition: string,
  values: readonly SqlValue[],
): Promise<TrialRecord[]> {
  const rows = await connection.query(
    `SELECT t.trial_id, t.number, t.state, CAST(t.datetime_start AS TEXT) AS started,
       CAST(t.datetime_complete AS TEXT) AS finished
     FROM trials t WHERE ${condition} ORDER BY t.trial_id`,
    values,
  );
  if (rows.length === 0) return [];
  const drafts = new Map(rows.map((row) => [Number(row.trial_id), draftOf(row)]));
  const each = async (table: string, order: string, add: (draft: Draft, row: Row) => void): Promise<void> => {
    const found = await connection.query(
      `SELECT c.* FROM ${table} c JOIN trials t ON t.trial_id = c.trial_id WHERE ${condition} ORDER BY c.${order}`,
      values,
    );
    for (const row of found) {
      const draft = drafts.get(Number(row.trial_id));
      if (draft !== undefined) add(draft, row);
    }
  };
  await each("trial_params", "param_id", (draft, row) => {
    const distribution = distributionFromJson(String(row.distribution_json));
    put(draft.distributions, String(row.param_name), distribution);
    put(draft.params, String(row.param_name), toExternal(distribution, Number(row.param_value)));
  });
  await each("trial_values", "objective", (draft, row) => {
    draft.values = [...(draft.values ?? []), numberOf(row.value, row.value_type)];
  });
  await each("trial_intermediate_values", "trial_intermediate_value_id", (draft, row) => {
    draft.intermediate.set(Number(row.step), numberOf(row.intermediate_value, row.intermediate_value_type));
  });
  await each("trial_user_attributes", "trial_user_attribute_id", (draft, row) => {
    put(draft.userAttributes, String(row.key), parsePythonJson(String(row.value_json)));
  });
  await each("trial_system_attributes", "trial_system_attribute_id", (draft, row) => {
    put(draft.systemAttributes, String(row.key), parsePythonJson(String(row.value_json)));
  });
  return [...drafts.values()];
}

const draftOf = (row: Row): Draft => ({
  id: Number(row.trial_id),
  number: Number(row.number),
  state: stateOf(row.state),
  values: undefined,
  params: {},
  distributions: {},
  userAttributes: {},
  systemAttributes: {},
  intermediate: new Map(),
  startedAt: dateOf(row.started),
  finishedAt: dateOf(row.finished),
});

export async function writeChange(connection: Connection, trialId: number, change: TrialChange): Promise<void> {
  if (change.kind === "parameter")
    await connection.query(
      `INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)
       ON CONFLICT (trial_id, param_name)
       DO UPDATE SET param_value = excluded.param_value, distribution_json = excluded.distribution_json`,
      [trialId, change.name, change.internal, distributionToJson(change.distribution)],
    );
  else if (change.kind === "report")
    await connection.query(
      `INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type)
       VALUES (?, ?, ?, ?) ON CONFLICT (trial_id, step)
       DO UPDATE SET intermediate_value = excluded.intermediate_value,
         intermediate_value_type = excluded.intermediate_value_type`,
      [trialId, change.step, ...columnsOf(change.value)],
    );
  else
    await writeAttribute(connection, `trial_${change.kind}_attributes`, "trial_id", trialId, change.key, change.value);
}

export async function writeAttribute(
  connection: Connection,
  table: string,
  owner: "study_id" | "trial_id",
  id: number,
  key: string,
  value: Json,
): Promise<void> {
  await connection.query(
    `INSERT INTO ${table} (${owner}, "key", value_json) VALUES (?, ?, ?)
     ON CONFLICT (${owner}, "key") DO UPDATE SET value_json = excluded.value_json`,
    [id, key, writePythonJson(value)],
  );
}

export async function writeValues(connection: Connection, trialId: number, values: readonly number[]): Promise<void> {
  for (const [objective, value] of values.entries())
    await connection.query(
      `INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)
       ON CONFLICT (trial_id, objective) DO UPDATE SET value = excluded.value, value_type = excluded.value_type`,
      [trialId, objective, ...columnsOf(value)],
    );
}
