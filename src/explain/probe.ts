// The common base of all explanations: a model opened at a layer, gradients of a class's score, and the position of a
// model's last feature maps. The other files of this room make explanations of them.
import { gradients } from "../core/autodiff.js";
import { FoveaError } from "../core/errors.js";
import * as f from "../core/functions/index.js";
import { input, type Value } from "../core/graph/node.js";
import { log } from "../core/math.js";
import { showShape } from "../core/shape.js";
import type { Tensor, TensorType } from "../core/tensor.js";
import { InferenceContext, type Layer } from "../nn/layers/index.js";
import { BOX_MAPS } from "../nn/losses/index.js";
import { checkSamples } from "../nn/model/data.js";
import type { Functional } from "../nn/model/functional.js";
import { layerOutputs } from "../nn/model/layer-outputs.js";
import { Model } from "../nn/model/model.js";

/** Every layer with its path, those of nested models included, in the order in which they lie in the model. */
export function* layersOf(model: Layer, prefix = ""): Generator<readonly [path: string, layer: Layer]> {
  for (const layer of model.layers) {
    const path = prefix + layer.name;
    if (layer instanceof Model) yield* layersOf(layer, `${path}/`);
    else yield [path, layer];
  }
}

const isMaps = (layer: Layer): boolean => layer.built && layer.outputShapes[0]?.length === 3;

/**
 * The path of the last layer that puts out maps [height, width, channels] of more than one place, where there is one:
 * what Grad-CAM looks at. A map of a single place cannot say where something is.
 */
export function lastMaps(model: Model): string {
  const maps = [...layersOf(model)].filter(([, layer]) => isMaps(layer) && layer.className !== "InputLayer");
  const isWide = ([height, width]: readonly number[]): boolean => height! * width! > 1;
  const last = maps.findLast(([, layer]) => isWide(layer.outputShapes[0]!)) ?? maps.at(-1);
  if (last === undefined)
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: no layer puts out maps [height, width, channels], so there is nothing to see`,
    );
  return last[0];
}

/** The path of the last of the layers with the smallest maps: what a map of classes is decided by, before it is drawn. */
export function coarsestMaps(model: Model): string {
  const maps = [...layersOf(model)].filter(([, layer]) => isMaps(layer) && layer.className !== "InputLayer");
  const places = maps.map(([, layer]) => layer.outputShapes[0]![0]! * layer.outputShapes[0]![1]!);
  const least = Math.min(...places.filter((count) => count > 1));
  return maps[places.lastIndexOf(least)]?.[0] ?? lastMaps(model);
}

/** @throws FoveaError unless the layer puts out maps. */
export function expectMaps(model: Model, path: string): readonly [height: number, width: number, channels: number] {
  const shape = model.getLayer(path).outputShapes[0]!;
  if (shape.length !== 3)
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: expected a layer that puts out maps [height, width, channels], "${path}" puts out ${showShape(shape)}`,
    );
  return shape as readonly [number, number, number];
}

/** Name of the function that the model's outputs have gone through: softmax and sigmoid flatten the gradients of sure answers. */
function outputActivation(model: Layer): string {
  const last = model.layers.at(-1)!;
  if (last.layers.length > 0) return outputActivation(last);
  if (last.className === "Softmax") return "softmax";
  const { activation } = last.toKerasObject().config;
  return typeof activation === "string" ? activation : "linear";
}

export const SCORES = ["class", "odds", "number", "log", "region", "peak"] as const;
/**
 * A score that an explanation differentiates: of a class (the logarithm of the odds where outputs are probabilities, else
 * the output itself; a single output is the score of class 1, and minus it that of class 0). Other scores are of an output that is a
 * probability by itself (`odds`), of a number (`number`), of the logarithm of one (`log`), or of a class in a map of classes,
 * summed over the pixels that are taken for it (`region`; Vinogradova, Dibrov and Myers, "Seg-Grad-CAM", 2020). The last is that
 * of the surest object of a class in maps of centers, the logarithm of its odds (`peak`).
 */
export type Score = (typeof SCORES)[number];

/** Smallest number whose logarithm is a score. */
const LEAST = 1e-30;

/** Number of things that a model with so many outputs can be asked for. */
const askable = (outputs: number, score: Score): number => (score === "class" ? Math.max(2, outputs) : outputs);

