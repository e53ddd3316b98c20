// Weights alone, into a known network: which variant of it they are (width, with or without the top, how many classes) is
// told by the file, unless the user says it. The networks are those of `fovea/applications`.

import {
  IMAGENET_NAMES,
  imageNetApplication,
  imageNetClasses,
  WEIGHT_FILES,
  weightFileNamed,
} from "../../applications/imagenet/index.js";
import type { MobileNetOptions } from "../../applications/imagenet/mobilenet.js";
import { APPLICATION_NAMES, type ApplicationName, applicationOf } from "../../applications/index.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import { defaultPlace } from "../../default-backend.js";
import { looksLikeHdf5, readHdf5 } from "../../formats/containers/hdf5/read.js";
import type { Hdf5Group } from "../../formats/containers/hdf5/tree.js";
import type { FoveaFacts } from "../../formats/index.js";
import { legacyLayers } from "../../formats/models/keras-h5.js";
import type { LoadedModel } from "../../formats/models/loaded.js";
import { RESCALES, type RescaleName } from "../../formats/models/pixels.js";
import { loadWeights } from "../../formats/models/weights.js";
import { UPRIGHT } from "../../formats/run/recipe.js";
import { application } from "../../known-models.js";
import type { Model } from "../../nn/model/model.js";
import type { Runtime } from "../../nn/model/runtime.js";
import { withCommas } from "../../nn/model/summary.js";
import { readBytes } from "../../platform/files.js";
import { baseName } from "../../platform/paths.js";

export interface NetworkVariant {
  /** Height and width of the images in pixels. Default: what the file's name or the network says. */
  readonly imageSize?: readonly [height: number, width: number];
  /** 1 for grey, 3 for RGB. Default: the network's. */
  readonly channels?: number;
  /** Default: what the weights have. */
  readonly classes?: number;
  /** The width of a mobilenet. Default: what the weights have. */
  readonly alpha?: number;
  readonly threads?: number;
  /** Place to compute; default: the one that models of equal threads share. */
  readonly runtime?: Runtime;
}

/** The names of known networks. */
export const NETWORK_NAMES: readonly string[] = [...IMAGENET_NAMES, ...APPLICATION_NAMES];

/** Facts in a file of weights about its network. */
interface Stored {
  /** The numbers in all arrays; undefined for a file that is read by names. */
  readonly total: number | undefined;
  /** The number of classes, where there is a top. */
  readonly classes: number | undefined;
}

/**
 * The known network of that name with the weights of a file.
 * @throws FoveaError when the weights are those of another network, or another variant than was said
 */
export async function openNetwork(name: string, weights: string, variant: NetworkVariant = {}): Promise<LoadedModel> {
  const bytes = await readBytes(weights);
  if (!looksLikeHdf5(bytes) && !weights.toLowerCase().endsWith(".safetensors"))
    throw new FoveaError(
      "unknown-format",
      `${weights}: expected weights as .h5, .weights.h5 or .safetensors to put into ${name}`,
    );
  const stored = await storedIn(weights, bytes);
  const isImageNet = IMAGENET_NAMES.some((known) => known === name);
  const candidates = isImageNet
    ? imageNetCandidates(name, weights, variant, stored)
    : ownCandidates(name, variant, stored);
  for (const build of candidates) {
    const model = build();
    if (stored.total !== undefined && model.countParams() !== stored.total) continue;
    await loadWeights(model, bytes, { file: weights });
    return { model, facts: isImageNet ? await factsFor(name, model) : undefined, warnings: [] };
  }
  throw new FoveaError(
    "weights-mismatch",
    `${weights}: holds ${withCommas(stored.total ?? 0)} numbers, which fit no ${name}, with its top or without; say which ` +
      "network it is with --architecture, and which variant with --classes, --image-size and --alpha",
  );
}

async function storedIn(file: string, bytes: Uint8Array): Promise<Stored> {
  if (!looksLikeHdf5(bytes)) return { total: undefined, classes: undefined };
  const root = await readHdf5(bytes, { name: file });
  const layers = legacyLayers(file, root);
  if (layers !== undefined) {
    const arrays = layers.flatMap((layer) => layer.arrays);
    const total = arrays.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return { total, classes: arrays.at(-1)?.shape.at(-1) };
  }
  return { total: numbersIn(root), classes: biasOf(root, "dense") ?? biasOf(root, "conv2d") };
}

