// Objectives that tests share: cheap, deterministic, with the traits of real search spaces.
import type { Trial } from "../../src/tune/index.js";

export { bowl, learning, mixed } from "../../src/testing/objectives.js";

/** The lecture's space: how many layers, and a width for each; then a learning rate and an activation. */
export function conditional(trial: Trial): number {
  const layers = trial.suggestInt("numHiddenLayers", 1, 3);
  let value = (layers - 2) ** 2;
  for (let i = 1; i <= layers; i++)
    value += (Math.log2(trial.suggestInt(`neurons_${i}`, 4, 256, { log: true })) - 5) ** 2;
  const rate = trial.suggestFloat("learningRate", 1e-4, 1e-2, { log: true });
  const activation = trial.suggestCategorical("activation", ["relu", "leaky_relu", "tanh"]);
  return value + (Math.log10(rate) + 3) ** 2 + (activation === "tanh" ? 0 : 0.5);
}
