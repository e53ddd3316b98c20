// Judgements of answers about images whose targets are known, by task: verdicts that slices compare, decisions that fairness counts,
// answers that drift is told by, sureness that trust is fitted on. Each task's record makes them of its outcome.
import type { TaskFacts, TaskKind } from "../../formats/run/task.js";
import type { Readings } from "./answers.js";
import type { NumberOutcome, Outcome, PairOutcome } from "./outcome.js";

/** The measure of each image's answer: right or not, or how far off. */
export type Verdicts =
  | {
      /** Name of the measure, as sentences use it. */
      readonly figure: string;
      /** Rightness of each image's answer. */
      readonly right: readonly boolean[];
    }
  | {
      /** Name of the measure, as sentences use it. */
      readonly figure: string;
      /** Error of each image's answer, 0 where it is right. */
      readonly errors: readonly number[];
    };

/** Answers that are given or not, about each image. */
export interface Decisions {
  /**
   * Checks whether an image has an answer in truth.
   * @param row the image, counted from 0
   * @param k the class or label, counted from 0
   */
  has(row: number, k: number): boolean;
  /**
   * Checks whether the answer is given.
   * @param row the image, counted from 0
   * @param k the class or label, counted from 0
   */
  says(row: number, k: number): boolean;
  /** Confidence of each image's answer, for a classification. */
  readonly confidence?: ArrayLike<number>;
}

/** An answer about one image as drift counts it, with the fields of `predict --json`. */
export type CountedAnswer =
  | { readonly top: readonly { readonly class: string; readonly probability: number }[] }
  | { readonly labels: readonly { readonly label: string; readonly given: boolean }[] }
  | { readonly names: readonly string[]; readonly values: readonly number[] };

/** Answers with their truth, of which trust is fitted: probabilities of classes, or numbers. */
export type Sureness =
  | {
      /** Kind of the answers. */
      readonly of: "classes";
      /** Probabilities beside true classes. */
      readonly answers: {
        /** Number of classes. */
        readonly classes: number;
        /** Row after row. */
        readonly probabilities: Float64Array;
        /** True class of each image. */
        readonly labels: ArrayLike<number>;
      };
    }
  | {
      /** Kind of the answers. */
      readonly of: "numbers";
      /** Numbers beside true ones. */
      readonly outcome: NumberOutcome;
      /** Measure of how far a number is off: in its unit, or relative to the prediction, as amounts are. */
      readonly method: "absolute" | "relative";
    };

/** Embeddings that are compared, two images at a time. */
export interface PairComparison {
  /** Numbers in an embedding. */
  readonly dimensions: number;
  /** Cosine from which two images count as of one identity; undefined before validation has chosen it. */
  readonly threshold: number | undefined;
}

/** Judgements of a task's answers. */
export interface Judging<K extends TaskKind, F extends TaskFacts> {
  /** The measure of each image of an outcome. */
  verdicts(outcome: Outcome & { readonly kind: K }, facts: F): Verdicts;
  /** Answers that are given or not. Absent where answers are no decisions about an image, as `undecided` says. */
  decisions?(outcome: Outcome & { readonly kind: K }, facts: F): Decisions;
  /** End of the sentence that there are no decisions: the model's deed, and the place of such figures. */
  readonly undecided?: string;
  /** Answers about all images; undefined for answers about pairs, which say nothing about an image alone. */
  counted(outcome: Outcome & { readonly kind: K }, facts: F): readonly CountedAnswer[] | undefined;
  /** Sureness of the answers. Absent where trust has no measure of them. */
  sureness?(outcome: Outcome & { readonly kind: K }, readings: Readings, facts: F): Sureness;
  /** The comparison of two images. Absent where answers are about single images. */
  comparison?(facts: F): PairComparison;
  /** Pairs of an outcome. Absent where answers are about single images. */
  pairs?(outcome: Outcome & { readonly kind: K }): PairOutcome;
}
