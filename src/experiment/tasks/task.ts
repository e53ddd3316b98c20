// The record of a task: what kind of answer a model gives about an image, and all that follows from it. One record a task;
// index.ts has the total table of them, and nothing outside of this folder asks which task it is.
import type { Interval } from "../../core/statistics/index.js";
import type { Tensor, TensorType } from "../../core/tensor.js";
import type { Targets } from "../../data/index.js";
import type { TaskFactsOf, TaskKind } from "../../formats/run/task.js";
import type { Layer } from "../../nn/layers/index.js";
import type { Loss, LossLike } from "../../nn/losses/index.js";
import type { MetricLike } from "../../nn/metrics/index.js";
import type { Model } from "../../nn/model/model.js";
import type { AttentionCaption, EvaluationFacts, ImageFacts } from "../../report/facts.js";
import type { Answering } from "./answers.js";
import type { Judging } from "./judging.js";
import type { Outcome } from "./outcome.js";

/** Kind of the targets that each task learns from. */
export interface TargetKindOf {
  readonly classification: "classes";
  readonly multiLabel: "labels";
  readonly regression: "numbers";
  readonly verification: "classes";
  readonly segmentation: "masks";
  readonly detection: "boxes";
}
/** The targets of one task. */
export type TargetsOf<K extends TaskKind> = Extract<Targets, { readonly kind: TargetKindOf[K] }>;

/** Quantity of a history that training may watch, and how people read it. */
export interface Monitor {
  /** Keras's key, without `val_`. */
  readonly key: string;
  readonly direction: "up" | "down";
  /** Name in headings and sentences: `Top 5 Accuracy`. */
  readonly title: string;
  /** Name where room is short: `top-5`. */
  readonly short: string;
  /** True for a share from 0 to 1, which is shown in percent and drawn up to 1. */
  readonly isShare: boolean;
  /** True for figures of the finished model, which no history has. */
  readonly isFinal?: true;
}

/** The loss, which every task watches. */
export const LOSS_MONITOR: Monitor = { key: "loss", direction: "down", title: "Loss", short: "loss", isShare: false };

/** Choices of a user that decide about a task's facts and objective. */
export interface TaskWish {
  /** Name of the loss; default: the task's own. */
  readonly loss?: string | undefined;
  /** Power of a Tweedie deviance, between 1 and 2. Default 1.5. */
  readonly power?: number | undefined;
  /** Strength of the L2 penalty on the last layer, as scikit-learn's generalized linear models mean `alpha`. Default 0. */
  readonly l2?: number | undefined;
  /** Strength by the link of the loss where `l2` says none: a model's own default. */
  readonly usualL2?: Readonly<Record<TaskFactsOf<"regression">["link"], number>> | undefined;
  /** Factor of the penalty itself, of a recipe that does not tell its strength; `l2` wins. */
  readonly penalty?: number | undefined;
}

/** A loss along the output of a model's last layer, before its link. It is convex. */
export type Curve = (
  actual: number,
  linear: number,
) => { readonly value: number; readonly slope: number; readonly bend: number };

/** Loss of a linear model as a convex function of its weights. */
export interface ConvexLoss {
  /** Loss of each output; the loss of a row is their mean. */
  readonly curves: readonly Curve[];
  /** Factor of the squares of all weights but the biases. */
  readonly penalty: number;
}

/** Loss and metrics that a model is compiled with. */
export interface Objective {
  readonly loss: LossLike;
  readonly metrics: readonly MetricLike[];
}

/** Rows of targets, with the weight of each where they have some. */
export interface Judged<K extends TaskKind> {
  readonly targets: TargetsOf<K>;
  /** Places of the rows within the targets. */
  readonly rows: Int32Array;
  /** Weight of each image of the targets in losses and figures. */
  readonly weight?: Float64Array | undefined;
  /** Names of the images of the targets, for messages. */
  readonly files?: readonly string[] | undefined;
}

