// A recipe for a machine of little memory: how many samples a step computes at a time, so that it keeps within a limit. What
// changes no bit, results that are computed again, is left to the training.
import { defined } from "../../core/defined.js";
import { isOfTable, type Recipe } from "../../formats/run/recipe.js";
import type { LabelledSource, Model } from "../../nn/index.js";
import { adam } from "../../nn/optimizers/index.js";
import { type ExperimentData, sourceOf } from "../data/experiment-data.js";
import { weighted } from "../data/weights.js";
import { buildModel, compileOptionsOf } from "../recipe/recipe.js";

/** Bytes that the program itself takes: Node, code, decoded batches and copies of weights. */
const PROGRAM = 300 * 2 ** 20;
/** The limit from which on it bounds a step of training as well; less is less than the program takes. */
const LEAST = 512 * 2 ** 20;
/** The part of the limit that pixels may take where it bounds a step as well. */
const PIXELS = 1 / 4;

/**
 * The parts of a limit of memory that pixels and a step of training may take. A limit below 512 MB bounds pixels alone.
 * @param memory Bytes that the whole program may take.
 * @example stepMemory(2 ** 30) // { pixels: 268435456, step: 490733568 }
 */
export const stepMemory = (memory: number): { readonly pixels: number; readonly step?: number } =>
  memory < LEAST ? { pixels: memory } : { pixels: memory * PIXELS, step: memory * (1 - PIXELS) - PROGRAM };

/** A recipe whose steps keep within a limit. */
export interface WithinMemory {
  readonly recipe: Recipe;
  /** Sentences about batches that are computed in parts. */
  readonly notes: readonly string[];
}

/**
 * The recipe whose training keeps within a limit of memory: as it is where results that are computed again are enough, else
 * with batches in parts.
 * @param recipe recipe from `makeRecipe` or `makeTransferRecipe`
 * @param data images, or a table, from `loadData`
 * @param memory bytes that a step may take for weights, optimizer and results in between
 * @throws FoveaError where a single image at a time takes more
 * @example
 * const recipe = await recipeOf(await RunFolder.open("runs/pets"));
 * const data = await loadData(await findData("pets"), recipe.preprocessing, recipe.split, dataWishOf(recipe));
 * const { recipe: small, notes } = await withinMemory(recipe, data, 2 ** 30);
 * notes; // []: a step is small enough as it is
 * const { folder } = await startRun("runs/small", small, data, { memory: 2 ** 30 });
 * await closeData(data);
 */
export async function withinMemory(recipe: Recipe, data: ExperimentData, memory: number): Promise<WithinMemory> {
  const { training, transfer, preprocessing } = recipe;
  if (isOfTable(preprocessing)) return { recipe, notes: [] };
  const { rows, samples } = data.parts.train;
  const isWeighted = training.classWeight !== undefined || training.sampleWeight !== undefined;
  const source = weighted(sourceOf(data.parts.train), isWeighted ? new Float32Array(samples.files.length) : undefined);
  const planned = (model: Model, batchSize: number): Promise<Settled> =>
    settled(model, source, Math.min(batchSize, rows.length), memory);
  if (transfer === undefined) {
    const model = buildModel(recipe, { sample: samples.x.shape });
    const { note, ...micro } = await planned(model, training.batchSize);
    await model.close();
    return { recipe: { ...recipe, training: { ...training, ...micro } }, notes: note === undefined ? [] : [note] };
  }
  const { openTransfer, thaw } = await import("../transfer/model.js");
  const { model, base } = await openTransfer({ ...recipe, preprocessing, transfer });
  model.compile(compileOptionsOf(recipe));
  const first: Settled = transfer.head === undefined ? {} : await planned(model, training.batchSize);
  const { fineTune } = transfer;
  let second: Settled = {};
  if (fineTune !== undefined) {
    thaw(base, fineTune.layers);
    model.compile({ ...compileOptionsOf(recipe), optimizer: adam() });
    second = await planned(model, fineTune.batchSize);
  }
  await model.close();
  const { note: _first, ...micro } = first;
  const { note: _second, ...microOfTuning } = second;
  return {
    recipe: {
      ...recipe,
      training: { ...training, ...micro },
      transfer: { ...transfer, ...(fineTune && { fineTune: { ...fineTune, ...microOfTuning } }) },
    },
    notes: [...new Set([first.note, second.note].filter((note) => note !== undefined))],
  };
}

interface Settled {
  readonly microBatchSize?: number;
  readonly note?: string;
}

async function settled(
  model: Model,
  { x, y, weighted: isWeighted }: LabelledSource,
  batch: number,
  memory: number,
): Promise<Settled> {
  const of = ({ dtype, shape }: LabelledSource["x"]) => ({ dtype, shape: [batch, ...shape] });
  const types = { x: [of(x)], y: [of(y)], weighted: isWeighted ?? false };
  const { microBatchSize, splitsStatistics } = await model.trainer.plan(types, { memory });
  if (microBatchSize === undefined) return {};
  const parts = Math.ceil(batch / microBatchSize);
  const statistics = splitsStatistics
    ? "; batch normalization then takes the statistics of each part, not of the batch"
    : ", with the losses of the whole batch but for rounding";
  const note = `each step computes its ${batch} images in ${parts} parts of at most ${microBatchSize}${statistics}`;
  return defined({ microBatchSize, note });
}
