// Trials as they come into a study: with nothing known yet, or whole from elsewhere and then checked.
import { FoveaError } from "../core/errors.js";
import { ownValue } from "../core/lookup.js";
import { contains, toInternal } from "./distribution.js";
import type { NewTrial } from "./storages/storage.js";
import { isFinished, type TrialState } from "./trial-record.js";

/** A trial of which only the state is known. */
export const emptyTrial = (state: TrialState): NewTrial => ({
  state,
  values: undefined,
  params: {},
  distributions: {},
  userAttributes: {},
  systemAttributes: {},
  intermediate: new Map(),
  startedAt: undefined,
  finishedAt: undefined,
});

/** @throws FoveaError for a trial from elsewhere that no study with so many objectives could have. */
export function checkAdded({ state, values, params, distributions }: NewTrial, objectives: number): void {
  if (!isFinished(state))
    throw new FoveaError("unfinished", `study.addTrial: expected a trial that has finished, received a ${state} one`);
  if (state === "complete" && (values?.length !== objectives || values.some((value) => Number.isNaN(value))))
    throw new FoveaError(
      "length-mismatch",
      `study.addTrial: expected ${objectives} numbers as values, received ${JSON.stringify(values)}`,
    );
  for (const name of new Set([...Object.keys(params), ...Object.keys(distributions)])) {
    const [value, distribution] = [ownValue(params, name), ownValue(distributions, name)];
    if (
      value === undefined ||
      distribution === undefined ||
      !contains(distribution, toInternal(name, distribution, value))
    )
      throw new FoveaError(
        "wrong-type",
        `study.addTrial: parameter "${name}": expected a value and the distribution that it is from, received ${JSON.stringify(value)} and ${JSON.stringify(distribution)}`,
      );
  }
}
