// Large images in tiles: windows of a network's size at the image's own resolution, which overlap. A pixel that several tiles see
// gets the mean of what they say of it, so that no border of a tile shows.
import { FoveaError } from "../../core/errors.js";
import { exp } from "../../core/math.js";
import { numberWithin } from "../../core/options.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { loadImage } from "../../data/index.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import { eachReadable } from "../data/bad-files.js";
import { lookOf } from "../data/look.js";
import { taskOf } from "../tasks/index.js";
import type { Answer, AnswerBatch, Refusal } from "./answerer.js";
import type { OutputFacts } from "./output-kinds.js";
import type { AskedFile } from "./predict-sources.js";
import type { OpenedModel, TrainedModel } from "./trained-model.js";

/** Tiles that are computed together. */
const BATCH = 8;
/** Bytes that the probabilities of an image may take. */
const MOST_BYTES = 2 ** 30;
/** The most of a tile that the next one sees again: each pixel is then in a hundred tiles. */
export const MOST_OVERLAP = 0.9;

/**
 * Answers about large images in tiles, one image per batch.
 * @param opened the open model
 * @param outputs outputs of the model, from `outputKinds`
 * @param files images, none of them smaller than a tile
 * @param overlap share of a tile that the next one sees again, from 0 to 0.9
 * @throws FoveaError for a model whose only output is no mask, and for one that sees a part of an image
 * @example
 * const facts = { version: 1, task: { kind: "segmentation", classNames: ["road", "sky"] } };
 * const network = sequential([input([12, 12, 1]), conv2d(2, 1, { activation: "softmax" })]);
 * await writeFile("masks.keras", await saveKeras(network, { facts }));
 * const opened = await openAny("masks.keras");
 * const { outputs } = outputKinds(opened);
 * const files = await askedFiles(["photo.png"]); // 12 x 96 pixels, eight tiles and more
 * const masks = new MaskFolder("masks", opened, outputs, files);
 * for await (const batch of tiledBatches(opened, outputs, files, 0.25)) await masks.add(batch); // masks/photo.png
 * const raw = await predictFiles(opened, files, { raw: true, keep: true });
 * const [maps] = await writePredictions("maps.npy", raw);
 * await sizeOfArray(maps); // [12, 12]
 */
export async function* tiledBatches(
  opened: OpenedModel,
  outputs: readonly OutputFacts[],
  files: readonly AskedFile[],
  overlap: number,
): AsyncGenerator<AnswerBatch> {
  numberWithin("tiledBatches overlap", overlap, 0, MOST_OVERLAP);
  const [output] = outputs;
  const { preprocessing, file } = opened;
  if (outputs.length !== 1 || output!.kind !== "masks" || preprocessing === undefined)
    throw new FoveaError(
      "unsuited-model",
      `--tiles: ${file} gives no masks; leave it out, or ask a model of --task segmentation`,
    );
  if (preprocessing.crop !== undefined)
    throw new FoveaError("unsuited-option", `--tiles: ${file} was trained on the middle of each image; leave it out`);
  const trained = { ...opened, preprocessing };
  for (const asked of files) yield await tiledBatch(trained, output!, asked, overlap);
}

async function tiledBatch(
  trained: TrainedModel,
  { task }: OutputFacts,
  { name, source }: AskedFile,
  overlap: number,
): Promise<AnswerBatch> {
  const { height: _height, width: _width, ...look } = lookOf(trained.preprocessing);
  const { good, bad } = await eachReadable([{ name, source }], async () =>
    mapOf(trained, name, await loadImage(typeof source === "string" ? source : await source(), look), overlap),
  );
  const kind = task!.kind;
  const [refused] = bad;
  if (refused !== undefined) {
    const refusal: Refusal = { image: name, task: kind, accepted: false, error: refused.error, code: refused.code };
    return { answers: [refusal], names: [], arrays: [], judged: [] };
  }
  const { value: map } = good[0]!;
  const [, height, width] = map.shape as [number, number, number];
  const told = taskOf(task!).answer({ height, width: height * width, data: map.data }, 0, task!, {
    top: 1,
    size: [height, width],
  });
  if (told === undefined) {
    const error = `${name}: the model gives NaN for it, so it has no answer`;
    const refusal: Refusal = { image: name, task: kind, accepted: false, error, code: "not-finite" };
    return { answers: [refusal], names: [], arrays: [], judged: [] };
  }
  const answer: Answer = { image: name, task: kind, accepted: true, ...told };
  return { answers: [answer], names: [name], arrays: [map], judged: [] };
}

