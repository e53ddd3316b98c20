// Two runs: the settings that differ, and their test figures on the images that both were tested on. Is the second better?
import { type ByKind, byKind } from "../../core/by-kind.js";
import { bootstrapInterval, type Interval, mcnemarTest, pairedAnswers } from "../../core/statistics/index.js";
import type { FigureDifferenceFacts, PairedRightsFacts, RunPairFacts } from "../../report/comparison-facts.js";
import type { EvaluationFacts } from "../../report/facts.js";
import { chance, whole } from "../../report/format.js";
import { recipeDifferences } from "../recipe/index.js";
import { type ComparedRun, figuresOf, type TestImage } from "./compared-run.js";

type Rows = readonly (readonly [first: number, second: number])[];

/** Differences of figures whose p is below this are no chance. */
const SURE = 0.05;

/** Holds a run against another. */
export function comparedPair(first: ComparedRun, second: ComparedRun): RunPairFacts {
  const rows = sharedRows(first.images, second.images);
  const groups = groupsOf(first.images, rows);
  const { mcnemar, figures } = judgedApart(first, second, rows, groups);
  const known = new Set(figures.map(({ title }) => title));
  const pair = {
    ...{ first: first.path, second: second.path, shared: rows.length },
    settings: recipeDifferences(first.recipe, second.recipe),
    figures: [...figures, ...wholeFigures(first, second).filter(({ title }) => !known.has(title))],
    tested: [testedBy(first), testedBy(second)] as const,
    ...(groups && { groups: new Set(groups).size }),
    ...(mcnemar && { mcnemar }),
  };
  return { ...pair, verdict: verdictOf(pair, figures) };
}

const testedBy = ({ images, facts: { evaluation } }: ComparedRun): number =>
  images.length > 0 || evaluation === undefined ? images.length : byKind(ANSWERS, evaluation).tested;

/** Rows of the images that both were tested on: those of the same bytes and path, else of the same bytes. */
function sharedRows(first: readonly TestImage[], second: readonly TestImage[]): Rows {
  const same = matched(first, second, ({ hash, file }) => `${hash} ${file}`);
  return same.length > 0 ? same : matched(first, second, ({ hash }) => hash);
}

/** Rows whose keys are equal; of several with a key the first of one goes with the first of the other, and so on. */
function matched(first: readonly TestImage[], second: readonly TestImage[], keyOf: (image: TestImage) => string): Rows {
  const waiting = new Map<string, number[]>();
  for (const [row, image] of second.entries()) {
    const rows = waiting.get(keyOf(image));
    if (rows === undefined) waiting.set(keyOf(image), [row]);
    else rows.push(row);
  }
  for (const rows of waiting.values()) rows.reverse();
  return first.flatMap((image, row) => {
    const other = waiting.get(keyOf(image))?.pop();
    return other === undefined ? [] : [[row, other] as const];
  });
}

/** Group of each shared image; undefined where images stand for themselves. */
function groupsOf(images: readonly TestImage[], rows: Rows): readonly string[] | undefined {
  const groups = rows.map(([row]) => images[row]!.group);
  return groups.length > 0 && groups.every((group) => group !== undefined) ? groups : undefined;
}

interface Judged {
  readonly figures: readonly FigureDifferenceFacts[];
  readonly mcnemar?: PairedRightsFacts;
}

/** Figures whose interval follows from the answers about each shared image. */
function judgedApart(
  first: ComparedRun,
  second: ComparedRun,
  rows: Rows,
  groups: readonly string[] | undefined,
): Judged {
  const [left, other] = [first.facts.evaluation, second.facts.evaluation];
  if (rows.length === 0 || left === undefined || other === undefined) return { figures: [] };
  if (left.kind !== other.kind) return { figures: [] };
  const [answers, others] = [byKind(ANSWERS, left), byKind(ANSWERS, other)];
  // An image whose label somebody has corrected between the runs is judged by each run's own label.
  const figures = answers.series.flatMap(({ title, direction, values }): FigureDifferenceFacts[] => {
    const same = others.series.find((series) => series.title === title);
    if (same === undefined) return [];
    const [before, after] = [rows.map(([row]) => values[row]!), rows.map(([, row]) => same.values[row]!)];
    return [pairedFigure(title, direction, before, after, groups)];
  });
  const [rights, rightsOther] = [answers.rights, others.rights];
  if (rights === undefined || rightsOther === undefined) return { figures };
  const [right, rightOther] = [rows.map(([row]) => rights[row]!), rows.map(([, row]) => rightsOther[row]!)];
  return { figures, mcnemar: mcnemarTest(pairedAnswers(right, rightOther)) };
}

