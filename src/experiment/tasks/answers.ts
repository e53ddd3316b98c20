// Answers of a model about samples whose targets nobody knows, by task: the fields of `predict --json`. Each task's record
// makes them of the model's outputs.
import type { Tensor } from "../../core/tensor.js";
import type { Score } from "../../explain/index.js";
import type { TaskFacts, TaskKind } from "../../formats/run/task.js";
import type { Model } from "../../nn/model/model.js";

/** A number; one that is not finite by its name, for JSON has none of these. */
export type Told = number | "NaN" | "Infinity" | "-Infinity";

/**
 * A number as JSON can hold it: the number itself, or its name where it is not finite.
 * @param value any number
 * @example
 * tell(Number.NaN); // "NaN", where JSON.stringify would write null
 * short(tell(1 / 3)); // "0.333333"
 * inExposure(0.2, 0.5); // 0.1 claims in half a year, rounded to 32 bits
 */
export const tell = (value: number): Told => (Number.isFinite(value) ? value : (String(value) as Told));

/**
 * A number as text with at most six significant digits, the precision of 32-bit floats; zeros at its end are dropped.
 * @param value a number, or the name of one that is not finite, which stays as it is
 */
export const short = (value: Told): string =>
  typeof value === "number" ? String(Number(value.toPrecision(6))) : value;

/** A class in the answer of a classifier. */
export interface RankedClass {
  /** Its name, or its number where it has none. */
  readonly class: string;
  /** Number of the class among the model's outputs, counted from 0. */
  readonly index: number;
  /** Probability of the class, from 0 to 1. */
  readonly probability: number;
}

/** A label in the answer of a multi-label model. */
export interface LabelAnswer {
  /** Name of the label. */
  readonly label: string;
  /** Probability of the label, from 0 to 1; those of all labels need not add up to 1. */
  readonly probability: number;
  /** True for a probability above the label's threshold. */
  readonly given: boolean;
}

/** The part of an image that a class takes. */
export interface ClassArea {
  /** Name of the class. */
  readonly class: string;
  /** Number of the class among the model's channels, counted from 0. */
  readonly index: number;
  /** Percentage of the pixels of the mask, from 0 to 100. */
  readonly percent: number;
}