/** First rows, or columns, of tiles that cover a side: the last tile ends where the side does. */
function startsOf(side: number, tile: number, overlap: number): number[] {
  const step = Math.max(1, Math.round(tile * (1 - overlap)));
  const count = Math.max(1, Math.ceil((side - tile) / step) + 1);
  return Array.from({ length: count }, (_, i) => Math.min(i * step, side - tile));
}

/** The class of each pixel of an image `[height, width, channels]`, `[1, height, width]`. @throws FoveaError for one smaller than a tile */
async function mapOf(
  { model, original }: TrainedModel,
  name: string,
  { shape, data }: Tensor<"uint8">,
  overlap: number,
): Promise<Tensor<"float32">> {
  const [height, width, channels] = shape as [number, number, number];
  const [rows, columns, classes] = [model.inputShape[0]!, model.inputShape[1]!, model.outputShape[2]!];
  if (height < rows || width < columns)
    throw new FoveaError(
      "shape-mismatch",
      `${name} is ${width} x ${height} pixels, which is less than a tile of ${columns} x ${rows}; ask about it without --tiles`,
    );
  if (height * width * (classes + 1) * 4 > MOST_BYTES)
    throw new FoveaError(
      "too-large",
      `${name}: ${width} x ${height} pixels of ${classes} classes are too many for tiles; cut it into parts`,
    );
  const corners = startsOf(height, rows, overlap).flatMap((top) =>
    startsOf(width, columns, overlap).map((left) => [top, left] as const),
  );
  const sums = new Float32Array(height * width * classes);
  for (let first = 0; first < corners.length; first += BATCH) {
    const some = corners.slice(first, first + BATCH);
    const tiles = new Uint8Array(some.length * rows * columns * channels);
    for (const [i, [top, left]] of some.entries())
      for (let y = 0; y < rows; y++) {
        const from = ((top + y) * width + left) * channels;
        tiles.set(data.subarray(from, from + columns * channels), (i * rows + y) * columns * channels);
      }
    const outputs = await model.predict(tensor(tiles, [some.length, rows, columns, channels], "uint8"), {
      batchSize: BATCH,
    });
    const said = endsInProbabilities(original) ? outputs.data : softmaxed(outputs.data, classes);
    for (const [i, [top, left]] of some.entries())
      for (let y = 0; y < rows; y++) {
        const to = ((top + y) * width + left) * classes;
        const from = (i * rows + y) * columns * classes;
        for (let at = 0; at < columns * classes; at++) sums[to + at]! += said[from + at]!;
      }
  }
  return { dtype: "float32", shape: [1, height, width], data: largestOf(sums, classes) };
}

/** The class with the largest sum at each pixel, the first among equal ones; NaN where the model says NaN. */
function largestOf(sums: Float32Array, classes: number): Float32Array {
  const map = new Float32Array(sums.length / classes);
  for (let at = 0, start = 0; at < map.length; at++, start += classes) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (sums[start + k]! > sums[start + best]!) best = k;
    map[at] = Number.isNaN(sums[start]!) ? Number.NaN : best;
  }
  return map;
}

/** Probabilities out of rows of logits. */
function softmaxed(logits: Float32Array, classes: number): Float32Array {
  const out = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = logits[start]!;
    for (let k = 1; k < classes; k++) largest = Math.max(largest, logits[start + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += out[start + k] = exp(logits[start + k]! - largest);
    for (let k = 0; k < classes; k++) out[start + k]! /= sum;
  }
  return out;
}
