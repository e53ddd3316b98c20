// Answers of models about one part of the data, by task: a union with the task's kind as tag. Plain data; figures are computed
// where predictions are (experiment/tasks/scores), pages draw them.
import type { ImageFacts } from "./image-facts.js";

/** The evaluation of a model, by the kind of its task. */
export type EvaluationFacts =
  | ClassificationFacts
  | RegressionFacts
  | MultiLabelFacts
  | SegmentationFacts
  | VerificationFacts
  | DetectionFacts;

/** Answers of the model about each image of one part of the data. Files of before there were tasks have no tag. */
export interface ClassificationFacts {
  readonly kind: "classification";
  readonly split: string;
  readonly labels: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** The probability given to the predicted class, 0 to 1. */
  readonly confidence: ArrayLike<number>;
}

/** Numbers that were predicted, each with its figures. */
export interface RegressionFacts {
  readonly kind: "regression";
  readonly split: string;
  readonly targets: readonly TargetFacts[];
}

/** One number that a model predicts: all rows, and what can be said of them. */
export interface TargetFacts {
  readonly name: string;
  /** The unit of the number: `€`, `dents`. */
  readonly unit?: string;
  /** The name of the deviance that D2 is the share of: `gamma deviance`. */
  readonly deviance: string;
  /** The column that weighs the rows; numbers are per unit of it where it is an exposure. */
  readonly weight?: string;
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** Residuals of the deviance, of about one spread wherever the prediction lies. */
  readonly residuals: ArrayLike<number>;
  readonly figures: TargetFigures;
  /** A constant in the model's place, the mean of the training targets say, and what it reaches. */
  readonly baseline: { readonly value: number } & Pick<TargetFigures, "d2" | "rmse" | "mae" | "deviance">;
  readonly deciles: readonly DecileFacts[];
  /** Kind of the deciles' intervals: of a Poisson count (Garwood), or of a ratio of sums (Cochran). */
  readonly intervals: "count" | "ratio";
  /** Curves of the predicted and of the perfect order; absent where the numbers have no such order. */
  readonly lorenz?: { readonly model: CurveFacts; readonly perfect: CurveFacts };
  /** The largest deviance first. */
  readonly misses: readonly MissFacts[];
}

export interface TargetFigures {
  readonly d2: number;
  readonly rmse: number;
  readonly mae: number;
  /** The mean deviance. */
  readonly deviance: number;
  readonly meanActual: number;
  readonly meanPredicted: number;
  readonly gini?: number;
  readonly normalizedGini?: number;
}

