// Training of a recipe in the way that the recipe asks for: the whole model, or a head on a trained base.
import type { Recipe } from "../../formats/run/recipe.js";
import type { ExperimentData } from "../data/experiment-data.js";
import { type Training, type TrainOptions, trainModel } from "../training/train.js";
import { transfer } from "../transfer/train.js";

/** Trains a recipe's model on its data. The model computes until `model.close()`. */
export const train = (recipe: Recipe, data: ExperimentData, options: TrainOptions = {}): Promise<Training> =>
  recipe.transfer === undefined
    ? trainModel(recipe, data, options)
    : transfer({ ...recipe, transfer: recipe.transfer }, data, options);