/** Source of targets: the manifest's columns, where there is one. */
export interface TargetColumns {
  /** Columns of the targets; absent where folders are the classes. */
  readonly columns?: readonly string[] | undefined;
  /** Column of exposures that divided the targets. */
  readonly exposure?: string | undefined;
}

/** Settings of training by the names of options. */
export interface UsualSettings {
  readonly model: string;
  readonly batchSize: number;
  readonly learningRate?: number;
  readonly schedule?: "cosine";
  readonly augment?: "upright";
}

export interface Task<K extends TaskKind> extends Answering<K, TaskFactsOf<K>>, Judging<K, TaskFactsOf<K>> {
  readonly kind: K;
  /** Noun for the model of such a task: "classifier". */
  readonly model: string;
  readonly targetKind: TargetKindOf[K];
  /** Settings of training where nobody says others, for outputs of many numbers an image. Default: those of the command. */
  readonly usual?: UsualSettings;
  /** True where each part of the data has classes of its own. */
  readonly hasOwnClasses?: true;
  /** True where answers are told in pixels of the image's file, whose size is read then. */
  readonly needsSizes?: true;
  /** Words for one of its targets, and for several. */
  readonly nouns: readonly [noun: string, nouns: string];
  /** Outputs in a few words: `55 classes`, `cost`. */
  described(facts: TaskFactsOf<K>): string;
  /** Losses that a user may name, the default first. */
  readonly losses: readonly string[];
  /**
   * The task of some data, as a recipe says it.
   * @throws FoveaError for targets that the wished loss has no meaning for
   */
  describe(train: Judged<K>, source: TargetColumns, wish: TaskWish): TaskFactsOf<K>;
  /** Wish for the data that a model of the task is judged by: its kind and columns. */
  columnsOf(facts: TaskFactsOf<K>): {
    readonly task: K;
    readonly target?: readonly string[];
    readonly exposure?: boolean;
  };
  /** Choices that lead to a loss and to facts: those of a recipe, for other data. */
  wishOf(loss: Loss, facts: TaskFactsOf<K>): TaskWish;
  /** A loss by which a linear model can be solved; undefined where it is not smooth. */
  convexLoss(loss: Loss, facts: TaskFactsOf<K>): ConvexLoss | undefined;
  /** Type of one sample's targets. */
  targetType(targets: TargetsOf<K>): TensorType;
  /** Targets of some rows, `[rows, ...]`. */
  targetRows(targets: TargetsOf<K>, rows: Int32Array): Tensor;
  /** True where the head is one dense layer of logits under crossentropy, which logistic regression solves. */
  readonly hasLogisticHead?: true;
  /** Layers that make answers of features, with fresh weights. */
  head(facts: TaskFactsOf<K>): readonly Layer[];
  /** The same for known architectures; undefined where the architecture's own end does. */
  applicationHead(facts: TaskFactsOf<K>): readonly Layer[] | undefined;
  /** Loss and metrics by default, or with the loss of a wish. */
  objective(model: Model, facts: TaskFactsOf<K>, wish: TaskWish): Objective;
  /** Problem of a model whose outputs have that shape, as the end of a sentence; undefined where it fits. */
  misfit(outputShape: readonly number[], facts: TaskFactsOf<K>): string | undefined;
  /** The model that is kept of a trained one, without layers that only training needs. Default: the whole. */
  kept?(model: Model): Model;
  /**
   * Keys of `scores` that stand for loss and metrics on validation and in evaluations, since they need all answers of a part
   * at once. Absent where batches add up.
   */
  readonly wholeFigures?: readonly string[];
  /** Quantities that training may watch, the loss first. */
  monitors(facts: TaskFactsOf<K>): readonly Monitor[];
  /** Key that training watches by default, `val_` and all. */
  readonly defaultMonitor: string;
  /** Undefined where no single answer makes sense. */
  baseline(train: Judged<K>, facts: TaskFactsOf<K>): Baseline<K> | undefined;
  /** Metrics that say something: without those that cannot fail. */
  informative<V>(metrics: Readonly<Record<string, V>>, facts: TaskFactsOf<K>): Record<string, V>;
  /**
   * A batch of outputs in fewer numbers, which `decide` and `readings` take in its place: maps of classes in place of maps of
   * probabilities. Absent where the task needs all of them.
   */
  readonly condensed?: (outputs: Tensor<"float32">) => Tensor<"float32">;
  /** Answers about some rows beside their targets. */
  decide(
    model: Model,
    outputs: Tensor<"float32">,
    facts: TaskFactsOf<K>,
    judged: Judged<K>,
  ): Outcome & { readonly kind: K };
  /** Figures of answers beside Keras's own metrics, by the keys of `train --json`. */
  scores(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
  ): Record<string, number>;
  /**
   * Intervals of 95 % of those figures that they can be worked out for, by the same keys as the figures.
   * @param metrics Keras's metrics of the same answers
   * @param groups group of each answer, of which the answers are no independent evidence
   */
  intervals(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    metrics: Readonly<Record<string, number>>,
    groups?: readonly string[],
  ): Readonly<Record<string, Interval>>;
  /** True where figures or decisions need the answers about every part, not about the test images alone. */
  readonly judgesAllParts: boolean;
  /**
   * Facts of a part's evaluation, for the report.
   * @param imageOf image and file of a row, for the answers that are shown
   */
  evaluationFacts(
    split: string,
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    against: { readonly loss: LossLike; readonly baseline: string | number | undefined },
    imageOf: (row: number) => { readonly image?: ImageFacts; readonly file?: string },
  ): EvaluationFacts;
  /** Facts after training: what validation decides, such as thresholds. */
  settled(facts: TaskFactsOf<K>, validation: Outcome & { readonly kind: K }): TaskFactsOf<K>;
  /** Places of the worst answers by the loss's own measure, worst first, each with its title: `太 not 大 (87%)`. */
  worst(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    limit: number,
  ): readonly WorstAnswer[];
  /** Answers whose images the report lays maps over: the worst first, then right or close ones. */
  attended(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    limits: AttentionLimits,
  ): readonly Attended[];
  /** Number of titles that go on one line of a terminal. */
  readonly worstPerLine: number;
  /**
   * Sentence over the list of worst answers: how many there are.
   * @param images words for what was judged: `test images`
   */
  worstTitle(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    shown: number,
    images: string,
  ): string;
  /**
   * Figures of each label or target, for machines and as a table; nothing where all are told elsewhere.
   * @param nouns word for the samples: `images`
   */
  detail(outcome: Outcome & { readonly kind: K }, facts: TaskFactsOf<K>, nouns: string): Detail;
}

