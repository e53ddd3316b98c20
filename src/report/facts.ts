// Facts for reports: plain data that a training run, an evaluation or an inspection hands over.
// No behaviour here; what can be computed from these facts is in evaluation.ts and histogram.ts.
import type { EvaluationFacts } from "./evaluation-facts.js";
import type { FactRow } from "./fact-row.js";
import type { HealthFacts } from "./health-facts.js";
import type { ImageFacts } from "./image-facts.js";
import type { SlicesFacts } from "./slice-facts.js";
import type { TrustReport } from "./trust-facts.js";

export type * from "./evaluation-facts.js";
export type { FactRow } from "./fact-row.js";
export type * from "./image-facts.js";
export type * from "./slice-facts.js";
export type * from "./trust-facts.js";

/** An image with the class it belongs to. */
export interface SampleFacts {
  /** Number of the class, from 0. */
  readonly classIndex: number;
  /** Its title where the images have no classes. */
  readonly path?: string;
  /** The image, reduced; absent where pages show none. */
  readonly image: ImageFacts;
}

/** One part of the data, "Train" or "Test" say: images per class, and every image's size in pixels as it is on disk. */
export interface SplitFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Number of images of each class. */
  readonly counts: ArrayLike<number>;
  /** Heights in pixels; absent where they are unknown. */
  readonly heights?: ArrayLike<number>;
  /** Widths in pixels. */
  readonly widths?: ArrayLike<number>;
  /** Images per colour mode, such as `{ mode: "RGBA", count: 27000 }`. */
  readonly modes?: readonly { readonly mode: string; readonly count: number }[];
  /** The number of images, where it is not the sum of `counts`: images may have several labels, or none, or numbers. */
  readonly images?: number;
  /** Numbers of each image that a regression predicts. */
  readonly targets?: readonly {
    readonly name: string;
    readonly unit?: string;
    readonly values: ArrayLike<number>;
  }[];
}

/** A file that needs attention, and why. */
export interface ProblemFacts {
  /** Path of the image; absent where it has none. */
  readonly file: string;
  /** The problem in words. */
  readonly what: string;
}

/** Keras's boxed summary as data: one row per layer, then the totals ("Total params", "88,375 (345.21 KB)"). */
export interface ModelFacts {
  /** The name that pages show. */
  readonly name: string;
  /** The layers, in order. */
  readonly layers: readonly ModelLayerFacts[];
  /** Lines below the table. */
  readonly totals: readonly FactRow[];
}

/** A row of a model's summary. */
export interface ModelLayerFacts {
  /** The name that pages show. */
  readonly name: string;
  /** The layer's class. */
  readonly type: string;
  /** Shape of the output in words. */
  readonly outputShape: string;
  /** Number of parameters. */
  readonly params: number;
}

/** One number per epoch under each of Keras's keys: loss, accuracy, val_loss, val_accuracy and so on. */
export type HistoryFacts = Readonly<Record<string, readonly number[]>>;

/** The metrics of one part of the data; `values` is keyed as the history is, without `val_`. */
export interface MetricsFacts {
  /** Name of the part of the data: `test`. */
  readonly split: string;
  /** Values by name. */
  readonly values: Readonly<Record<string, number>>;
  /** The accuracy of always saying the commonest class of the training images. */
  readonly baseline?: number;
  /** Intervals of 95 %, `[low, high]`, of those values that have one. */
  readonly intervals?: Readonly<Record<string, readonly [low: number, high: number]>>;
}

/** One image that was classified wrongly. */
export interface FailureFacts {
  /** Number of the true class. */
  readonly trueClass: number;
  /** Number of the predicted class. */
  readonly predictedClass: number;
  /** Probability of the predicted class, from 0 to 1. */
  readonly confidence: number;
  /** The image, reduced; absent where pages show none. */
  readonly image?: ImageFacts;
  /** Path of the image; absent where it has none. */
  readonly file?: string;
}

/**
 * An image with the places laid over it in colours that spoke for an answer: for the predicted class, or for what the title
 * names where answers are no classes.
 */
export type AttentionFacts = {
  /** The image, reduced; absent where pages show none. */
  readonly image: ImageFacts;
  /** Path of the image; absent where it has none. */
  readonly file: string;
} & AttentionCaption;

