// Residual blocks with and without their shortcut, computed in the worker: one block step by step, and the spread of values
// after each.
import { model as functional, tensor } from "fovea";
import { activations } from "fovea/explain";
import { activation, add, conv2d, input, rescaling, type SymbolicTensor } from "fovea/layers";
import type { Job } from "../engine/job.ts";
import { type PictureWish, picture } from "../engine/pictures.ts";
import { engineRuntime } from "../engine/runtime.ts";
import { BLOCK_CHANNELS, BLOCK_SIDE } from "./residual-shape.ts";

/** One map of one channel. */
export type Plane = Float32Array;

interface Asked {
  readonly image: Pick<PictureWish, "name" | "stamp">;
  readonly seed: number;
  readonly blocks: number;
  readonly shortcut: boolean;
  /** The block that is looked into, from 1, and the channel. */
  readonly block: number;
  readonly channel: number;
}

export interface ResidualFacts {
  /** The block's input x, the output of its two convolutions, their sum, and the block's output. */
  readonly block: Readonly<Record<"x" | "made" | "sum" | "out", Plane>>;
  /** The channel before the first block and after each. */
  readonly after: readonly Plane[];
  /** Standard deviation over all channels, before the first block and after each. */
  readonly spread: readonly number[];
}

const options = { padding: "same" } as const;

/** A layer's name for each step of a block. */
const stepName = (block: number, step: "relu" | "made" | "sum" | "out"): string => `block${block}_${step}`;

export const residual: Job<Asked, ResidualFacts> = async ({ image, seed, blocks, shortcut, block, channel }) => {
  const { data } = await picture({ ...image, color: "grayscale", size: [BLOCK_SIDE, BLOCK_SIDE] });
  const pixels = input([BLOCK_SIDE, BLOCK_SIDE, 1]);
  const stem = conv2d(BLOCK_CHANNELS, 3, { ...options, activation: "relu", name: "stem" });
  let x: SymbolicTensor = stem.apply(rescaling(1 / 255).apply(pixels));
  for (let n = 1; n <= blocks; n++) {
    const first = conv2d(BLOCK_CHANNELS, 3, { ...options, activation: "relu", name: stepName(n, "relu") }).apply(x);
    const made = conv2d(BLOCK_CHANNELS, 3, { ...options, name: stepName(n, "made") }).apply(first);
    const sum = shortcut ? add({ name: stepName(n, "sum") }).apply([x, made]) : made;
    x = activation("relu", { name: stepName(n, "out") }).apply(sum);
  }
  const net = functional({ inputs: pixels, outputs: x, seed, runtime: engineRuntime() });
  const outs = Array.from({ length: blocks }, (_, i) => stepName(i + 1, "out"));
  const sumName = stepName(block, shortcut ? "sum" : "made");
  try {
    const images = tensor(data, [1, BLOCK_SIDE, BLOCK_SIDE, 1], "uint8");
    const found = await activations(net, images, [...new Set(["stem", stepName(block, "made"), sumName, ...outs])]);
    const plane = (name: string): Plane => found.get(name)!.data.filter((_, at) => at % BLOCK_CHANNELS === channel);
    return {
      block: {
        x: plane(block === 1 ? "stem" : stepName(block - 1, "out")),
        made: plane(stepName(block, "made")),
        sum: plane(sumName),
        out: plane(stepName(block, "out")),
      },
      after: ["stem", ...outs].map(plane),
      spread: ["stem", ...outs].map((name) => spreadOf(found.get(name)!.data)),
    };
  } finally {
    await net.close();
  }
};

function spreadOf(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
