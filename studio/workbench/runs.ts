// Runs as the page shows them: what their folders say, and each judged image with its number in the project.
import {
  factsOf,
  networkName,
  progressOf,
  RunFolder,
  readRunImages,
  recipeOf,
  replayCode,
  shellWord,
  taskOf,
} from "fovea/experiment";
import type {
  CodeFacts,
  JudgedImage,
  JudgedNumbers,
  RunDetails,
  RunSummary,
  UnfinishedRun,
} from "../contract/facts.js";
import type { Project } from "./project.js";

/** Facts of a finished run, from its folder. */
export async function runDetails(path: string, id: string, project: Project): Promise<RunDetails> {
  const folder = await RunFolder.open(path);
  const recipe = await recipeOf(folder);
  const facts = await factsOf(folder);
  const metrics = Object.fromEntries(facts.metrics.map(({ split, values }) => [split.toLowerCase(), values]));
  const sha256 = facts.hashes.find(({ label }) => label === "weights_sha256")?.value ?? "";
  const parts = readRunImages(await folder.text("images"), sha256);
  const files = parts?.test.files ?? [];
  const { evaluation } = facts;
  const judged: JudgedImage[] =
    evaluation === undefined || !("confidence" in evaluation)
      ? []
      : Array.from(evaluation.labels, (label, row) => {
          const file = files[row] ?? "";
          const index = project.numberOf(file);
          return {
            ...(index === undefined ? {} : { index }),
            ...{ file, label, predicted: evaluation.predicted[row]!, confidence: evaluation.confidence[row]! },
          };
        });
  const numbers: JudgedNumbers[] =
    evaluation === undefined || !("targets" in evaluation)
      ? []
      : evaluation.targets.map(({ name, actual, predicted, figures, deciles }) => ({
          name,
          actual: Array.from(actual),
          predicted: Array.from(predicted),
          files,
          images: files.map((file) => project.numberOf(file) ?? -1),
          figures: { ...figures },
          deciles,
        }));
  const history = facts.history ?? {};
  return {
    id,
    name: facts.name,
    model: networkName(recipe),
    epochs: Object.values(history)[0]?.length ?? 0,
    bestEpoch: facts.bestEpoch ?? 0,
    seed: recipe.seed,
    sha256,
    metrics,
    titles: Object.fromEntries(
      taskOf(recipe.task)
        .monitors(recipe.task)
        .map(({ key, title }) => [key, title]),
    ),
    history,
    classNames: facts.classNames,
    recipe: facts.recipe,
    warnings: facts.warnings,
    judged,
    numbers,
    task: recipe.task.kind,
  };
}

export const summaryOf = ({ classNames, recipe, warnings, judged, numbers, ...summary }: RunDetails): RunSummary =>
  summary;

/** Facts of a run that was broken off, from its folder. */
export async function unfinishedRun(id: string, path: string): Promise<UnfinishedRun> {
  try {
    const { recipe, epochs, ofEpochs, history } = await progressOf(await RunFolder.open(path));
    return { id, name: id, model: networkName(recipe), epochs, ofEpochs, history };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { id, name: id, model: "", epochs: 0, ofEpochs: 0, history: {}, problem };
  }
}

/** The lines and the command that do the same as a run. */
export async function codeOfRun(path: string): Promise<CodeFacts> {
  const folder = await RunFolder.open(path);
  return { typescript: replayCode(await recipeOf(folder)), commands: `fovea replay ${shellWord(path)}\n` };
}
