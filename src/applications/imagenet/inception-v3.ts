// Inception v3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception architecture for computer
// vision", 2016) with Keras's layer names and order: names come from the order in which layers are applied.
import {
  activation,
  averagePooling2d,
  batchNormalization,
  concatenate,
  conv2d,
  globalAveragePooling2d,
  maxPooling2d,
  type SymbolicInput,
  type SymbolicTensor,
} from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import { denseTop, frame, type ImageNetOptions, through } from "./frame.js";

/** Filters and kernel of a convolution; `"halve"` for stride 2 without padding, `"valid"` for no padding. */
type Step = readonly [filters: number, height: number, width: number, how?: "halve" | "valid"];

/** Convolutions one after the other, each with batch normalization and ReLU. */
function convolved(x: SymbolicInput, ...steps: readonly [Step, ...Step[]]): SymbolicTensor {
  const layersOf = ([filters, height, width, how]: Step) =>
    [
      conv2d(filters, [height, width], {
        strides: how === "halve" ? 2 : 1,
        padding: how === undefined ? "same" : "valid",
        useBias: false,
      }),
      batchNormalization({ scale: false }),
      activation("relu"),
    ] as const;
  const [first, ...others] = steps;
  return others.reduce((y, step) => through(y, ...layersOf(step)), through(x, ...layersOf(first)));
}

const joined = (branches: readonly SymbolicTensor[], name?: string): SymbolicTensor =>
  concatenate(name === undefined ? {} : { name }).apply(branches);

/** Average pooling that keeps the size, then a convolution. */
const pooled = (x: SymbolicTensor, filters: number): SymbolicTensor =>
  convolved(averagePooling2d(3, { strides: 1, padding: "same" }).apply(x), [filters, 1, 1]);

const halved = (x: SymbolicTensor): SymbolicTensor => maxPooling2d(3, { strides: 2 }).apply(x);

/** 35x35: branches with one, one 5x5 and two 3x3 convolutions. */
const fine = (x: SymbolicTensor, name: string, poolFilters: number): SymbolicTensor =>
  joined(
    [
      convolved(x, [64, 1, 1]),
      convolved(x, [48, 1, 1], [64, 5, 5]),
      convolved(x, [64, 1, 1], [96, 3, 3], [96, 3, 3]),
      pooled(x, poolFilters),
    ],
    name,
  );

/** 17x17: 7x7 convolutions as 1x7 after 7x1, with `inner` filters. */
const middle = (x: SymbolicTensor, name: string, inner: number): SymbolicTensor =>
  joined(
    [
      convolved(x, [192, 1, 1]),
      convolved(x, [inner, 1, 1], [inner, 1, 7], [192, 7, 1]),
      convolved(x, [inner, 1, 1], [inner, 7, 1], [inner, 1, 7], [inner, 7, 1], [192, 1, 7]),
      pooled(x, 192),
    ],
    name,
  );

/** 8x8: branches that fork into 1x3 and 3x1. */
function coarse(x: SymbolicTensor, index: number): SymbolicTensor {
  const fork = (y: SymbolicTensor, name?: string): SymbolicTensor =>
    joined([convolved(y, [384, 1, 3]), convolved(y, [384, 3, 1])], name);
  return joined(
    [
      convolved(x, [320, 1, 1]),
      fork(convolved(x, [384, 1, 1]), `mixed9_${index}`),
      fork(convolved(x, [448, 1, 1], [384, 3, 3])),
      pooled(x, 192),
    ],
    `mixed${9 + index}`,
  );
}

/**
 * Inception v3 with fresh weights: 23,851,784 parameters, images of 299x299 from -1 to 1.
 * @example const base = inceptionV3({ includeTop: false, inputShape: [150, 150, 3] })
 */
export function inceptionV3(options: ImageNetOptions = {}): Functional {
  const { image, finish } = frame(
    {
      functionName: "inceptionV3",
      name: () => "inception_v3",
      size: 299,
      leastSize: 75,
      namesPooling: false,
    },
    options,
  );
  let x = halved(convolved(image, [32, 3, 3, "halve"], [32, 3, 3, "valid"], [64, 3, 3]));
  x = halved(convolved(x, [80, 1, 1, "valid"], [192, 3, 3, "valid"]));
  for (const [i, poolFilters] of [32, 64, 64].entries()) x = fine(x, `mixed${i}`, poolFilters);
  x = joined(
    [convolved(x, [384, 3, 3, "halve"]), convolved(x, [64, 1, 1], [96, 3, 3], [96, 3, 3, "halve"]), halved(x)],
    "mixed3",
  );
  for (const [i, inner] of [128, 160, 160, 192].entries()) x = middle(x, `mixed${4 + i}`, inner);
  x = joined(
    [
      convolved(x, [192, 1, 1], [320, 3, 3, "halve"]),
      convolved(x, [192, 1, 1], [192, 1, 7], [192, 7, 1], [192, 3, 3, "halve"]),
      halved(x),
    ],
    "mixed8",
  );
  for (const index of [0, 1]) x = coarse(x, index);
  return finish(x, denseTop(globalAveragePooling2d({ name: "avg_pool" })));
}
