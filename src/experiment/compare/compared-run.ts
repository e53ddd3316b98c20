// A run as comparisons need it: its recipe, its facts, and the test images in the order of the evaluation.
import type { Recipe } from "../../formats/run/recipe.js";
import type { RunFigureFacts } from "../../report/comparison-facts.js";
import type { RunFacts } from "../../report/facts.js";
import { type FolderOptions, RunFolder } from "../run/folder.js";
import { factsOf, readRunImages, recipeOf } from "../run/index.js";
import { taskOf } from "../tasks/index.js";

/** A test image. */
export interface TestImage {
  readonly hash: string;
  readonly file: string;
  readonly group: string | undefined;
}

export interface ComparedRun {
  readonly path: string;
  readonly recipe: Recipe;
  readonly facts: RunFacts;
  /** By their rows in the evaluation; empty where the run does not tell their order, and for rows of a table. */
  readonly images: readonly TestImage[];
}

/** Reads a run. @throws FoveaError for one that has not ended, or whose files are damaged */
export async function comparedRun(path: string, options: FolderOptions = {}): Promise<ComparedRun> {
  const folder = await RunFolder.open(path, options);
  const facts = await factsOf(folder);
  const sha256 = facts.hashes.find(({ label }) => label === "weights_sha256")?.value;
  const parts = (await folder.has("images")) ? readRunImages(await folder.text("images"), sha256) : undefined;
  const { files, hashes, groups, isInOrder } = parts?.test ?? { files: [], hashes: [], isInOrder: false };
  const images = isInOrder ? files.map((file, row) => ({ file, hash: hashes[row]!, group: groups?.[row] })) : [];
  return { path, recipe: await recipeOf(folder), facts, images };
}

/** Test figures of a run with their intervals, in the order of its task's monitors. */
export function figuresOf({
  recipe: { task },
  facts,
}: ComparedRun): (RunFigureFacts & { readonly direction: "up" | "down" })[] {
  const test = facts.metrics.find(({ split }) => split === "Test");
  return taskOf(task)
    .monitors(task)
    .flatMap(({ key, title, direction }) => {
      const value = test?.values[key];
      const interval = test?.intervals?.[key];
      return value === undefined ? [] : [{ key, title, value, direction, ...(interval && { interval }) }];
    });
}