/** The best answer without a look at any image, learned from the training targets: figures are held against it. */
export interface Baseline<K extends TaskKind = TaskKind> {
  /** Name of its figure: `Accuracy of always saying 太`. */
  readonly title: string;
  /** Key of the figure it competes with: `accuracy`, `rmse`. */
  readonly key: string;
  /** The class's name, or the number. */
  readonly answer: string | number;
  /** Place of the class; absent for numbers. */
  readonly classIndex?: number;
  figure(judged: Judged<K>): number;
}

/** Figures of each label or target. */
export interface Detail {
  readonly json: object;
  readonly columns: readonly { readonly head: string; readonly align?: "right" }[];
  readonly rows: readonly (readonly string[])[];
}

/** Most wrong answers, and most answers in all. */
export interface AttentionLimits {
  readonly wrong: number;
  readonly all: number;
}

/** An answer whose image is looked at. */
export interface Attended {
  /** Its place among the judged rows. */
  readonly at: number;
  /** The class, label or target whose score is explained. */
  readonly index: number;
  readonly caption: AttentionCaption;
}

/** An answer that is wrong, or far from its target. */
export interface WorstAnswer {
  /** Its place among the judged rows. */
  readonly at: number;
  /** Place of the other image of a pair. */
  readonly beside?: number;
  readonly title: string;
}
