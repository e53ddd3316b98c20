// Settings of quick start's training, where nobody says them: the base that suits how the examples came.

import type { ExampleClass } from "../../../contract/example-calls.js";
import type { NetworkChoice } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";

/** Bases for photos, the one of the package first. */
const PHOTO_BASES = ["photos", "mobilenet_v2", "mobilenet", "efficientnet_b0"];
const HANDWRITING = "hanzi";

/** True where most examples were drawn. */
function areDrawn(classes: readonly ExampleClass[]): boolean {
  const all = classes.flatMap(({ examples }) => examples);
  return all.filter(({ source }) => source === "drawn").length * 2 > all.length;
}

/** The network for some examples: the opened model, a base that is here, else a small network from nothing. */
export function usualBase(
  classes: readonly ExampleClass[],
  networks: readonly NetworkChoice[],
  from: string | undefined,
): string {
  if (from !== undefined) return "model";
  if (areDrawn(classes)) return HANDWRITING;
  const here = networks.filter(({ isBase, missing, name }) => isBase && missing === undefined && name !== HANDWRITING);
  const quick = PHOTO_BASES.find((name) => here.some((base) => base.name === name));
  return quick ?? here[0]?.name ?? "cnn";
}

/** A new head sees few examples in few steps: larger ones bring it as far. Images are varied as the base has it. */
const HEAD = { learningRate: 5e-3, augment: "none" } as const;

interface Wish {
  readonly classes: readonly ExampleClass[];
  readonly networks: readonly NetworkChoice[];
  /** The project of the opened model that is trained further. */
  readonly from: string | undefined;
  /** The network that somebody has chosen; undefined for the usual one. */
  readonly base: string | undefined;
  readonly epochs: number;
}

export function quickSettings({ classes, networks, from, base, epochs }: Wish): TrainSettings {
  const model = base ?? usualBase(classes, networks, from);
  const common = { model, epochs, batchSize: 16, patience: epochs, seed: 1 } as const;
  if (model === "model" && from !== undefined) return { ...common, ...HEAD, from };
  const isBase = networks.some(({ name, isBase: is }) => name === model && is);
  if (isBase) return { ...common, ...HEAD };
  return {
    ...common,
    learningRate: 1e-3,
    augment: "light",
    imageSize: [64, 64],
    color: areDrawn(classes) ? "grayscale" : "rgb",
  };
}
