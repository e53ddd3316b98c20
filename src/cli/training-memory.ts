// The memory of a command that trains: what pixels and what steps may take, and a recipe that keeps within it.
import type { ExperimentData } from "../experiment/data/index.js";
import { stepMemory, withinMemory } from "../experiment/run/index.js";
import type { Recipe } from "../formats/run/recipe.js";
import type { Output } from "./terminal/output.js";

/** Limits of pixels and of a step of training, of --memory. */
export const limitsFrom = ({
  memory,
}: {
  readonly memory?: number;
}): { readonly pixels?: number; readonly step?: number } => (memory === undefined ? {} : stepMemory(memory));

/** The recipe within a limit, and a note where a batch is computed in parts. */
export async function withinLimit(
  recipe: Recipe,
  data: ExperimentData,
  memory: number | undefined,
  output: Output,
): Promise<Recipe> {
  if (memory === undefined) return recipe;
  const { recipe: small, notes } = await withinMemory(recipe, data, memory);
  for (const note of notes) output.say(`Note: ${note}.`);
  return small;
}
