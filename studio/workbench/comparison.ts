// Two runs beside each other: the settings that differ, and their test figures on the images that both were judged by.
import { factsOf, RunFolder, readRunImages, recipeDifferences, recipeOf, taskOf } from "fovea/experiment";
import { mcnemarTest, pairedCounts, pairedMeanDifference, pairedShareDifference } from "fovea/metrics";
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
  const { counts, figures } = judgedApart(one, other, rows);
  return {
    settings: recipeDifferences(one.recipe, other.recipe),
    figures: [...figures, ...figuresOf(one, other, new Set(figures.map(({ title }) => title)))],
    shared: rows.length,
    tested: [one.images.length, other.images.length],
    ...(counts === undefined ? {} : { mcnemar: { ...counts, p: mcnemarTest(counts.onlyFirst, counts.onlySecond) } }),
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
    images: Object.entries(parts?.test ?? {}).map(([file, hash]) => `${hash} ${file}`),
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
  readonly counts?: { readonly onlyFirst: number; readonly onlySecond: number };
}

/** Figures whose interval follows from the answers about each shared image. */
function judgedApart(first: ComparedRun, second: ComparedRun, rows: readonly (readonly [number, number])[]): Judged {
  const [one, other] = [first.facts.evaluation, second.facts.evaluation];
  if (rows.length === 0 || one === undefined || other === undefined) return { figures: [] };
  if (one.kind === "classification" && other.kind === "classification") {
    const [names, others] = [first.facts.classNames, second.facts.classNames];
    const right = rows.map(([row]) => one.labels[row] === one.predicted[row]);
    // An image whose label somebody has corrected between the runs is judged by each run's own label.
    const rightOther = rows.map(([, row]) => other.labels[row] === other.predicted[row]);
    if (names.join("\n") !== others.join("\n")) return { figures: [] };
    const counts = pairedCounts(right, rightOther);
    const share = (list: readonly boolean[]): number => list.filter(Boolean).length / list.length;
    const figure = { title: "Accuracy", first: share(right), second: share(rightOther), direction: "up" } as const;
    return { figures: [{ ...figure, ...pairedShareDifference(counts) }], counts };
  }
  if (one.kind !== "regression" || other.kind !== "regression") return { figures: [] };
  const figures = one.targets.flatMap(({ name, actual, predicted }): FigureDifference[] => {
    const same = other.targets.find((target) => target.name === name);
    if (same === undefined) return [];
    const errors = rows.map(([row]) => Math.abs(predicted[row]! - actual[row]!));
    const errorsOther = rows.map(([, row]) => Math.abs(same.predicted[row]! - same.actual[row]!));
    const [before, after] = [mean(errors), mean(errorsOther)];
    const title = `Mean absolute error of ${name}`;
    const interval = pairedMeanDifference(errors, errorsOther);
    return [{ title, first: before, second: after, difference: after - before, direction: "down", ...interval }];
  });
  return { figures };
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
