// Some validation images that a network is asked about while it learns. Asking changes no weight and no random number.
import type { Model, Tensor } from "fovea";
import { type ExperimentData, folderOfPart, type Part, type recipeOf, sourceOf, taskOf } from "fovea/experiment";
import type { SampleAnswer } from "../contract/facts.js";
import { readable } from "./models.js";

type Recipe = Awaited<ReturnType<typeof recipeOf>>;

/** Images that are watched. */
const WATCHED = 6;
/** Classes or labels of an answer. */
const TOP = 3;
/** An image that is watched, and what is known of it. */
type Known = Omit<SampleAnswer, "guesses" | "numbers"> & { readonly actual: readonly number[] };

/** Asks a network about the images. */
export type Ask = (model: Model) => Promise<readonly SampleAnswer[]>;

/**
 * Chooses some validation images of a run.
 * @param numberOf number of an image in its project, by folder and file
 * @returns a function that asks a network about them; undefined where answers are about pairs of images
 */
export async function watchedSamples(
  recipe: Recipe,
  data: ExperimentData,
  numberOf: (file: string) => number | undefined,
): Promise<Ask | undefined> {
  if (taskOf(recipe.task).comparison !== undefined) return undefined;
  const part = data.parts.validation;
  const places = chosen(part);
  const { x } = await sourceOf(part).take(places);
  const known = Array.from(places, (position) => knownOf(data, part, position, numberOf));
  return (model) => answersOf(model, recipe, x, known);
}

/** Places in a part of images of as many classes as there are, the first ones first. */
function chosen({ rows, targets }: Part): Int32Array {
  const seen = new Set<number>();
  const news: number[] = [];
  const others: number[] = [];
  for (let position = 0; position < rows.length && news.length < WATCHED; position++) {
    const group = targets.kind === "classes" ? targets.indices[rows[position]!]! : position;
    (seen.has(group) ? others : news).push(position);
    seen.add(group);
  }
  return Int32Array.from([...news, ...others].slice(0, WATCHED)).sort();
}

function knownOf(
  { folders }: ExperimentData,
  part: Part,
  position: number,
  numberOf: (file: string) => number | undefined,
): Known {
  const { samples, targets, rows } = part;
  const row = rows[position]!;
  const file = samples.files[row]!;
  const folder = folderOfPart(folders, part);
  const index = numberOf(`${folder?.name}/${file}`);
  const facts = { ...(index === undefined ? {} : { index }), file };
  if (targets.kind === "classes") return { ...facts, truth: [targets.classNames[targets.indices[row]!]!], actual: [] };
  if (targets.kind === "numbers") {
    const width = targets.names.length;
    return { ...facts, truth: [], actual: [...targets.values.subarray(row * width, (row + 1) * width)] };
  }
  if (targets.kind === "masks" || targets.kind === "boxes") return { ...facts, truth: [], actual: [] };
  const { labelNames, values } = targets;
  return { ...facts, truth: labelNames.filter((_, k) => values[row * labelNames.length + k] === 1), actual: [] };
}

async function answersOf(model: Model, { task }: Recipe, x: Tensor, known: readonly Known[]): Promise<SampleAnswer[]> {
  const record = taskOf(task);
  const readings = record.readings(model, await model.predict(x, { batchSize: WATCHED }));
  const [height = 1, width = 1] = model.inputShape;
  return known.map(({ actual, ...image }, row) => {
    const answer = record.answer(readings, row, task, { top: TOP, size: [height, width] });
    const { guesses, values } = answer === undefined ? { guesses: [], values: [] } : readable(answer, task);
    const numbers = values.map(({ name, value }, i) => ({ name, predicted: value, actual: actual[i] ?? Number.NaN }));
    return { ...image, guesses: guesses.slice(0, TOP), numbers };
  });
}
