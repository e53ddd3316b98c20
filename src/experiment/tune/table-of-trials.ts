// A study's trials as a table: what `tune export` writes and spreadsheets read. One row a trial, one column a parameter.

import { ownValue } from "../../core/lookup.js";
import { csvField } from "../../data/index.js";
import { withSpokenNumbers } from "../../formats/json.js";
import type { Study, TrialRecord } from "../../tune/index.js";

/**
 * A trial with the fields of `tune export --json`; times are ISO 8601, and a field that a trial lacks is null.
 * @param trial of a study
 * @example
 * const study = await createStudy();
 * await study.optimize((trial) => trial.suggestInt("x", 0, 9), { trials: 1 });
 * study.trials.map(trialJson); // [{ number: 0, state: "complete", values: [3], params: { x: 3 }, ... }]
 * trialJson(study.trials[0]);
 */
export const trialJson = (trial: TrialRecord): object => ({
  number: trial.number,
  state: trial.state,
  values: trial.values ?? null,
  params: trial.params,
  enqueued: trial.systemAttributes.fixed_params !== undefined,
  intermediate: Object.fromEntries(trial.intermediate),
  user_attributes: trial.userAttributes,
  fail_reason: trial.systemAttributes.fail_reason ?? null,
  started_at: trial.startedAt?.toISOString() ?? null,
  finished_at: trial.finishedAt?.toISOString() ?? null,
});

type Field = string | number | boolean | null | undefined;

/**
 * All names of parameters, in the order in which trials first asked for them.
 * @param trials of a study
 */
export const parameterNames = (trials: readonly TrialRecord[]): readonly string[] => [
  ...new Set(trials.flatMap((trial) => Object.keys(trial.params))),
];

/** The trials as CSV: number, state, values, params_..., user_attrs_..., times; the names of Optuna's data frame. */
export function trialsCsv({ trials, directions }: Pick<Study, "trials" | "directions">): string {
  const params = parameterNames(trials);
  const attributes = [...new Set(trials.flatMap((trial) => Object.keys(trial.userAttributes)))].sort();
  const values = directions.length === 1 ? ["value"] : directions.map((_, i) => `values_${i}`);
  const head = [
    ...["number", ...values, "state", "datetime_start", "datetime_complete"],
    ...params.map((name) => `params_${name}`),
    ...attributes.map((name) => `user_attrs_${name}`),
  ];
  const rows = trials.map((trial): Field[] => [
    trial.number,
    ...values.map((_, i) => trial.values?.[i]),
    trial.state.toUpperCase(),
    trial.startedAt?.toISOString(),
    trial.finishedAt?.toISOString(),
    ...params.map((name) => ownValue(trial.params, name)),
    ...attributes.map((name) => {
      const value = ownValue(trial.userAttributes, name);
      return typeof value === "object" && value !== null ? JSON.stringify(withSpokenNumbers(value)) : value;
    }),
  ]);
  return [head, ...rows].map((row) => `${row.map((value) => csvField(value)).join(",")}\n`).join("");
}