/** The answers about the test images, by what they are compared. */
interface ComparedAnswers {
  /** Number of images. */
  readonly tested: number;
  /** A number for each image. */
  readonly series: readonly {
    readonly title: string;
    readonly direction: "up" | "down";
    readonly values: ArrayLike<number>;
  }[];
  /** Rightness of the answer about each image; absent where the facts do not say. */
  readonly rights?: readonly boolean[];
}

const ofRights = (title: string, rights: readonly boolean[]): Pick<ComparedAnswers, "series" | "rights"> => ({
  series: [{ title, direction: "up", values: rights.map(Number) }],
  rights,
});

const ANSWERS: ByKind<EvaluationFacts, ComparedAnswers> = {
  classification: ({ labels, predicted }) => ({
    tested: labels.length,
    ...ofRights(
      "Accuracy",
      Array.from(labels, (label, row) => label === predicted[row]),
    ),
  }),
  multiLabel: ({ images, rights }) => ({
    tested: images,
    ...(rights === undefined
      ? { series: [] }
      : ofRights(
          "All labels right",
          Array.from(rights, (right) => right === 1),
        )),
  }),
  regression: ({ targets }) => ({
    tested: targets[0]?.actual.length ?? 0,
    series: targets.map(({ name, actual, predicted }) => ({
      title: `Mean absolute error of ${name}`,
      direction: "down",
      values: Array.from(actual, (value, row) => Math.abs(predicted[row]! - value)),
    })),
  }),
  segmentation: ({ images, overlaps }) => ({
    tested: images,
    series: [{ title: "Mean IoU of an image", direction: "up", values: overlaps }],
  }),
  verification: ({ images }) => ({ tested: images, series: [] }),
  detection: ({ images, errors }) => ({
    tested: images,
    series: [{ title: "Objects missed, invented or taken for others, of an image", direction: "down", values: errors }],
  }),
};

/** The means of two runs' numbers about the same images, and the bootstrap interval of their difference. */
function pairedFigure(
  title: string,
  direction: "up" | "down",
  first: readonly number[],
  second: readonly number[],
  groups: readonly string[] | undefined,
): FigureDifferenceFacts {
  const differences = second.map((value, i) => value - first[i]!);
  const interval: Interval | undefined = bootstrapInterval(
    differences.length,
    (rows) => {
      let sum = 0;
      for (const row of rows) sum += differences[row]!;
      return sum / rows.length;
    },
    groups && { groups },
  );
  const [before, after] = [mean(first), mean(second)];
  return { title, direction, first: before, second: after, difference: after - before, ...interval };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Test figures that both runs have, each over all of its test images. */
function wholeFigures(first: ComparedRun, second: ComparedRun): FigureDifferenceFacts[] {
  if (first.recipe.task.kind !== second.recipe.task.kind) return [];
  const others = new Map(figuresOf(second).map(({ key, value }) => [key, value]));
  return figuresOf(first).flatMap(({ key, title, value, direction }) => {
    const after = others.get(key);
    return after === undefined ? [] : [{ title, first: value, second: after, difference: after - value, direction }];
  });
}

/** The better of both, as far as the shared images tell. */
function verdictOf(
  { first, second, shared, tested, mcnemar, groups }: Omit<RunPairFacts, "verdict">,
  [figure]: readonly FigureDifferenceFacts[],
): string {
  if (shared === 0)
    return tested.includes(0)
      ? "the better one is unknown: one of them does not keep its test images one by one"
      : `there is no verdict which is better, since none of the ${whole(tested[0])} and ${whole(tested[1])} test images are the same`;
  if (figure === undefined)
    return "there is no verdict which is better: their answers about single images are of another kind, or not kept";
  const { low, high, difference, direction } = figure;
  const better = difference > 0 === (direction === "up") ? second : first;
  const where = `on the ${whole(shared)} test images of both`;
  // Images of a group are no independent evidence, which McNemar's test takes them for.
  const isSure =
    mcnemar === undefined || groups !== undefined ? low !== undefined && (low > 0 || high! < 0) : mcnemar.pValue < SURE;
  if (isSure) return `${better} is better ${where}`;
  if (difference === 0) return `they are equally good ${where}`;
  const p = mcnemar === undefined ? "" : ` (McNemar's exact p: ${chance(mcnemar.pValue)})`;
  return `${better} is better ${where}, and as much may be chance${p}`;
}
