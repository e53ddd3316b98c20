// The facts that make two studies the same: everything but dates, owners and the storage's ids.
import type { Study } from "../../src/tune/index.js";

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
