// The form of optimizers: a formula that turns weight, gradient and slots into their next values, as a graph, and
// around it the common parts of all of Keras's optimizers: rate or schedule, weight decay, clipping. Numbers that
// change from step to step are computed on the host and fed to the graph, so that a new learning rate compiles nothing.
import { FoveaError, shown } from "../../core/errors.js";
import { add, div, maximum, minimum, mul, sqrt, square, sub, sum } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../../core/json.js";
import { numberWithin } from "../../core/options.js";
import type { Schedule } from "./schedules.js";

/** The next values of a weight and its slots. */
export interface Update {
  /** The weight after the step. */
  readonly weight: Value;
  /** The slots after the step, in their order. */
  readonly slots: readonly Value[];
}

/** A weight in a step, with what has come in for it. */
export interface Step {
  /** The weight before the step. */
  readonly weight: Value;
  /** The gradient of the loss, of the weight's shape. */
  readonly gradient: Value;
  /** The slots before the step, in their order. */
  readonly slots: readonly Value[];
}

/** The part that differs from optimizer to optimizer. */
export interface Formula {
  /** Keras's class name: `Adam`. */
  readonly className: string;
  /** Keras's config of the formula, without what all optimizers share. */
  readonly config: JsonObject;
  /** Names of the values kept for each weight, such as Adam's `momentum` and `velocity`. */
  readonly slotNames: readonly string[];
  /** First value of the slots. Default 0. */
  readonly slotStart?: number;
  /** True where Keras keeps each slot of all weights together, rather than all slots of each weight. */
  readonly slotsApart?: boolean;
  /**
   * Values that Keras's files keep after the slots, for a number of steps taken.
   * @param iterations Steps taken.
   */
  readonly trailing?: (iterations: number) => readonly number[];
  /**
   * The numbers fed to step `iteration` (0 for the first) at a rate, in f64, from + - * / and square roots alone so
   * that they have the same bits everywhere.
   * @param rate The learning rate of the step.
   */
  numbers(rate: number, iteration: number): readonly number[];
  /**
   * `numbers` are float32 scalars.
   * @param step The weight, its gradient and its slots.
   */
  update(step: Step, numbers: readonly Value[]): Update;
}

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** A number, or a schedule such as `cosineDecay(1e-3, 10_000)`. Default: Keras's rate of the optimizer, such as 0.001 for adam. */
  readonly learningRate?: number | Schedule;
  /** Before each step every weight loses this share times the rate. Default: none (adamw: 0.004). */
  readonly weightDecay?: number | null;
  /** The largest norm of the gradient of each weight. Default: none. */
  readonly clipnorm?: number | null;
  /** The largest norm of all gradients together. Default: none. */
  readonly globalClipnorm?: number | null;
  /** The largest absolute value in gradients. Default: none. */
  readonly clipvalue?: number | null;
}

/** The names of these options. */
export const SHARED_OPTIONS = ["learningRate", "weightDecay", "clipnorm", "globalClipnorm", "clipvalue"] as const;

const CLIPS = ["clipnorm", "globalClipnorm", "clipvalue"] as const;

/**
 * An optimizer: a formula for steps, a learning rate or its schedule, weight decay and clipping.
 * @param what The function that makes it, for messages: `adam`.
 * @param formula The part that differs from optimizer to optimizer.
 * @param defaultRate Keras's learning rate of this optimizer.
 * @example
 * const optimizer = adam({ learningRate: cosineDecay(1e-3, 100) });
 * optimizer.rateAt(50); // 0.0005
 * optimizer.slotNames.length; // 2: Adam keeps two moments of each weight
 */
export class Optimizer {
  readonly #formula: Formula;
  /** The schedule that the rate follows; undefined for a constant rate. */
  readonly schedule: Schedule | undefined;
  /** Share of the rate by which weights shrink at each step, as AdamW's; null for none. */
  readonly weightDecay: number | null;
  /** Kind of clipping, and its bound. */
  readonly clip: { readonly kind: (typeof CLIPS)[number]; readonly bound: number } | undefined;
  #rate: number;

