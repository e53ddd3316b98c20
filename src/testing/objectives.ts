// Objectives of the contract of samplers: cheap, deterministic, with the traits of real search spaces.
import type { Study, Trial } from "../tune/index.js";

/** A fixed space of every kind of parameter. */
export function mixed(trial: Trial): number {
  const x = trial.suggestFloat("x", -5, 5);
  const dropout = trial.suggestFloat("dropout", 0, 0.5, { step: 0.05 });
  const units = trial.suggestInt("units", 16, 128, { step: 16 });
  const kernel = trial.suggestCategorical("kernel", [1, 3, 5]);
  return (x - 1) ** 2 + (dropout - 0.2) ** 2 + Math.abs(units - 64) / 64 + (kernel === 3 ? 0 : 1);
}

/** The simplest of all: lowest in the middle. */
export const bowl = (trial: Trial): number => trial.suggestFloat("x", -1, 1) ** 2 + trial.suggestFloat("y", -1, 1) ** 2;

/** Training that reports `epochs` times on its way to a loss that depends on x and y. */
export const learning =
  (epochs: number) =>
  async (trial: Trial): Promise<number> => {
    const x = trial.suggestFloat("x", -1, 1);
    const y = trial.suggestFloat("y", -1, 1);
    let loss = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      loss = x * x + y * y + 1 / (epoch + 1);
      await trial.report(loss, epoch);
      if (trial.shouldPrune()) throw trial.prune();
    }
    return loss;
  };

/** The facts that make two studies the same: everything but dates, owners and the storage's ids. */
export const factsOf = (study: Study) =>
  study.trials.map(({ number, state, values, params, distributions, userAttributes, intermediate }) => ({
    number,
    state,
    values,
    params: { ...params },
    distributions: { ...distributions },
    userAttributes: { ...userAttributes },
    intermediate: [...intermediate],
  }));
