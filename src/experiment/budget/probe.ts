// Seconds that training and features take here, measured on a few of the images themselves. Nothing follows from them but numbers of
// epochs and of varied copies, which the recipe then names.
import { defined } from "../../core/defined.js";
import { tensor } from "../../core/tensor.js";
import { openListing, openSource } from "../../data/index.js";
import type { Preprocessing, Recipe } from "../../formats/run/recipe.js";
import { type DataPaths, type ExperimentData, sourceOf } from "../data/experiment-data.js";
import type { DataWish } from "../data/load-options.js";
import { median } from "../models/benchmark.js";
import { buildModel, compileOptionsOf } from "../recipe/recipe.js";
import { readBaseWeights } from "../transfer/base.js";
import { buildFeatures, buildTransferModel, type TransferPlan } from "../transfer/model.js";

/** Calls and seconds in which the engine finds its pace, and calls that are timed after these. */
const [FIRST, PACE, TIMED] = [3, 0.5, 5];
/** Images whose features a transfer computes together. */
const FEATURE_BATCH = 16;
const UNVARIED = { augmentation: "none" } as const;

async function secondsOfOne(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await call();
  return (performance.now() - began) / 1000;
}

/** Middle of the seconds of a few calls, after those that are not counted. */
async function secondsOf(call: () => Promise<unknown>): Promise<number> {
  let spent = 0;
  for (let i = 0; i < FIRST || spent < PACE; i++) spent += await secondsOfOne(call);
  const times: number[] = [];
  for (let i = 0; i < TIMED; i++) times.push(await secondsOfOne(call));
  return median(times);
}

const firstRows = (size: number, count: number): Int32Array =>
  Int32Array.from({ length: Math.min(size, count) }, (_, i) => i);

/** Number of all images, and the seconds to open them. */
export interface Loading {
  /** Seconds to open all images. */
  readonly seconds: number;
  /** Number of images, those of all parts together. */
  readonly images: number;
}

/** Images that are opened to see how long all take, after as many others in which the engine finds its pace, unless these take long. */
const OPENED = 48;

/**
 * Number of all images, and the seconds that they take to open on this machine where no earlier run has kept them.
 * @param paths sources of the parts
 * @param preprocessing size and colours of the images
 * @param wish columns of a manifest
 * @param threads decoding threads
 */
export async function loadSeconds(
  paths: DataPaths,
  { imageSize: [height, width], color }: Preprocessing,
  { columns = {} }: Pick<DataWish, "columns">,
  threads: number,
): Promise<Loading> {
  let [seconds, all] = [0, 0];
  for (const path of Object.values(paths)) {
    const { listing } = await openSource(path, defined(columns));
    const { length } = listing.images;
    const count = Math.min(length, OPENED);
    const open = (shift: number): Promise<unknown> => {
      const images = Array.from(
        { length: count },
        (_, i) => listing.images[Math.floor(((i + shift) * length) / count)]!,
      );
      return openListing(
        { where: listing.where, images, columns: {}, findings: [] },
        { height, width, color, cache: false, threads: 0, skipBad: true, orientation: "exif", depth: "scaled" },
      );
    };
    // Large photos need no second look.
    const first = await secondsOfOne(() => open(0.5));
    const opened = first > PACE ? first : await secondsOfOne(() => open(0));
    seconds += (opened / count) * (length / threads);
    all += length;
  }
  return { seconds, images: all };
}

/**
 * Seconds of one training step of a recipe on this machine.
 * @param recipe model and training; weights are drawn for the measurement only
 * @param data images that the recipe is for
 * @param threads threads to compute with; default all
 * @example const perEpoch = (await stepSeconds(recipe, data)) * steps;
 */
export async function stepSeconds(recipe: Recipe, data: ExperimentData, threads?: number): Promise<number> {
  const model = buildModel(recipe, { sample: data.parts.train.samples.x.shape, ...defined({ threads }) });
  try {
    const source = sourceOf(data.parts.train);
    const batch = await source.take(firstRows(source.size, recipe.training.batchSize));
    return await secondsOf(() => model.trainOnBatch(batch));
  } finally {
    await model.close();
  }
}

/**
 * Seconds of the features of one image on this machine, whatever is on it.
 * @param base name of a base of the package
 * @param preprocessing size and colours of the images
 * @param threads threads to compute with; default all
 */
export async function featureSeconds(base: string, preprocessing: Preprocessing, threads?: number): Promise<number> {
  const described = {
    model: { name: base },
    preprocessing,
    seed: 0,
    mode: "reproducible",
    transfer: UNVARIED,
  } as const;
  const features = await buildFeatures(described, await readBaseWeights(base), defined({ threads }));
  try {
    const shape = [FEATURE_BATCH, ...features.inputShape];
    const images = tensor(new Uint8Array(shape.reduce((a, b) => a * b)), shape, "uint8");
    return (await secondsOf(() => features.predict(images, { batchSize: FEATURE_BATCH }))) / FEATURE_BATCH;
  } finally {
    await features.close();
  }
}

/**
 * Seconds of one step of a transfer's head on this machine.
 * @param recipe a transfer on a base of the package
 * @param data images that the recipe is for
 * @param threads threads to compute with; default all
 */
export async function headSeconds(
  { model: named, ...recipe }: TransferPlan,
  data: ExperimentData,
  threads?: number,
): Promise<number> {
  const model = { name: "name" in named ? named.name : "" };
  const built = await buildTransferModel({ ...recipe, model }, await readBaseWeights(model.name), defined({ threads }));
  const { features, head, varied } = built;
  try {
    const source = sourceOf(data.parts.train);
    const { y } = await source.take(firstRows(source.size, recipe.training.batchSize));
    const shape = [y.shape[0]!, ...features.outputShape];
    const x = tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape, "float32");
    head.compile(compileOptionsOf({ ...recipe, model }));
    return await secondsOf(() => head.trainOnBatch({ x, y }));
  } finally {
    for (const opened of [features, head, varied]) await opened?.close();
  }
}
