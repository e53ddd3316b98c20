// Training of a table's linear model by Newton's method, a step an epoch.
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { History, Model } from "../../nn/index.js";
import { lossFromKeras } from "../../nn/losses/index.js";
import { taskOf } from "../tasks/index.js";
import { LinearSolver } from "./linear-solver.js";
import { runSolver, type SolverOptions, type SolverSources } from "./solver-run.js";

/** A training by Newton's method that has ended. */
export interface Solved {
  readonly history: History;
  /** True when another step would have changed nothing. */
  readonly converged: boolean;
}

/** Puts the weights of a solver into the layers of a model. */
async function assign(model: Model, weights: readonly Float64Array[]): Promise<void> {
  const [outputs, features] = [weights.length, weights[0]!.length - 1];
  const kernel = new Float32Array(features * outputs);
  weights.forEach((row, output) => {
    for (let i = 0; i < features; i++) kernel[i * outputs + output] = row[i]!;
  });
  const bias = Float32Array.from(weights, (row) => row[features]!);
  await model.setWeights([tensor(kernel, [features, outputs], "float32"), tensor(bias, [outputs], "float32")]);
}

/**
 * Trains a compiled model by Newton's method, until a step changes nothing or the recipe's epochs are over.
 * @throws FoveaError for a recipe of another than a linear model, or of a loss that is not smooth
 */
export async function solve(
  model: Model,
  recipe: Recipe,
  sources: SolverSources,
  options: SolverOptions,
): Promise<Solved> {
  const { task, training } = recipe;
  const loss = taskOf(task).convexLoss(lossFromKeras(training.loss), task);
  if (loss === undefined || !("name" in recipe.model) || recipe.model.name !== "linear")
    throw new FoveaError(
      "wrong-field",
      'recipe: the solver "newton" is for the model "linear" of numbers, with a smooth deviance as loss; take it out',
    );
  const solver = new LinearSolver({ ...loss, source: sources.train });
  const step = async () => {
    await solver.step();
    await assign(model, solver.weights);
    return {};
  };
  const history = await runSolver(model, recipe, sources, { isOver: () => solver.converged, step }, options);
  return { history, converged: solver.converged };
}
