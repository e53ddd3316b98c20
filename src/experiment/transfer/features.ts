// Features that a frozen base makes of images: computed once for each content and setting, then kept in the user's cache folder.
// A damaged file there only means that its features are computed again.
import { defined } from "../../core/defined.js";
import { cast } from "../../core/functions/index.js";
import { input } from "../../core/graph/node.js";
import { keyOf } from "../../core/random.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { VERSION } from "../../core/version.js";
import type { ImageStore } from "../../data/index.js";
import type { LabelledSource } from "../../nn/index.js";
import { TrainingContext } from "../../nn/layers/call-context.js";
import type { Functional } from "../../nn/model/functional.js";
import type { TooLarge } from "../../platform/cache.js";
import { forBlocks, predictBlocks } from "../data/blocks.js";
import { type Part, weightsAt } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { keptPath, readKept, writeKept } from "../pretrained/feature-cache.js";
import type { Predictor } from "../pretrained/onnxruntime.js";
import { kindOfTargets, taskOf } from "../tasks/index.js";
import type { TransferModel, TransferPlan } from "./model.js";

/** Images that the base looks at together. */
const BATCH = 16;

type Features = Tensor<"float32">;

/** The network that makes features, and who computes it where it is not our own engine. */
export interface Seeing extends Pick<TransferModel, "features" | "varied"> {
  readonly elsewhere: Predictor | undefined;
}

/** The part of a recipe that features follow from. */
export type FeaturePlan = Pick<TransferPlan, "model" | "preprocessing" | "mode" | "seed"> & {
  readonly transfer: Omit<TransferPlan["transfer"], "variants" | "fineTune">;
};

/** `variant` 0 is the images as they are; from 1 on they are varied, each time otherwise. */
export async function featuresOf(
  seeing: Seeing,
  recipe: FeaturePlan,
  { samples }: { readonly samples: Pick<ImageSamples, "images" | "contentHash"> },
  variant: number,
  onProgress: (done: number, total: number) => void = () => {},
  onNotKept: (why: TooLarge) => void = () => {},
): Promise<Features> {
  const { count: total } = samples.images;
  const path = await cachePath(recipe, samples.contentHash, variant);
  const { features: network, elsewhere = network } = seeing;
  const shape = [total, ...network.outputShape];
  const cached = path === undefined ? undefined : await readKept(path);
  if (cached !== undefined && String(cached.table.shape) === String(shape)) {
    onProgress(total, total);
    return cached.table;
  }
  const rows = (indices: Int32Array) => samples.images.rows(indices);
  const features: Features =
    variant === 0
      ? await predictBlocks(elsewhere, total, BATCH, rows, onProgress)
      : await variedFeatures(seeing, samples.images, recipe.seed, variant, onProgress);
  const notKept = path === undefined ? undefined : await writeKept(path, { table: features, notes: {} });
  if (notKept !== undefined) onNotKept(notKept);
  return features;
}

/**
 * Features of images that the model's own augmentation has varied; a function of (seed, variant, place). Another engine
 * sees the images that ours has varied.
 */
async function variedFeatures(
  { features: network, varied, elsewhere }: Seeing,
  images: ImageStore,
  seed: number,
  variant: number,
  onProgress: (done: number, total: number) => void,
): Promise<Features> {
  const { count: total } = images;
  const model: Functional = elsewhere === undefined ? network : varied!;
  const [width] = network.outputShape as [number];
  const out: Features = { dtype: "float32", shape: [total, width], data: new Float32Array(total * width) };
  const batches = Math.ceil(total / BATCH);
  const take = (indices: Int32Array) => images.rows(indices);
  await forBlocks(total, BATCH, take, async (rows, start) => {
    const graph = () => {
      const pixels = input("images", rows.shape, rows.dtype);
      const state = input("randomState", [3], "int32");
      const outputs = model.callAll([cast(pixels, "float32")], new TrainingContext(state));
      return { inputs: [pixels, state], outputs, updates: [] };
    };
    const state = Int32Array.of(...keyOf(seed), variant * batches + start / BATCH);
    const [made] = await model.compute(`varied:${rows.shape}`, graph, [rows, tensor(state, [3], "int32")]);
    const features = elsewhere === undefined ? made! : await elsewhere.predict(made!, { batchSize: BATCH });
    out.data.set(features.data as Float32Array, start * width);
    onProgress(Math.min(total, start + BATCH), total);
  });
  return out;
}

/** A file for everything that decides about features; undefined where there can be none. */
function cachePath(recipe: FeaturePlan, contentHash: string, variant: number): Promise<string | undefined> {
  const { model, preprocessing, mode, transfer, seed } = recipe;
  const { augmentation, weights, engine, rescale, cut } = transfer;
  const fixed = { version: VERSION, model, weights: weights.sha256, preprocessing, mode, contentHash };
  const settings = { ...fixed, ...defined({ engine, rescale, cut }) };
  return keptPath(variant === 0 ? settings : { ...settings, augmentation, seed, variant }, "features");
}

/** A part of the data as features: its rows of each table, one table after the other. */
export function featureSource(part: Part, tables: readonly Features[]): LabelledSource {
  const { rows, targets, weight } = part;
  const [, width] = tables[0]!.shape as [number, number];
  const task = taskOf({ kind: kindOfTargets(targets) });
  const take = (indices: Int32Array) => {
    const x = new Float32Array(indices.length * width);
    const wanted = indices.map((index) => rows[index % rows.length]!);
    indices.forEach((index, i) => {
      const row = wanted[i]!;
      const table = tables[Math.floor(index / rows.length)]!;
      x.set(table.data.subarray(row * width, (row + 1) * width), i * width);
    });
    const y = task.targetRows(targets, wanted);
    return {
      x: tensor(x, [indices.length, width], "float32"),
      y,
      ...(weight && { sampleWeight: weightsAt(weight, wanted) }),
    };
  };
  return {
    size: rows.length * tables.length,
    x: { dtype: "float32", shape: [width] },
    y: task.targetType(targets),
    ...(weight && { weighted: true }),
    take,
  };
}
