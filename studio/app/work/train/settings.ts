// Settings of training in a newcomer's words, and what each begins with.
import type { TrainSettings } from "../../../contract/training-calls.js";

/** Advice to a newcomer about the networks to begin with; others have their titles. */
export const ADVICE: Readonly<Record<string, readonly [title: string, sentence: string]>> = {
  model: ["The opened model", "All of it before the layer that decides; a new one learns your classes."],
  cnn: ["Small CNN", "Three convolutions and a hidden layer, as in the lecture. The place to begin."],
  logistic: ["Logistic regression", "Pixels and weights, no layers between: the baseline to beat."],
  resnet20: ["ResNet-20", "Residual blocks: slower, and often better on small pictures."],
  hanzi: ["Handwriting base", "Trained on 600 characters; a new head learns from a few examples per class."],
  photos: [
    "Photo base",
    "Fovea's own, distilled from MobileNetV2; a new head learns from some dozens of photos per class.",
  ],
  mobilenet_v2: ["MobileNetV2 base", "Trained on a million photos; a new head learns from some dozens per class."],
};

export const AUGMENTATIONS = [
  ["none", "None", "Images as they are."],
  ["light", "Light", "Small shifts, turns and zooms, drawn again in each epoch."],
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

/** Settings of which only those count that decide how images are seen and what is predicted: the others are the first ones. */
export const lookOnly = ({ target, task, loss, imageSize, color }: TrainSettings): TrainSettings => ({
  ...FIRST,
  target,
  task,
  loss,
  imageSize,
  color,
});
