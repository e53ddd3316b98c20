// Settings of training in a newcomer's words, and what each begins with.
import type { TrainSettings } from "../../../contract/calls.js";

export const NETWORKS = [
  ["cnn", "Small CNN", "Three convolutions and a hidden layer, as in the lecture. The place to begin."],
  ["logistic", "Logistic regression", "Pixels and weights, no layers between: the baseline to beat."],
  ["resnet20", "ResNet-20", "Residual blocks: slower, and often better on small pictures."],
  ["lenet5", "LeNet-5", "The network of 1998, for pictures of 32x32."],
] as const;

export const AUGMENTATIONS = [
  ["none", "None", "Images as they are."],
  ["light", "Light", "Small shifts, turns and zooms, drawn anew each epoch."],
  ["photo", "Photo", "Mirrors and varies the light as well."],
] as const;

export const FIRST: TrainSettings = {
  model: "cnn",
  epochs: 15,
  batchSize: 64,
  learningRate: 1e-3,
  augment: "none",
  patience: 15,
  seed: 1,
};