/** The length of the bias of the last layer of a class, which is how Keras 3 files layers; the top is one of them. */
function biasOf(root: Hdf5Group, kind: string): number | undefined {
  const numbered = [...(root.groups.get("layers")?.groups ?? [])].flatMap(([name, group]) => {
    const rest = name === kind ? "0" : name.startsWith(`${kind}_`) ? name.slice(kind.length + 1) : "";
    return /^\d+$/.test(rest) ? [{ number: Number(rest), group }] : [];
  });
  const [last] = numbered.sort((a, b) => b.number - a.number);
  return last?.group.groups.get("vars")?.datasets.get("1")?.shape[0];
}

/** Groups that hold no weights: the optimizer's state, and those of random numbers. */
const OTHERS: ReadonlySet<string> = new Set(["optimizer", "seed_generator"]);

/** Counts the numbers that a group and those below it hold, without OTHERS. */
function numbersIn({ groups, datasets }: Hdf5Group): number {
  let total = 0;
  for (const { shape } of datasets.values()) total += sizeOf(shape);
  for (const [name, group] of groups) if (!OTHERS.has(name)) total += numbersIn(group);
  return total;
}

const unique = <T>(all: readonly (T | undefined)[]): T[] => [...new Set(all.filter((value) => value !== undefined))];

function imageNetCandidates(
  name: string,
  file: string,
  variant: NetworkVariant,
  { classes: last }: Stored,
): (() => Model)[] {
  const known = imageNetApplication(name);
  const { threads, runtime, channels = 3 } = variant;
  const published = weightFileNamed(baseName(file));
  const options = published?.model === name ? published.options : {};
  const widths = WEIGHT_FILES.filter(({ model }) => model === name).map((entry) => entry.options.alpha);
  const [height, width] = variant.imageSize ?? options.inputShape ?? [known.size, known.size];
  const alphas = variant.alpha === undefined ? unique([options.alpha, ...widths]) : [variant.alpha];
  const tops = [...(variant.classes === undefined ? unique([last, 1000]) : [variant.classes]), undefined];
  return (alphas.length === 0 ? [undefined] : alphas).flatMap((alpha) =>
    tops.map((classes) => () => {
      const variantOptions: MobileNetOptions = {
        inputShape: [height!, width!, channels],
        ...(alpha === undefined ? {} : { alpha }),
        ...(classes === undefined ? { includeTop: false } : { classes }),
      };
      return known.build({ ...variantOptions, ...defaultPlace, ...defined({ threads, runtime }) });
    }),
  );
}

function ownCandidates(name: string, variant: NetworkVariant, { classes: last }: Stored): (() => Model)[] {
  const { shape } = applicationOf(name);
  const { imageSize = shape.imageSize, channels = shape.channels, threads, runtime } = variant;
  const counts = variant.classes === undefined ? unique([last, shape.classes]) : [variant.classes];
  return counts.map(
    (classes) => () =>
      application(name as ApplicationName, { imageSize, channels, classes }, defined({ threads, runtime })),
  );
}

/** Name of a published network's scale of pixels. */
export function publishedScale(name: string): RescaleName {
  const { preprocessing } = imageNetApplication(name);
  return preprocessing === "tf" ? "-1..1" : preprocessing;
}

/** Preprocessing of images, as Keras's preprocess_input does it, and ImageNet's classes where it has those. */
async function factsFor(name: string, model: Model): Promise<FoveaFacts | undefined> {
  const [height, width, channels] = model.inputShape as [number, number, number];
  const isImageNet = model.outputShapes[0]?.length === 1 && model.outputShapes[0][0] === 1000;
  const classNames = isImageNet ? uniqueNames((await imageNetClasses()).map(([, word]) => word)) : undefined;
  const rescale = RESCALES[publishedScale(name)];
  if (channels !== 3) return undefined;
  const look = { imageSize: [height, width], color: "rgb", interpolation: "nearest", ...UPRIGHT } as const;
  return { version: 1, ...defined({ classNames }), preprocessing: { ...look, ...defined({ rescale }) } };
}

/** Two of ImageNet's words name two classes each. */
function uniqueNames(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return words.map((word) => {
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    return count === 1 ? word : `${word}_${count}`;
  });
}
