// Training of a recipe in the way that the recipe asks for: the whole model, or a head on a trained base.
import { FoveaError } from "../../core/errors.js";
import { isOfTable, type Recipe, type TransferRecipe } from "../../formats/run/recipe.js";
import { type ExperimentData, imageData } from "../data/experiment-data.js";
import { type Training, type TrainOptions, trainModel } from "../training/train.js";
import type { TransferPlan } from "../transfer/model.js";

/**
 * Trains a recipe's model on its data without a folder. The model computes until `model.close()`.
 * @param recipe recipe from `makeRecipe`; with a transfer its head is trained on the features of a base
 * @param data images, or a table, from `loadData`
 * @param options threads, place, observer and signal of the training. Default: none of them
 * @throws FoveaError for a recipe that does not fit the data
 * @example
 * const recipe = await recipeOf(await RunFolder.open("runs/pets"));
 * const data = await loadData(await findData("pets"), recipe.preprocessing, recipe.split, dataWishOf(recipe));
 * const { model, bestEpoch } = await train(recipe, data);
 * await model.close();
 */
export async function train(recipe: Recipe, data: ExperimentData, options: TrainOptions = {}): Promise<Training> {
  if (recipe.transfer === undefined) return trainModel(recipe, data, options);
  const { transfer } = await import("../transfer/train.js");
  return transfer(transferPlan(recipe, recipe.transfer), imageData(data), options);
}

/** @throws FoveaError for a recipe that transfers a base to a table */
function transferPlan({ preprocessing, ...recipe }: Recipe, transferred: TransferRecipe): TransferPlan {
  if (isOfTable(preprocessing))
    throw new FoveaError(
      "wrong-field",
      "recipe: expected images for a transfer, its preprocessing is that of a table; take it out",
    );
  return { ...recipe, preprocessing, transfer: transferred };
}