/** Each sample's score [n], from outputs [n, count] and the number of the class or output for each, int32 [n]. */
function scoresOf(model: Model, outputs: Value, asked: Value, score: Score): Value {
  if (score === "region") return regionScores(model, outputs, asked);
  if (score === "peak") return peakScores(outputs, asked);
  const [n, count] = outputs.type.shape as [number, number];
  const picked = (all: Value): Value =>
    count === 1 ? f.reshape(all, [n]) : f.sum(f.mul(all, f.oneHot(asked, count)), [1]);
  if (score === "number") return picked(outputs);
  if (score === "log") return picked(f.log(f.maximum(outputs, LEAST)));
  const activation = outputActivation(model);
  const bounded = (p: Value): Value => f.minimum(f.maximum(p, 1e-7), 1 - 1e-7);
  const odds = (p: Value): Value => f.sub(f.log(bounded(p)), f.log(f.sub(1, bounded(p))));
  const logits = activation === "softmax" || activation === "sigmoid" ? odds(outputs) : outputs;
  if (count > 1 || score === "odds") return picked(logits);
  const sign = f.sub(f.mul(f.cast(asked, "float32"), 2), 1);
  return f.mul(f.reshape(logits, [n]), sign);
}

/** The score of a class summed over its region, [n], from maps [n, height, width, classes]; over all where it has none. */
function regionScores(model: Model, outputs: Value, asked: Value): Value {
  const [n, height, width, classes] = outputs.type.shape as [number, number, number, number];
  const pixels = f.reshape(outputs, [n, height * width, classes]);
  const chosen = f.reshape(f.oneHot(asked, classes), [n, 1, classes]);
  const scores = outputActivation(model) === "softmax" ? f.log(f.maximum(pixels, LEAST)) : pixels;
  const ofClass = f.sum(f.mul(scores, chosen), [2]);
  const region = f.sum(f.mul(f.oneHot(f.argMax(pixels), classes), chosen), [2]);
  const isNowhere = f.equal(f.sum(region, [1], true), 0);
  return f.sum(f.mul(ofClass, f.maximum(region, isNowhere)), [1]);
}

/** The score of the surest object of a class, [n], from maps [n, rows, columns, classes + 4]. */
function peakScores(outputs: Value, asked: Value): Value {
  const [n, rows, columns, maps] = outputs.type.shape as [number, number, number, number];
  const cells = f.reshape(outputs, [n, rows * columns, maps]);
  const chosen = f.reshape(f.oneHot(asked, maps), [n, 1, maps]);
  const p = f.clip(f.max(f.sum(f.mul(cells, chosen), [2]), [1]), 1e-7, 1 - 1e-7);
  return f.sub(f.log(p), f.log(f.sub(1, p)));
}

/** Classes of objects that maps of centers tell apart. */
const peakClasses = (maps: number): number => maps - BOX_MAPS;

/** The largest of the numbers of one class in maps. */
function largestOf(row: Float32Array, asked: number, maps: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = asked; at < row.length; at += maps) largest = Math.max(largest, row[at]!);
  return largest;
}

/** A score out of one row of outputs, for methods that compare outputs: probabilities stay as they are. */
export function outputScore(row: Float32Array, asked: number, score: Score, classes = row.length): number {
  if (score === "region") {
    let sum = 0;
    for (let at = asked; at < row.length; at += classes) sum += row[at]!;
    return sum;
  }
  if (score === "peak") return largestOf(row, asked, classes);
  if (score === "class" && row.length === 1) return (2 * asked - 1) * row[0]!;
  const value = row[asked]!;
  return score === "log" ? log(Math.max(value, LEAST)) : value;
}

/** Parts of an explanation's graph. */
export interface Probed {
  readonly x: Value;
  /** The layer's output. */
  readonly maps: Value;
  /** The scores of the classes or outputs asked for [n]; for models that put out a vector. */
  readonly scores: () => Value;
}

/** A model opened at a layer, for explanations of one kind. */
export class Probe {
  readonly #opened: Functional;

  constructor(
    readonly model: Model,
    /** A layer's path; `""` where the layer does not matter. */
    readonly path: string,
    readonly score: Score = "class",
  ) {
    this.#opened = layerOutputs(model, [path, ""]);
  }

  /** The graph between images of a type, with a number of classes asked for, and the layer; nothing is computed. */
  trace({ dtype, shape }: TensorType, asked: number): { readonly inputs: readonly Value[]; readonly probed: Probed } {
    const images = input("images", shape, dtype);
    const classes = input("classes", [asked], "int32");
    const x = f.cast(images, "float32");
    const [maps, outputs] = this.#opened.callAll([x], new InferenceContext()) as [Value, Value];
    return {
      inputs: [images, classes],
      probed: { x, maps, scores: () => scoresOf(this.model, outputs, classes, this.score) },
    };
  }

