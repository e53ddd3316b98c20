// Two runs beside each other: the settings that differ, and their test figures on the images that both were judged by.
import { bootstrapInterval, type McNemar, mcnemarTest, pairedAnswers } from "fovea/core";
import { factsOf, RunFolder, readRunImages, recipeDifferences, recipeOf, taskOf } from "fovea/experiment";
import type { FigureDifference, RunComparison } from "../contract/facts.js";

interface ComparedRun {
  readonly recipe: Awaited<ReturnType<typeof recipeOf>>;
  readonly facts: Awaited<ReturnType<typeof factsOf>>;
  /** Test images in the order of the evaluation, each by its path and hash. */
  readonly images: readonly string[];
}

/** @throws FoveaError for a run that has not ended, or whose files are damaged */
export async function comparedRuns(first: string, second: string): Promise<RunComparison> {
  const [one, other] = [await readRun(first), await readRun(second)];
  const rows = sharedRows(one, other);
  const { mcnemar, figures } = judgedApart(one, other, rows);
  return {
    settings: recipeDifferences(one.recipe, other.recipe),
    figures: [...figures, ...figuresOf(one, other, new Set(figures.map(({ title }) => title)))],
    shared: rows.length,
    tested: [one.images.length, other.images.length],
    ...(mcnemar === undefined ? {} : { mcnemar }),
  };
}

async function readRun(path: string): Promise<ComparedRun> {
  const folder = await RunFolder.open(path);
  const facts = await factsOf(folder);
  const sha256 = facts.hashes.find(({ label }) => label === "weights_sha256")?.value ?? "";
  const parts = readRunImages(await folder.text("images"), sha256);
  return {
    recipe: await recipeOf(folder),
    facts,
    images: parts?.test.isInOrder ? parts.test.files.map((file, row) => `${parts.test.hashes[row]} ${file}`) : [],
  };
}

/** Rows of the test images that both runs have. */
function sharedRows(first: ComparedRun, second: ComparedRun): readonly (readonly [number, number])[] {
  const rows = new Map(second.images.map((image, row) => [image, row]));
  return first.images.flatMap((image, row) => {
    const other = rows.get(image);
    return other === undefined ? [] : [[row, other] as const];
  });
}

interface Judged {
  readonly figures: readonly FigureDifference[];
  readonly mcnemar?: McNemar;
}

/** Figures whose interval follows from the answers about each shared image. */
function judgedApart(first: ComparedRun, second: ComparedRun, rows: readonly (readonly [number, number])[]): Judged {
  const [one, other] = [first.facts.evaluation, second.facts.evaluation];
  if (rows.length === 0 || one === undefined || other === undefined) return { figures: [] };
  if (one.kind === "classification" && other.kind === "classification") {
    // An image whose label somebody has corrected between the runs is judged by each run's own label.
    const right = rows.map(([row]) => one.labels[row] === one.predicted[row]);
    const rightOther = rows.map(([, row]) => other.labels[row] === other.predicted[row]);
    const figure = pairedFigure("Accuracy", "up", right.map(Number), rightOther.map(Number));
    return { figures: [figure], mcnemar: mcnemarTest(pairedAnswers(right, rightOther)) };
  }
  if (one.kind !== "regression" || other.kind !== "regression") return { figures: [] };
  const figures = one.targets.flatMap(({ name, actual, predicted }): FigureDifference[] => {
    const same = other.targets.find((target) => target.name === name);
    if (same === undefined) return [];
    const errors = rows.map(([row]) => Math.abs(predicted[row]! - actual[row]!));
    const errorsOther = rows.map(([, row]) => Math.abs(same.predicted[row]! - same.actual[row]!));
    return [pairedFigure(`Mean absolute error of ${name}`, "down", errors, errorsOther)];
  });
  return { figures };
}

/** The means of two runs' numbers about the same images, and the bootstrap interval of their difference. */
function pairedFigure(
  title: string,
  direction: "up" | "down",
  first: readonly number[],
  second: readonly number[],
): FigureDifference {
  const differences = second.map((value, i) => value - first[i]!);
  const interval = bootstrapInterval(differences.length, (rows) => {
    let sum = 0;
    for (const row of rows) sum += differences[row]!;
    return sum / rows.length;
  });
  const [before, after] = [mean(first), mean(second)];
  return { title, direction, first: before, second: after, difference: after - before, ...interval };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Test figures that both runs have, each over all of its test images. */
function figuresOf(first: ComparedRun, second: ComparedRun, known: ReadonlySet<string>): FigureDifference[] {
  const { task } = first.recipe;
  if (task.kind !== second.recipe.task.kind) return [];
  const test = ({ facts }: ComparedRun): Readonly<Record<string, number>> =>
    facts.metrics.find(({ split }) => split === "Test")?.values ?? {};
  const [one, other] = [test(first), test(second)];
  return taskOf(task)
    .monitors(task)
    .flatMap(({ key, title, direction }): FigureDifference[] => {
      const [before, after] = [one[key], other[key]];
      if (before === undefined || after === undefined || known.has(title)) return [];
      return [{ title, first: before, second: after, difference: after - before, direction }];
    });
}
