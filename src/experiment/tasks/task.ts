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
import type { ConvexLoss } from "./convex-loss.js";
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
  /** Direction in which the quantity becomes better. */
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

/** Loss and metrics that a model is compiled with. */
export interface Objective {
  /** Loss that training minimises. */
  readonly loss: LossLike;
  /** Metrics that are measured beside it. */
  readonly metrics: readonly MetricLike[];
}

/** Rows of targets, with the weight of each where they have some. */
export interface Judged<K extends TaskKind> {
  /** Targets of all samples of a folder. */
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
  /** Name of the architecture, such as `unet`. */
  readonly model: string;
  /** Images of a batch. */
  readonly batchSize: number;
  /** Learning rate of Adam, or the highest of the schedule; absent for the command's own. */
  readonly learningRate?: number;
  /** Course of the learning rate; absent for a constant one. */
  readonly schedule?: "cosine";
  /** Variation of training images; absent for none. */
  readonly augment?: "upright";
}

/**
 * The record of a task: all that follows from the kind of a model's answers, from targets and objective to figures and
 * pictures of the report. `TASKS` has one of each kind.
 */
export interface Task<K extends TaskKind> extends Answering<K, TaskFactsOf<K>>, Judging<K, TaskFactsOf<K>> {
  /** Name of the task, by which recipes and models refer to it. */
  readonly kind: K;
  /** Noun for the model of such a task: "classifier". */
  readonly model: string;
  /** Kind of the targets that it learns from. */
  readonly targetKind: TargetKindOf[K];
  /** Default settings of training, for outputs of many numbers per image. Default: those of the command. */
  readonly usual?: UsualSettings;
  /** Name of the head on the maps of a trained base. Absent where answers about the whole image have one on their mean. */
  readonly mapHead?: "lraspp" | "ttfnet";
  /** True where each part of the data has classes of its own. */
  readonly hasOwnClasses?: true;
  /** True where answers are in pixels of the image's file, whose size is then read. */
  readonly needsSizes?: true;
  /** Channels of its maps besides one for each class, such as the sides of boxes. Default 0. */
  readonly mapsBesides?: number;
  /** Words for one of its targets, and for several. */
  readonly nouns: readonly [noun: string, nouns: string];
  /**
   * Outputs in a few words: `55 classes`, `cost`.
   * @param facts the task of a recipe or a model
   */
  described(facts: TaskFactsOf<K>): string;
  /** Losses that a user may name, the default first. */
  readonly losses: readonly string[];
  /**
   * The task of some data, as a recipe holds it.
   * @param train targets of the training samples
   * @param source columns that the targets come from
   * @param wish choices of a user about loss and penalty
   * @throws FoveaError for targets that the wished loss has no meaning for
   */
  describe(train: Judged<K>, source: TargetColumns, wish: TaskWish): TaskFactsOf<K>;
  /**
   * Wish for the data that a model of the task is judged by: its kind and columns.
   * @param facts the task of the model
   */
  columnsOf(facts: TaskFactsOf<K>): {
    readonly task: K;
    readonly target?: readonly string[];
    readonly exposure?: boolean;
  };
  /**
   * Choices that lead to a loss and to facts: those of a recipe, for other data.
   * @param loss loss of the recipe
   * @param facts task of the recipe
   */
  wishOf(loss: Loss, facts: TaskFactsOf<K>): TaskWish;
  /**
   * A loss by which a linear model can be solved; undefined where it is not smooth.
   * @param loss loss of the recipe
   * @param facts task of the recipe, whose link and scale the curves include
   */
  convexLoss(loss: Loss, facts: TaskFactsOf<K>): ConvexLoss | undefined;
  /**
   * Dtype and shape of one sample's targets.
   * @param targets of some data
   */
  targetType(targets: TargetsOf<K>): TensorType;
  /**
   * Targets of some rows, `[rows, ...]`.
   * @param targets of all samples of a folder
   * @param rows numbers of samples, counted from 0
   */
  targetRows(targets: TargetsOf<K>, rows: Int32Array): Tensor;
  /** True where the head is one dense layer of logits under crossentropy, which logistic regression solves. */
  readonly hasLogisticHead?: true;
  /**
   * Layers that make answers of features, with fresh weights.
   * @param facts the task, whose outputs decide about the width of the last layer
   */
  head(facts: TaskFactsOf<K>): readonly Layer[];
  /**
   * The layers of `head` for known architectures; undefined where the architecture's own end does.
   * @param facts the task, whose outputs decide about the width of the last layer
   */
  applicationHead(facts: TaskFactsOf<K>): readonly Layer[] | undefined;
  /**
   * Loss and metrics by default, or with the loss of a wish.
   * @param model the model to compile, whose last activation a loss may have to know
   * @param facts task of the model
   * @param wish choices of a user; `{}` for the defaults
   */
  objective(model: Model, facts: TaskFactsOf<K>, wish: TaskWish): Objective;
  /**
   * Problem of a model whose outputs do not suit the task, as the end of a sentence; undefined where they do.
   * @param outputShape shape of an output without the batch axis
   * @param facts task of the data
   */
  misfit(outputShape: readonly number[], facts: TaskFactsOf<K>): string | undefined;
  /**
   * The model that is kept of a trained one, without layers that only training needs. Default: the whole.
   * @param model the model as it was trained
   */
  kept?(model: Model): Model;
  /**
   * Keys of `scores` that stand for loss and metrics on validation and in evaluations, since they need all answers of a part
   * at once. Absent where batches add up.
   */
  readonly wholeFigures?: readonly string[];
  /**
   * Quantities that training may watch, the loss first.
   * @param facts the task of a recipe
   */
  monitors(facts: TaskFactsOf<K>): readonly Monitor[];
  /** Key that training watches by default, `val_` and all. */
  readonly defaultMonitor: string;
  /**
   * The best answer without a look at any image; undefined where no single answer makes sense.
   * @param train targets of the training samples, which the answer is learnt from
   * @param facts task of the data
   */
  baseline(train: Judged<K>, facts: TaskFactsOf<K>): Baseline<K> | undefined;
  /**
   * Metrics without those that cannot fail, such as the top five of five classes.
   * @param metrics values by Keras's keys
   * @param facts task of the model
   */
  informative<V>(metrics: Readonly<Record<string, V>>, facts: TaskFactsOf<K>): Record<string, V>;
  /**
   * A batch of outputs in fewer numbers, which `decide` and `readings` take in its place: maps of classes in place of maps of
   * probabilities. Absent where the task needs all of them.
   * @param outputs of the model, a batch
   */
  readonly condensed?: (outputs: Tensor<"float32">) => Tensor<"float32">;
  /**
   * Answers about some rows beside their targets.
   * @param model the model that gave the outputs
   * @param outputs of the model about all rows, or these condensed
   * @param facts task of the model
   * @param judged targets of the same rows
   */
  decide(
    model: Model,
    outputs: Tensor<"float32">,
    facts: TaskFactsOf<K>,
    judged: Judged<K>,
  ): Outcome & { readonly kind: K };
  /**
   * Figures of answers beside Keras's own metrics, by the keys of `train --json`.
   * @param outcome answers beside their targets
   * @param facts task of the model, with values that validation has settled
   * @param objective loss of the training, which some figures are worked out by
   */
  scores(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
  ): Record<string, number>;
  /**
   * Intervals of 95 % of those figures that they can be worked out for, by the same keys as the figures.
   * @param outcome answers beside their targets
   * @param facts task of the model
   * @param objective loss of the training
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
   * @param split name of the part, such as `Test`
   * @param outcome answers about the part
   * @param facts task of the model
   * @param against loss of the training, and the answer of the baseline
   * @param imageOf image and file of a row, for the answers that are shown
   */
  evaluationFacts(
    split: string,
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    against: { readonly loss: LossLike; readonly baseline: string | number | undefined },
    imageOf: (row: number) => { readonly image?: ImageFacts; readonly file?: string },
  ): EvaluationFacts;
  /**
   * The task after training, with the values that validation decides, such as thresholds.
   * @param facts task of the recipe
   * @param validation answers about the validation samples
   */
  settled(facts: TaskFactsOf<K>, validation: Outcome & { readonly kind: K }): TaskFactsOf<K>;
  /**
   * The worst answers by the loss's own measure, worst first, each with its title: `太 not 大 (87%)`.
   * @param outcome answers beside their targets
   * @param facts task of the model
   * @param objective loss of the training
   * @param limit most answers
   */
  worst(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    limit: number,
  ): readonly WorstAnswer[];
  /**
   * Answers whose images the report lays maps over: the worst first, then right or close ones.
   * @param outcome answers beside their targets
   * @param facts task of the model
   * @param objective loss of the training
   * @param limits most answers in all, and most wrong ones among them
   */
  attended(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    limits: AttentionLimits,
  ): readonly Attended[];
  /** Number of titles that go on one line of a terminal. */
  readonly worstPerLine: number;
  /**
   * Sentence over the list of worst answers, with their number.
   * @param outcome answers beside their targets
   * @param facts task of the model
   * @param objective loss of the training
   * @param shown answers in the list
   * @param images words for the samples: `test images`
   */
  worstTitle(
    outcome: Outcome & { readonly kind: K },
    facts: TaskFactsOf<K>,
    objective: Pick<Objective, "loss">,
    shown: number,
    images: string,
  ): string;
  /**
   * Figures of each label or target, for machines and as a table; no rows where the report has all of them elsewhere.
   * @param outcome answers beside their targets
   * @param facts task of the model
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
  /**
   * The figure of the answer on some samples.
   * @param judged targets of the samples
   */
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
  /** Truth and answer in a few words: `太 not 大 (87%)`. */
  readonly title: string;
}
