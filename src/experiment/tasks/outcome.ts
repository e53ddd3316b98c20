// Answers of a model about images whose targets are known, by task: the raw material of every figure and drawing.
import type { DetectionImage } from "./scores/detection/index.js";

/** Of a classification: the most probable class of each image. */
export interface ClassOutcome {
  readonly kind: "classification";
  readonly labels: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** The probability given to the predicted class, 0 to 1. */
  readonly confidence: ArrayLike<number>;
}

/** Of several labels: a probability for each image and label. */
export interface LabelOutcome {
  readonly kind: "multiLabel";
  readonly labels: number;
  /** `[images, labels]`, row by row: 1 where the image has the label. */
  readonly actual: Uint8Array;
  /** `[images, labels]`, row by row: probabilities. */
  readonly scores: Float32Array;
}

/** Of numbers: the prediction for each image and target. */
export interface NumberOutcome {
  readonly kind: "regression";
  readonly targets: number;
  /** `[images, targets]`, row by row. */
  readonly actual: Float32Array;
  readonly predicted: Float32Array;
  /** `[images]`; absent where all count the same. */
  readonly weight?: Float64Array | undefined;
}

/** Of a verification: pairs of images with their cosines. */
export interface PairOutcome {
  readonly kind: "verification";
  /** `[images]`, a number for each identity. */
  readonly identities: Int32Array;
  /** `[pairs]`, places of both images. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** `[pairs]`, 1 for images of one identity. */
  readonly same: Uint8Array;
  /** `[pairs]`, cosines of the embeddings. */
  readonly scores: Float64Array;
}

/** Of maps of classes: the class of each pixel. */
export interface MaskOutcome {
  readonly kind: "segmentation";
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  /** Pixels of one map. */
  readonly size: number;
  /** `[images, height, width]`: numbers of classes, or 255 where nothing counts. */
  readonly actual: Uint8Array;
  readonly predicted: Uint8Array;
}

/** Of objects: the true and the detected boxes of each image, in pixels of its file. */
export interface BoxOutcome {
  readonly kind: "detection";
  readonly classes: number;
  readonly images: readonly DetectionImage[];
}

export type Outcome = ClassOutcome | LabelOutcome | NumberOutcome | MaskOutcome | PairOutcome | BoxOutcome;
