// What a known architecture is: its layers for images of a size and a number of classes, and how it is trained.
import type { Layer } from "../nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../nn/losses/index.js";
import { sparseTopKCategoricalAccuracy } from "../nn/metrics/index.js";
import type { CompileOptions } from "../nn/model/model.js";

export interface ApplicationOptions {
  /** Height and width of the images. */
  readonly imageSize: readonly [height: number, width: number];
  /** 1 for grey, 3 for RGB. */
  readonly channels: number;
  readonly classes: number;
}

export interface Application {
  readonly name: string;
  /** One line for help texts. */
  readonly title: string;
  /** Whether its outputs are logits rather than probabilities. */
  readonly fromLogits: boolean;
  /** Fresh layers, the input layer first; pixels go in as 0 to 255. */
  readonly layers: (options: ApplicationOptions) => Layer[];
}

/** Adam, sparse categorical crossentropy, accuracy and top-5: how classifiers are compiled unless told otherwise. */
export const defaultCompileOptions = ({ fromLogits }: { readonly fromLogits: boolean }): CompileOptions => ({
  optimizer: "adam",
  loss: sparseCategoricalCrossentropy({ fromLogits }),
  metrics: ["accuracy", sparseTopKCategoricalAccuracy({ k: 5 })],
});
