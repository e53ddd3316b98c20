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
  /** The kind of facts. */
  readonly kind: "classification";
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** True class of each image, by number. */
  readonly labels: ArrayLike<number>;
  /** Predicted value of each row, or their mean. */
  readonly predicted: ArrayLike<number>;
  /** The probability given to the predicted class, 0 to 1. */
  readonly confidence: ArrayLike<number>;
}

/** Numbers that were predicted, each with its figures. */
export interface RegressionFacts {
  /** The kind of facts. */
  readonly kind: "regression";
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** The predicted numbers, column by column. */
  readonly targets: readonly TargetFacts[];
}

/** One number that a model predicts: all rows, and what can be said of them. */
export interface TargetFacts {
  /** The name that pages show. */
  readonly name: string;
  /** The unit of the number: `€`, `dents`. */
  readonly unit?: string;
  /** The name of the deviance that D2 is the share of: `gamma deviance`. */
  readonly deviance: string;
  /** The column that weighs the rows; numbers are per unit of it where it is an exposure. */
  readonly weight?: string;
  /** True value of each row, or their mean. */
  readonly actual: ArrayLike<number>;
  /** Predicted value of each row, or their mean. */
  readonly predicted: ArrayLike<number>;
  /** Residuals of the deviance, of about one spread wherever the prediction lies. */
  readonly residuals: ArrayLike<number>;
  /** Figures by the keys of `train --json`. */
  readonly figures: TargetFigures;
  /** A constant in the model's place, the mean of the training targets say, and what it reaches. */
  readonly baseline: { readonly value: number } & Pick<TargetFigures, "d2" | "rmse" | "mae" | "deviance">;
  /** Tenths of the exposure. */
  readonly deciles: readonly DecileFacts[];
  /** Kind of the deciles' intervals: of a Poisson count (Garwood), or of a ratio of sums (Cochran). */
  readonly intervals: "count" | "ratio";
  /** Curves of the predicted and of the perfect order; absent where the numbers have no such order. */
  readonly lorenz?: { readonly model: CurveFacts; readonly perfect: CurveFacts };
  /** The largest deviance first. */
  readonly misses: readonly MissFacts[];
}

/** Figures of one predicted number. */
export interface TargetFigures {
  /** Share of the deviance that is explained; 1 is perfect. */
  readonly d2: number;
  /** Root of the mean squared error, in the unit of the number. */
  readonly rmse: number;
  /** Mean absolute error, in the unit of the number. */
  readonly mae: number;
  /** The mean deviance. */
  readonly deviance: number;
  /** Mean of the true values. */
  readonly meanActual: number;
  /** Mean of the predicted values. */
  readonly meanPredicted: number;
  /** Gini index of the predicted order; absent where none is defined. */
  readonly gini?: number;
  /** Gini index over that of the perfect order; absent where none is defined. */
  readonly normalizedGini?: number;
}

/** A tenth of the exposure, the lowest predictions first. */
export interface DecileFacts {
  /** Number, from 1. */
  readonly number: number;
  /** Lowest prediction. */
  readonly from: number;
  /** Highest prediction. */
  readonly to: number;
  /** Number of rows. */
  readonly rows: number;
  /** Sum of the weights. */
  readonly weight: number;
  /** True value of each row, or their mean. */
  readonly actual: number;
  /** Predicted value of each row, or their mean. */
  readonly predicted: number;
  /** Mean over the mean of all. */
  readonly lift: number;
  /** Actual over expected, and its 95 % interval. */
  readonly ratio: number;
  /** Lower end of the interval of 95 %. */
  readonly low: number;
  /** Upper end of the interval of 95 %. */
  readonly high: number;
}

/** A Lorenz curve, from (0, 0) to (1, 1). */
export interface CurveFacts {
  /** Shares of the exposure, ascending. */
  readonly exposure: ArrayLike<number>;
  /** Shares of the amount, ascending. */
  readonly amount: ArrayLike<number>;
}

/** One image whose number was predicted badly. */
export interface MissFacts {
  /** True value of each row, or their mean. */
  readonly actual: number;
  /** Predicted value of each row, or their mean. */
  readonly predicted: number;
  /** The image, reduced; absent where pages show none. */
  readonly image?: ImageFacts;
  /** Path of the image; absent where it has none. */
  readonly file?: string;
}

