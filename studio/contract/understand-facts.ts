// Facts of what a run's model gets right and wrong: classes, referral, slices, labels, images alike. Plain data.
import type { JudgedImage } from "./facts.js";

/** A share that was counted, with its 95 % interval. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** One class of a classification, in the order of the class names. */
export interface ClassFacts {
  readonly classIndex: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Images of the class, images taken for it, and those of both. */
  readonly support: number;
  readonly chosen: number;
  readonly right: number;
  readonly intervals: { readonly precision: Share; readonly recall: Share };
}

/** The effect of a threshold of confidence on some images. */
export interface ReferralFacts {
  readonly threshold: number;
  readonly referred: number;
  readonly decided: number;
  readonly wrong: number;
  /** Of what the model decides at most this share is wrong, with 95 % confidence. */
  readonly bound: number;
}

/** Images with something in common. */
export interface SliceFacts extends Share {
  /** Name in addresses; the same for the same slice. */
  readonly id: string;
  readonly attribute: string;
  readonly value: string;
  readonly right: number;
  readonly count: number;
  /** Places of its images among the judged ones. */
  readonly images: readonly number[];
}

/** A classification of the images of one part, taken apart. */
export interface Breakdown {
  readonly judged: readonly JudgedImage[];
  readonly accuracy: Share;
  readonly classes: readonly ClassFacts[];
  /** By thresholds from 0 to 1, a hundredth apart. */
  readonly referral: readonly ReferralFacts[];
  /** The worst first. */
  readonly slices: readonly SliceFacts[];
  /** True where slices by size and brightness are missing, for nobody has looked at all images. */
  readonly isUnseen: boolean;
}

/** One label of images that may have several. */
export interface LabelRow {
  readonly label: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
  readonly threshold: number;
  readonly auc?: number;
}

/** One image with labels by their positions: said rightly, missed, and said falsely. */
export interface LabelledImage {
  readonly index?: number;
  readonly file: string;
  readonly right: readonly number[];
  readonly missed: readonly number[];
  readonly falsely: readonly number[];
  /** Distance of the most wrong label from its threshold. */
  readonly wrongBy: number;
}

/** Images with several labels, the most wrong first. */
export interface Labelled {
  readonly labelNames: readonly string[];
  readonly labels: readonly LabelRow[];
  /** The share of images of which every label is right. */
  readonly exact: Share;
  readonly images: readonly LabelledImage[];
}

/** Training images that a run's model takes for alike. */
export interface Neighbours {
  readonly images: readonly {
    readonly index?: number;
    readonly file: string;
    readonly label: string;
    /** Cosine of both vectors of features, at most 1. */
    readonly similarity: number;
  }[];
  /** Training images that were compared, and all that there are. */
  readonly compared: number;
  readonly total: number;
}

/** A tenth of the images of a number, the lowest predictions first. */
export interface Decile {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly actual: number;
  readonly predicted: number;
  /** Actual over predicted, and its 95 % interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}
