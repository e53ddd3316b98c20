// The progress of a run, for lists of runs, of which some were broken off and can go on.
import { readHistoryCsv } from "../../formats/run/history-csv.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { RunFolder } from "./folder.js";
import { recipeOf } from "./run.js";

/** The progress of a run, and the history of its epochs so far. */
export interface RunProgress {
  /** Recipe of the run. */
  readonly recipe: Recipe;
  /** True where the run has ended, so that it has its facts and its report. */
  readonly hasEnded: boolean;
  /** Epochs of which the history is there. */
  readonly epochs: number;
  /** The most epochs that the recipe asks for, those of fine-tuning among them. */
  readonly ofEpochs: number;
  /** One number per epoch under each of Keras's keys. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/**
 * Reads how far a run has come. One that has not ended goes on with `resumeRun`, from the last epoch that its
 * checkpoint has, and ends in the weights of a run that was never broken off.
 * @param folder folder of the run, which another process may be training in
 * @throws FoveaError for a recipe or a history that is damaged
 * @example const { epochs, ofEpochs, hasEnded } = await progressOf(await RunFolder.open("runs/pets"));
 */
export async function progressOf(folder: RunFolder): Promise<RunProgress> {
  const recipe = await recipeOf(folder);
  const hasEnded = await folder.has("facts");
  // A run that was killed within its first epoch has no history yet.
  const { epoch, history } = (await folder.has("history"))
    ? readHistoryCsv(await folder.text("history"), folder.file("history"))
    : { epoch: [], history: {} };
  return { recipe, hasEnded, epochs: epoch.length, ofEpochs: epochsOf(recipe), history };
}

/**
 * The most epochs that a recipe asks for, those of fine-tuning among them.
 * @param recipe recipe of a run
 * @example
 * const { recipe } = await progressOf(await RunFolder.open("runs/pets"));
 * epochsOf(recipe); // 2; 30 where 20 epochs of a head are followed by 10 of fine-tuning
 */
export const epochsOf = ({ training, transfer }: Recipe): number => training.epochs + (transfer?.fineTune?.epochs ?? 0);