  /** Computes what `build` makes of images [n, height, width, channels] and a class number for each. */
  async compute(
    kind: string,
    images: Tensor,
    classes: Int32Array,
    build: (probed: Probed) => readonly Value[],
  ): Promise<Tensor[]> {
    checkSamples(kind, images.shape, this.model.inputShape);
    const key = `${kind}:${images.dtype}[${images.shape}]`;
    const graph = () => {
      const { inputs, probed } = this.trace(images, classes.length);
      return { inputs, outputs: build(probed), updates: [] };
    };
    return this.#opened.compute(key, graph, [images, { dtype: "int32", shape: [classes.length], data: classes }]);
  }

  async close(): Promise<void> {
    await this.#opened.close();
  }
}

/** The gradient of the sum of `scores` in `of`. */
export const slope = (scores: Value, of: Value): Value => gradients(f.sum(scores), [of])[0]!;

/** The mean of channel `targets[i]` over the maps of image i. */
export function meanActivations(maps: Value, targets: readonly number[]): Value {
  const [n, , , channels] = maps.type.shape as [number, number, number, number];
  const means = f.mean(maps, [1, 2]);
  // A row of zeros with a single one for each image, from the positions alone.
  const position = f.iota([n, channels], 1);
  const row = f.iota([n, channels], 0);
  const chosen = targets
    .map((target, i) => f.mul(f.equal(position, target), f.equal(row, i)))
    .reduce((a, b) => f.add(a, b));
  return f.sum(f.mul(means, chosen), [1]);
}

/**
 * The class or output asked for, for each image; by default the class that the model chose, the most
 * probable label, or the first number.
 */
export async function classesOf(
  model: Model,
  images: Tensor,
  wanted: number | readonly number[] | undefined,
  score: Score = "class",
): Promise<Int32Array> {
  const last = model.outputShape.at(-1)!;
  const outputs = score === "region" ? last : score === "peak" ? peakClasses(last) : model.outputShape[0]!;
  const n = images.shape[0]!;
  if (wanted !== undefined) {
    const most = askable(outputs, score);
    const each = typeof wanted === "number" ? new Array<number>(n).fill(wanted) : wanted;
    const wrong = each.find((index) => !Number.isInteger(index) || index < 0 || index >= most);
    if (wrong !== undefined)
      throw new FoveaError(
        "out-of-range",
        `expected ${score === "class" ? "a class" : "an output"} from 0 to ${most - 1}, received ${wrong}`,
      );
    if (each.length !== n)
      throw new FoveaError("length-mismatch", `expected one number for each of ${n} images, received ${each.length}`);
    return Int32Array.from(each);
  }
  // Amounts of several targets have units of their own, so that none is the largest.
  if (score === "number" || score === "log") return new Int32Array(n);
  const { data } = await model.predict(images);
  if (score === "region") return largestRegions(data, n, outputs);
  if (score === "peak")
    return Int32Array.from({ length: n }, (_, row) => {
      const values = data.subarray((row * data.length) / n, ((row + 1) * data.length) / n);
      const peaks = Array.from({ length: outputs }, (_, k) => largestOf(values, k, last));
      return peaks.indexOf(peaks.reduce((a, b) => Math.max(a, b)));
    });
  const threshold = outputActivation(model) === "sigmoid" ? 0.5 : 0;
  return Int32Array.from({ length: n }, (_, row) => {
    if (outputs === 1) return score === "class" && data[row]! > threshold ? 1 : 0;
    const values = data.subarray(row * outputs, (row + 1) * outputs);
    return values.indexOf(values.reduce((a, b) => Math.max(a, b)));
  });
}

/** The class with the most pixels in each map of scores, the first class left aside unless it has all: the background. */
function largestRegions(data: Float32Array, n: number, classes: number): Int32Array {
  const size = data.length / n;
  return Int32Array.from({ length: n }, (_, image) => {
    const counts = new Float64Array(classes);
    for (let at = image * size; at < (image + 1) * size; at += classes) {
      const pixel = data.subarray(at, at + classes);
      counts[pixel.indexOf(pixel.reduce((a, b) => Math.max(a, b)))]! += 1;
    }
    counts[0] = 0;
    return Math.max(0, counts.indexOf(counts.reduce((a, b) => Math.max(a, b))));
  });
}