/** Labels of which an image may have several. */
export interface MultiLabelFacts {
  /** The kind of facts. */
  readonly kind: "multiLabel";
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** Names of the labels, by number. */
  readonly labelNames: readonly string[];
  /** Number of images. */
  readonly images: number;
  /** One for each name. */
  readonly labels: readonly LabelFacts[];
  /** Means over labels, and all decisions counted alike. */
  readonly macro: LabelFigures;
  /** Figures of all decisions counted alike. */
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

/** Figures of a label, or means over labels. */
export interface LabelFigures {
  /** Number of samples that truly have it. */
  readonly support: number;
  /** Share of right answers among those of the class or label, from 0 to 1. */
  readonly precision: number;
  /** Share of the class or label that was found, from 0 to 1. */
  readonly recall: number;
  /** Harmonic mean of precision and recall, from 0 to 1. */
  readonly f1: number;
  /** Absent where all images have the label, or none. */
  readonly auc?: number;
  /** Area under precision over recall, from 0 to 1; absent where nothing defines it. */
  readonly averagePrecision?: number;
}

/** A label with its threshold and figures. */
export interface LabelFacts extends LabelFigures {
  /** A score above it means yes. */
  readonly threshold: number;
}

/** One image with wrong labels, by their positions. */
export interface LabelMissFacts {
  /** Labels that are right, by number. */
  readonly right: readonly number[];
  /** Those that were missed. */
  readonly missed: readonly number[];
  /** Labels that were said falsely, by number. */
  readonly falsely: readonly number[];
  /** The image, reduced; absent where pages show none. */
  readonly image?: ImageFacts;
  /** Path of the image; absent where it has none. */
  readonly file?: string;
}

/** Pairs of images that are of one identity or of two. */
export interface VerificationFacts {
  /** The kind of facts. */
  readonly kind: "verification";
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** Number of images. */
  readonly images: number;
  /** Number of identities. */
  readonly identities: number;
  /** Pairs, each with its comparison or its counts. */
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
  /** The score. */
  readonly score: number;
  /** The first of the two. */
  readonly first: { readonly image?: ImageFacts; readonly file?: string };
  /** The second of the two. */
  readonly second: { readonly image?: ImageFacts; readonly file?: string };
}

/** Maps of classes, held against masks. */
export interface SegmentationFacts {
  /** The kind of facts. */
  readonly kind: "segmentation";
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** Names of the classes, by number. */
  readonly classNames: readonly string[];
  /** Number of images. */
  readonly images: number;
  /** Pixels, `[classes, classes]` row-major: rows are true classes, columns predicted ones. */
  readonly confusion: ArrayLike<number>;
  /** One for each name. */
  readonly classes: readonly ClassOverlapFacts[];
  /** Means over the classes that occur. */
  readonly meanIou: number;
  /** Twice the intersection over the sum of both areas, from 0 to 1. */
  readonly dice: number;
  /** The share of pixels that are right. */
  readonly pixelAccuracy: number;
  /** The mean IoU of each image. */
  readonly overlaps: ArrayLike<number>;
  /** The images with the least overlap, the worst first. */
  readonly shown: readonly MaskFacts[];
}

/** Overlap of one class's true and predicted pixels. */
export interface ClassOverlapFacts {
  /** Pixels of the class, and those that were predicted as such. */
  readonly pixels: number;
  /** Predicted value of each row, or their mean. */
  readonly predicted: number;
  /** Absent for a class that neither occurs nor is predicted. */
  readonly iou?: number;
  /** Twice the intersection over the sum of both areas, from 0 to 1. */
  readonly dice?: number;
}

/** One image with its true and its predicted map: one channel, numbers of classes, 255 where the truth says none. */
export interface MaskFacts {
  /** Intersection over union, from 0 to 1. */
  readonly iou: number;
  /** The true map. */
  readonly truth: ImageFacts;
  /** The predicted map. */
  readonly said: ImageFacts;
  /** The image, reduced; absent where pages show none. */
  readonly image?: ImageFacts;
  /** Path of the image; absent where it has none. */
  readonly file?: string;
}

/** Objects that were detected, held against those that are there. */
export interface DetectionFacts {
  /** The kind of facts. */
  readonly kind: "detection";
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** Names of the classes, by number. */
  readonly classNames: readonly string[];
  /** Score above which detections count, also for the errors. */
  readonly score: number;
  /** Number of images. */
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

/** Detections of one class, held against its true objects. */
export interface ClassDetectionFacts {
  /** True objects, and the detected ones. */
  readonly truths: number;
  /** Number that was reported. */
  readonly told: number;
  /** Figures by the keys of `train --json`. */
  readonly figures: Readonly<Record<string, number>>;
  /** At the score, by the confusion; absent where nothing was detected, and where there is none. */
  readonly precision?: number;
  /** Share of the class or label that was found, from 0 to 1. */
  readonly recall?: number;
  /** Precision at recalls 0, 0.01, ..., 1 at an overlap of 0.5; absent without true objects. */
  readonly curve?: ArrayLike<number>;
}

/** One image with its boxes. */
export interface BoxImageFacts {
  /** Those that were missed. */
  readonly missed: number;
  /** Detections where nothing is. */
  readonly invented: number;
  /** Objects taken for another class. */
  readonly confused: number;
  /** True and detected boxes. */
  readonly boxes: readonly ShownBoxFacts[];
  /** The image, reduced; absent where pages show none. */
  readonly image?: ImageFacts;
  /** Path of the image; absent where it has none. */
  readonly file?: string;
}

/** A box as pages draw it. */
export interface ShownBoxFacts {
  /** Number of the class, from 0. */
  readonly classIndex: number;
  /** Left edge, top edge, width and height as shares of the image. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** A true object that was found or missed; a detection that is right, taken for another class, or of nothing. */
  readonly outcome: "true" | "missed" | "right" | "confused" | "invented";
  /** Of a detection. */
  readonly score?: number;
}
