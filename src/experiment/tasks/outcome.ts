// Answers of a model about images whose targets are known, by task: the raw material of every figure and drawing.
import type { DetectionImage } from "./scores/detection/index.js";

/** Of a classification: the most probable class of each image. */
export interface ClassOutcome {
  /** Task that the answers are of. */
  readonly kind: "classification";
  /** `[images]`, the true class of each image, counted from 0. */
  readonly labels: ArrayLike<number>;
  /** `[images]`, the most probable class of each image, counted from 0. */
  readonly predicted: ArrayLike<number>;
  /** The probability given to the predicted class, 0 to 1. */
  readonly confidence: ArrayLike<number>;
}

/** Of several labels: a probability for each image and label. */
export interface LabelOutcome {
  /** Task that the answers are of. */
  readonly kind: "multiLabel";
  /** Number of labels. */
  readonly labels: number;
  /** `[images, labels]`, row by row: 1 where the image has the label. */
  readonly actual: Uint8Array;
  /** `[images, labels]`, row by row: probabilities. */
  readonly scores: Float32Array;
}

/** Of numbers: the prediction for each image and target. */
export interface NumberOutcome {
  /** Task that the answers are of. */
  readonly kind: "regression";
  /** Number of targets. */
  readonly targets: number;
  /** `[images, targets]`, row by row: true numbers in the unit of each target. */
  readonly actual: Float32Array;
  /** `[images, targets]`, row by row: predictions in the same units. */
  readonly predicted: Float32Array;
  /** `[images]`, factor of each image in figures; absent where all count the same. */
  readonly weight?: Float64Array | undefined;
}

/** Of a verification: pairs of images with their cosines. */
export interface PairOutcome {
  /** Task that the answers are of. */
  readonly kind: "verification";
  /** `[images]`, a number for each identity. */
  readonly identities: Int32Array;
  /** `[pairs]`, index of the first image of each pair. */
  readonly first: Int32Array;
  /** `[pairs]`, index of the second image of each pair. */
  readonly second: Int32Array;
  /** `[pairs]`, 1 for images of one identity. */
  readonly same: Uint8Array;
  /** `[pairs]`, cosines of the embeddings. */
  readonly scores: Float64Array;
}

/** Of maps of classes: the class of each pixel. */
export interface MaskOutcome {
  /** Task that the answers are of. */
  readonly kind: "segmentation";
  /** Number of classes. */
  readonly classes: number;
  /** Height of a map in pixels, that of the model's output. */
  readonly height: number;
  /** Width of a map in pixels. */
  readonly width: number;
  /** Pixels of one map. */
  readonly size: number;
  /** `[images, height, width]`: numbers of classes, or 255 where nothing counts. */
  readonly actual: Uint8Array;
  /** `[images, height, width]`: the most probable class of each pixel. */
  readonly predicted: Uint8Array;
}

/** Of objects: the true and the detected boxes of each image, in pixels of its file. */
export interface BoxOutcome {
  /** Task that the answers are of. */
  readonly kind: "detection";
  /** Number of classes. */
  readonly classes: number;
  /** True and detected boxes of each image. */
  readonly images: readonly DetectionImage[];
}

/** Answers about images beside their targets, of any task; `kind` says of which. */
export type Outcome = ClassOutcome | LabelOutcome | NumberOutcome | MaskOutcome | PairOutcome | BoxOutcome;