/** A decision about classes, or a title. */
export type AttentionCaption =
  | {
      /** Number of the true class. */
      readonly trueClass: number;
      /** Number of the predicted class. */
      readonly predictedClass: number;
      /** Probability of the predicted class, from 0 to 1. */
      readonly confidence: number;
    }
  | {
      /** The answer that the colours spoke for, such as `price: 1,200`. */
      readonly title: string;
    };

/** The layers of a model, as rows of pictures. */
export interface GalleryFacts {
  /** The image, reduced; absent where pages show none. */
  readonly image: ImageFacts;
  /** The first filters as a picture; absent where they are none of grey or RGB. */
  readonly filters?: ImageFacts;
  /** The liveliest channels of each layer for the image, side by side. */
  readonly layers: readonly {
    readonly name: string;
    readonly shape: string;
    readonly channels: readonly number[];
    readonly image: ImageFacts;
  }[];
  /** From early to deep: what channels fire hardest for, and how hard for noise and in the end. */
  readonly features: readonly {
    readonly layer: string;
    readonly channels: readonly number[];
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly image: ImageFacts;
  }[];
}

/** Command and code that give the same result again. */
export interface ReplayFacts {
  /** The command line. */
  readonly command: string;
  /** The program text. */
  readonly code: string;
}

/** All facts of a run's page. An absent fact leaves its section out. */
export interface RunFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Name and version of the program that made the run, such as "Fovea 0.1.0". */
  readonly createdBy: string;
  /** Names of the classes, or of the labels that an image may have several of; none where numbers are predicted. */
  readonly classNames: readonly string[];
  /** Settings line by line. */
  readonly recipe: readonly FactRow[];
  /** Parts of the data. */
  readonly splits: readonly SplitFacts[];
  /** Example images. */
  readonly samples: readonly SampleFacts[];
  /** The model, layer by layer. */
  readonly model?: ModelFacts;
  /** Losses and metrics, epoch by epoch. */
  readonly history?: HistoryFacts;
  /** Counted from 1. */
  readonly bestEpoch?: number;
  /** The history key that decided which epoch was best, such as "val_accuracy". */
  readonly monitor?: string;
  /** Metrics of each part. */
  readonly metrics: readonly MetricsFacts[];
  /** The class that the metrics' `baseline` always says. */
  readonly commonestClass?: number;
  /** Its `kind` decides which sections the page has. */
  readonly evaluation?: EvaluationFacts;
  /** Calibration, sets and referral; absent for tasks without, and in older runs. */
  readonly trust?: TrustReport;
  /** Test images that have something in common; absent for tables, and in older files. */
  readonly slices?: SlicesFacts;
  /** Of a classification; those of other tasks are in their evaluation. Most confident first, as `failureList` orders them. */
  readonly failures: readonly FailureFacts[];
  /** Places that the model looked at, mistakes first. */
  readonly attention?: readonly AttentionFacts[];
  /** Gallery of the layers; present only on request. */
  readonly gallery?: GalleryFacts;
  /** Warnings, a sentence each. */
  readonly warnings: readonly string[];
  /** Label and hexadecimal hash: weights_sha256, the data's hash. */
  readonly hashes: readonly FactRow[];
  /** Time that training took. */
  readonly seconds?: number;
  /** The way to the same result; absent where there is none. */
  readonly replay?: ReplayFacts;
}

/** Everything the page of `fovea inspect` shows. */
export interface InspectFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Name and version of the program that made it. */
  readonly createdBy: string;
  /** Names of the classes, by number. */
  readonly classNames: readonly string[];
  /** Number of rows. */
  readonly rows: readonly FactRow[];
  /** The folder tree as text, as the terminal shows it. */
  readonly tree: string;
  /** Parts of the data. */
  readonly splits: readonly SplitFacts[];
  /** Example images. */
  readonly samples: readonly SampleFacts[];
  /** Files that could not be read, or are no images. */
  readonly problems: readonly ProblemFacts[];
  /** Findings of checks of the images, where these were asked for. */
  readonly health?: Pick<HealthFacts, "sections" | "notRun">;
}