  /** `defaultRate` is Keras's for this optimizer. */
  constructor(what: string, formula: Formula, options: OptimizerOptions, defaultRate: number) {
    this.#formula = formula;
    const { learningRate = defaultRate } = options;
    this.schedule = typeof learningRate === "object" && learningRate !== null ? learningRate : undefined;
    if (this.schedule !== undefined && typeof this.schedule.at !== "function")
      throw new FoveaError(
        "wrong-type",
        `${what} learningRate: expected a number or a schedule such as cosineDecay(1e-3, 10_000), received ${shown(learningRate)}`,
      );
    this.#rate = this.schedule?.at(0) ?? numberWithin(`${what} learningRate`, learningRate, 0);
    const decay = options.weightDecay ?? null;
    this.weightDecay = decay === null ? null : numberWithin(`${what} weightDecay`, decay, 0);
    const set = CLIPS.filter((kind) => options[kind] !== undefined && options[kind] !== null);
    if (set.length > 1)
      throw new FoveaError("conflicting-options", `${what}: ${set.join(" and ")} exclude each other; set one`);
    const [kind] = set;
    this.clip = kind && { kind, bound: numberWithin(`${what} ${kind}`, options[kind], Number.MIN_VALUE) };
  }

  /** Keras's class name: `Adam`. */
  get className(): string {
    return this.#formula.className;
  }
  /** Keras's name: `adam`. */
  get name(): string {
    return this.className.toLowerCase();
  }
  /** May be changed between steps, unless the rate follows a schedule. */
  get learningRate(): number {
    return this.#rate;
  }
  set learningRate(rate: number) {
    if (this.schedule !== undefined)
      throw new FoveaError(
        "unsuited-option",
        `${this.name}: the learning rate follows a ${this.schedule.className} and cannot be set; compile with a number instead`,
      );
    this.#rate = numberWithin(`${this.name} learningRate`, rate, 0);
  }
  /**
   * The learning rate of a step, 0 being the first.
   * @param iteration Counts from 0.
   */
  rateAt(iteration: number): number {
    return this.schedule?.at(iteration) ?? this.#rate;
  }

  /** Keras's config of the formula. */
  get config(): JsonObject {
    return this.#formula.config;
  }
  /** Names of the values kept for each weight. */
  get slotNames(): readonly string[] {
    return this.#formula.slotNames;
  }
  /** The first value of all slots. */
  get slotStart(): number {
    return this.#formula.slotStart ?? 0;
  }
  /** True where Keras's files keep each slot of all weights together. */
  get slotsApart(): boolean {
    return this.#formula.slotsApart ?? false;
  }
  /**
   * Values that Keras's files keep after the slots.
   * @param iterations Steps taken.
   */
  trailing(iterations: number): readonly number[] {
    return this.#formula.trailing?.(iterations) ?? [];
  }

  /**
   * The numbers to feed to a step, in f64.
   * @param iteration The step, counted from 0.
   */
  numbers(iteration: number): readonly number[] {
    const rate = this.rateAt(iteration);
    const numbers = this.#formula.numbers(rate, iteration);
    return this.weightDecay === null ? numbers : [...numbers, rate * this.weightDecay];
  }

  /**
   * The next values of all weights. `numbers` are as many float32 scalars as `this.numbers` gives.
   * @param steps All weights with their gradients and slots.
   */
  update(steps: readonly Step[], numbers: readonly Value[]): readonly Update[] {
    const clipped = this.#clipped(steps.map(({ gradient }) => gradient));
    const decay = this.weightDecay === null ? undefined : numbers.at(-1)!;
    return steps.map(({ weight, slots }, i) => {
      const decayed = decay === undefined ? weight : sub(weight, mul(weight, decay));
      return this.#formula.update({ weight: decayed, gradient: clipped[i]!, slots }, numbers);
    });
  }

  #clipped(gradients: readonly Value[]): readonly Value[] {
    if (this.clip === undefined) return gradients;
    const { kind, bound } = this.clip;
    if (kind === "clipvalue") return gradients.map((gradient) => minimum(maximum(gradient, -bound), bound));
    const squares = gradients.map((gradient) => sum(square(gradient)));
    if (kind === "globalClipnorm") {
      const factor = shrink(
        squares.reduce((a, b) => add(a, b)),
        bound,
      );
      return gradients.map((gradient) => mul(gradient, factor));
    }
    return gradients.map((gradient, i) => mul(gradient, shrink(squares[i]!, bound)));
  }
}

/** Factor of a vector with this sum of squares, after which its norm is at most `bound`. */
const shrink = (squares: Value, bound: number): Value => div(bound, maximum(sqrt(squares), bound));