/** An object that was found. */
export interface FoundBox {
  /** The name of its class. */
  readonly label: string;
  /** Confidence of the detection, from 0 to 1. */
  readonly score: number;
  /** Left edge, top edge, width and height in pixels of the image. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
}

/** Answer about one sample, by task. */
export interface AnswerOf {
  /** The most probable classes, the most probable first. */
  readonly classification: { readonly top: readonly RankedClass[] };
  /** Every label, in the model's order. */
  readonly multiLabel: { readonly labels: readonly LabelAnswer[] };
  /** One target's number, or those of several with the targets' names. */
  readonly regression:
    | { readonly value: Told }
    | { readonly values: readonly Told[]; readonly names: readonly string[] };
  /** The image's embedding, which is compared with those of others. */
  readonly verification: { readonly embedding: readonly number[] };
  /** The map's size, the area of every class, in the model's order, and the path of the mask where one was written. */
  readonly segmentation: {
    readonly mask: {
      readonly height: number;
      readonly width: number;
      readonly areas: readonly ClassArea[];
      readonly file?: string;
    };
  };
  /** The objects of an image, the surest first. */
  readonly detection: { readonly boxes: readonly FoundBox[] };
}
/** Answer about one sample, of any task: its fields are those of `predict --json`. */
export type TaskAnswer = AnswerOf[TaskKind];

/** Numbers that answers are made of, `[samples, width]`: probabilities, amounts in their unit, or classes of pixels. */
export interface Readings {
  /** Rows of a map of pixels, whose pixels `width` counts; absent where there is none. */
  readonly height?: number;
  /** Numbers of one sample: classes, targets, or pixels of a map. */
  readonly width: number;
  /** The numbers, sample after sample. */
  readonly data: Float32Array | Float64Array;
}

/** Options of an answer; a task reads those that its answers have a use for. */
export interface AnswerOptions {
  /** Most classes in the answer of a classifier. */
  readonly top: number;
  /** Height and width of the image in pixels, of its file where it has one. */
  readonly size: readonly [height: number, width: number];
}

/** One field of an answer: for machines, and as people read it. */
export interface Field {
  /** Key of the field in JSON, such as `probability`. */
  readonly name: string;
  /** Value for machines, in full precision. */
  readonly value: string | number;
  /** Value for people, such as `87 %`. */
  readonly text: string;
}

/** Decisions of two models about the same samples. */
export interface Agreement {
  /** Noun for the decisions. */
  readonly of: "images" | "labels" | "pixels" | "boxes";
  /** Number of decisions that are the same. */
  readonly same: number;
  /** Number of all decisions. */
  readonly all: number;
}

/** Answers of a task about samples, for machines and for people. */
export interface Answering<K extends TaskKind, F extends TaskFacts> {
  /** @param output which of the model's outputs it is, default the first */
  readings(model: Model, outputs: Tensor<"float32">, output?: number): Readings;
  /** The answer about one row; undefined where the model gives NaN for it. */
  answer(readings: Readings, row: number, facts: F, options: AnswerOptions): AnswerOf[K] | undefined;
  /** Columns of a table of answers, without the image's. */
  answerColumns(facts: F): readonly { readonly head: string; readonly align?: "right" }[];
  /** Lines of that table for one answer. */
  answerRows(answer: AnswerOf[K]): readonly (readonly string[])[];
  /**
   * Columns of answers for a table of machines: `predicted_cost`, `probability_dent`.
   * @param target the column that was learnt, where there is one
   * @param observed exposure of each row, where answers are for an exposure of 1
   */
  resultColumns(
    readings: Readings,
    facts: F,
    target: string,
    observed?: Float64Array | undefined,
  ): readonly ResultColumn[];
  /** Decisions of two models about the same samples, compared; absent where answers are numbers. */
  agreement?(ours: Readings, theirs: Readings, facts: F): Agreement;
  /** The score that explanations differentiate. */
  explanationScore(facts: F): Score;
  /** The class, label or target with that number, and what the model says of it about one row. */
  said(readings: Readings, row: number, index: number, facts: F): readonly Field[];
}

/** A column of results with its name: numbers, or words. */
export type ResultColumn = readonly [name: string, values: Float64Array | readonly string[]];

/**
 * The amount that a rate gives in an exposure, rounded to a 32-bit float as models compute it.
 * @param rate prediction for an exposure of 1, such as claims in a year
 * @param exposure exposure of the sample in the same unit, such as 0.5 for half a year
 */
export const inExposure = (rate: number, exposure: number): number => Math.fround(rate * Math.fround(exposure));

/** Readings of each output, a column each. */
export const columnsOf = ({ width, data }: Readings): Float64Array[] =>
  Array.from({ length: width }, (_, at) =>
    Float64Array.from({ length: data.length / width }, (_, row) => data[row * width + at]!),
  );

/** One row of readings. */
export const rowOf = ({ width, data }: Readings, row: number): Float32Array | Float64Array =>
  data.subarray(row * width, (row + 1) * width);

/**
 * Agreement on numbers, one by one, that stand for decisions.
 * @param of noun for the decisions
 * @param ours decisions of a model
 * @param theirs those of another about the same samples
 * @example agreementOn("images", [0, 2, 1], [0, 2, 2]); // { of: "images", same: 2, all: 3 }
 */
export function agreementOn(of: Agreement["of"], ours: ArrayLike<number>, theirs: ArrayLike<number>): Agreement {
  let same = 0;
  for (let i = 0; i < ours.length; i++) if (ours[i] === theirs[i]) same++;
  return { of, same, all: ours.length };
}
