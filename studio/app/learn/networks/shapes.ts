// The images that each architecture was made for, and its number of classes.
import type { NetworkName } from "./facts.ts";

export interface NetworkShape {
  readonly imageSize: readonly [height: number, width: number];
  readonly channels: number;
  readonly classes: number;
}

export const SHAPES: Readonly<Record<Exclude<NetworkName, "hanzi">, NetworkShape>> = {
  lenet5: { imageSize: [32, 32], channels: 1, classes: 10 },
  alexnet: { imageSize: [227, 227], channels: 3, classes: 1000 },
  cnn: { imageSize: [80, 60], channels: 1, classes: 55 },
};