/** A tenth of the exposure, the lowest predictions first. */
export interface DecileFacts {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly weight: number;
  readonly actual: number;
  readonly predicted: number;
  readonly lift: number;
  /** Actual over expected, and its 95 % interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** A Lorenz curve, from (0, 0) to (1, 1). */
export interface CurveFacts {
  readonly exposure: ArrayLike<number>;
  readonly amount: ArrayLike<number>;
}

/** One image whose number was predicted badly. */
export interface MissFacts {
  readonly actual: number;
  readonly predicted: number;
  readonly image?: ImageFacts;
  readonly file?: string;
}

/** Labels of which an image may have several. */
export interface MultiLabelFacts {
  readonly kind: "multiLabel";
  readonly split: string;
  readonly labelNames: readonly string[];
  readonly images: number;
  /** One for each name. */
  readonly labels: readonly LabelFacts[];
  /** Means over labels, and all decisions counted alike. */
  readonly macro: LabelFigures;
  readonly micro: LabelFigures;
  /** The share of images of which every label is right. */
  readonly exact: number;
  /**
   * Errors on the same image, `[labels + 1, labels + 1]` row-major: rows are labels that were missed, columns those said
   * falsely; the last row and column stand for none.
   */
  readonly errors: ArrayLike<number>;
  /** Number of images with a wrong label. */
  readonly wrong: number;
  /** Of each image 1 where every label is right, else 0; absent in older files. */
  readonly rights?: ArrayLike<number>;
  /** The most wrong first. */
  readonly misses: readonly LabelMissFacts[];
}

export interface LabelFigures {
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Absent where all images have the label, or none. */
  readonly auc?: number;
  readonly averagePrecision?: number;
}

export interface LabelFacts extends LabelFigures {
  /** A score above it means yes. */
  readonly threshold: number;
}

/** One image with wrong labels, by their positions. */
export interface LabelMissFacts {
  readonly right: readonly number[];
  readonly missed: readonly number[];
  readonly falsely: readonly number[];
  readonly image?: ImageFacts;
  readonly file?: string;
}

/** Pairs of images that are of one identity or of two. */
export interface VerificationFacts {
  readonly kind: "verification";
  readonly split: string;
  readonly images: number;
  readonly identities: number;
  readonly pairs: { readonly same: number; readonly others: number };
  /** Cosine from which a pair counts as of one identity. */
  readonly threshold: number;
  /** Figures by the keys of `train --json`: `eer`, `auc`, `tar_at_far_1e_3`, `far`, `frr`. */
  readonly figures: Readonly<Record<string, number>>;
  /** The ROC curve, from (0, 0) to (1, 1). */
  readonly curve: { readonly falseAcceptances: ArrayLike<number>; readonly trueAcceptances: ArrayLike<number> };
  /** Number of pairs by their cosine, in bins of equal width between two cosines. */
  readonly scores: {
    readonly from: number;
    readonly to: number;
    readonly same: ArrayLike<number>;
    readonly others: ArrayLike<number>;
  };
  /** Pairs of one identity below the threshold, the lowest cosine first. */
  readonly missed: readonly PairFacts[];
  /** Pairs of two identities above the threshold, the highest cosine first. */
  readonly falsely: readonly PairFacts[];
}

/** Two images with the cosine of their embeddings. */
export interface PairFacts {
  readonly score: number;
  readonly first: { readonly image?: ImageFacts; readonly file?: string };
  readonly second: { readonly image?: ImageFacts; readonly file?: string };
}

/** Maps of classes, held against masks. */
export interface SegmentationFacts {
  readonly kind: "segmentation";
  readonly split: string;
  readonly classNames: readonly string[];
  readonly images: number;
  /** Pixels, `[classes, classes]` row-major: rows are true classes, columns predicted ones. */
  readonly confusion: ArrayLike<number>;
  /** One for each name. */
  readonly classes: readonly ClassOverlapFacts[];
  /** Means over the classes that occur. */
  readonly meanIou: number;
  readonly dice: number;
  /** The share of pixels that are right. */
  readonly pixelAccuracy: number;
  /** The mean IoU of each image. */
  readonly overlaps: ArrayLike<number>;
  /** The images with the least overlap, the worst first. */
  readonly shown: readonly MaskFacts[];
}

export interface ClassOverlapFacts {
  /** Pixels of the class, and those that were predicted as such. */
  readonly pixels: number;
  readonly predicted: number;
  /** Absent for a class that neither occurs nor is predicted. */
  readonly iou?: number;
  readonly dice?: number;
}

/** One image with its true and its predicted map: one channel, numbers of classes, 255 where the truth says none. */
export interface MaskFacts {
  readonly iou: number;
  readonly truth: ImageFacts;
  readonly said: ImageFacts;
  readonly image?: ImageFacts;
  readonly file?: string;
}

/** Objects that were detected, held against those that are there. */
export interface DetectionFacts {
  readonly kind: "detection";
  readonly split: string;
  readonly classNames: readonly string[];
  /** Score above which detections are told: what errors are counted at. */
  readonly score: number;
  readonly images: number;
  /** COCO's figures by their names, such as `ap50`; without those that nothing defines. */
  readonly figures: Readonly<Record<string, number>>;
  /** One for each name. */
  readonly classes: readonly ClassDetectionFacts[];
  /**
   * Objects, `[classes + 1, classes + 1]` row-major: rows are true classes, columns detected ones; the last row and column stand for
   * the background.
   */
  readonly confusion: ArrayLike<number>;
  /** Of each image the objects that were missed, invented or taken for others. */
  readonly errors: ArrayLike<number>;
  /** The images with the most errors first. */
  readonly shown: readonly BoxImageFacts[];
}

export interface ClassDetectionFacts {
  /** True objects, and those that were told. */
  readonly truths: number;
  readonly told: number;
  readonly figures: Readonly<Record<string, number>>;
  /** At the score, by the confusion; absent where nothing was told, and where there is none. */
  readonly precision?: number;
  readonly recall?: number;
  /** Precision at recalls 0, 0.01, ..., 1 at an overlap of 0.5; absent without true objects. */
  readonly curve?: ArrayLike<number>;
}

/** One image with its boxes. */
export interface BoxImageFacts {
  readonly missed: number;
  readonly invented: number;
  readonly confused: number;
  readonly boxes: readonly ShownBoxFacts[];
  readonly image?: ImageFacts;
  readonly file?: string;
}

export interface ShownBoxFacts {
  readonly classIndex: number;
  /** Left edge, top edge, width and height as shares of the image. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** A true object that was found or missed; a detection that is right, taken for another class, or of nothing. */
  readonly outcome: "true" | "missed" | "right" | "confused" | "invented";
  /** Of a detection. */
  readonly score?: number;
}
