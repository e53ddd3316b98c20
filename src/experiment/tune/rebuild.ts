// The proof of a study: a trial evaluated again from its stored parameters alone, and its values compared exactly.
import { FoveaError } from "../../core/errors.js";
import { createStudy, type Json, randomSampler, type TrialRecord } from "../../tune/index.js";
import type { StudyProgram } from "./program.js";
import { numericsOf, TRIAL_ATTRIBUTES, type TrainedTrial, type TrialHow } from "./trial-training.js";

/** Values of a trial beside those of its repetition. */
export interface Rebuilt {
  /** Values that the study has. */
  readonly was: readonly number[];
  /** Values of the repetition. */
  readonly is: readonly number[];
  /** Of the trial's weights, where it kept their hash; undefined where it did not. */
  readonly sameWeights: boolean | undefined;
  /** True when every digit of every value, and the weights where known, are the same. */
  readonly same: boolean;
}

/**
 * Evaluates a complete trial again. It gets the trial's number and parameters, and nothing else of the study.
 * @param program of the study, of the same spec and data
 * @param record the trial, such as `study.bestTrial`
 * @param how threads and callbacks of the training; the result does not depend on the threads
 * @throws FoveaError for a trial that is not complete, or what the objective throws.
 */
export async function rebuildTrial(
  program: StudyProgram,
  record: TrialRecord,
  how: Pick<TrialHow, "threads" | "callbacks" | "onTrained"> = {},
): Promise<Rebuilt> {
  if (record.state !== "complete" || record.values === undefined)
    throw new FoveaError(
      "unfinished",
      `trial ${record.number} is ${record.state}; only a complete trial can be rebuilt`,
    );
  // A study of its own, in which the trial has the number it had: that is what it was seeded with.
  const { directions, seed, study: name } = program;
  const study = await createStudy({ name, directions, sampler: randomSampler(), seed });
  for (let before = 0; before < record.number; before++) await study.addTrial({});
  await study.enqueueTrial(record.params);
  const trial = await study.ask();
  let trained: TrainedTrial | undefined;
  const objective = program.objective({
    ...how,
    numerics: numericsOf(record),
    onTrained: async (requested, result) => {
      trained = result;
      await how.onTrained?.(requested, result);
    },
  });
  const told = await objective(trial);
  const is = typeof told === "number" ? [told] : told;
  const was = record.values;
  const weights: Json | undefined = record.userAttributes[TRIAL_ATTRIBUTES.weights];
  const sameWeights = weights === undefined || trained === undefined ? undefined : weights === trained.weightsSha256;
  const same = is.length === was.length && is.every((value, i) => Object.is(value, was[i])) && sameWeights !== false;
  return { was, is, sameWeights, same };
}
