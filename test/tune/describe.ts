// A study in the words of tools/check-optuna.py, to be compared with what the real Optuna says of the same one.
import type { Study } from "../../src/tune/index.js";
import { distributionToJson } from "../../src/tune/storages/distribution-json.js";

const number = (value: number): number | string => {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
};

export const describe = (study: Study) => ({
  name: study.name,
  directions: [...study.directions],
  user_attributes: { ...study.userAttributes },
  best: study.bestTrial.number,
  trials: study.trials.map((trial) => ({
    number: trial.number,
    state: trial.state,
    values: trial.values?.map(number) ?? null,
    params: { ...trial.params },
    distributions: Object.fromEntries(
      Object.entries(trial.distributions).map(([name, distribution]) => [
        name,
        JSON.parse(distributionToJson(distribution)),
      ]),
    ),
    user_attributes: { ...trial.userAttributes },
    intermediate: [...trial.intermediate].sort(([a], [b]) => a - b).map(([step, value]) => [step, number(value)]),
    fixed: trial.systemAttributes.fixed_params ?? null,
  })),
});
