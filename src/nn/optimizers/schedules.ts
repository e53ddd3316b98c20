// Learning rates that change with the step, by Keras's formulas, in f64 with our own exp and cos: the same bits on every
// machine. A step is one batch; the first is number 0.
import { FoveaError } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { cos, log, pow } from "../../core/math.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import { asJson, ConfigReader, classAndConfig, kerasObject } from "../config/keras-object.js";

/** A learning rate that depends on the step. */
export interface Schedule {
  /** Keras's class name: `CosineDecay`. */
  readonly className: string;
  /** Keras's config without the name. */
  readonly config: JsonObject;
  /**
   * The learning rate of a step.
   * @param step Counts from 0.
   */
  at(step: number): number;
}

/** A number of steps above 0. */
const stepsOf = (what: string, steps: number): number => numberWithin(what, steps, Number.MIN_VALUE);

/** Options of decays that may go in steps. */
export interface StaircaseOptions {
  /** True where the rate stays the same for `decaySteps` steps at a time. Default false. */
  readonly staircase?: boolean;
}

/** The two schedules whose rate falls with `step / decaySteps`. */
function falling(className: string, functionName: string, factor: (periods: number, rate: number) => number) {
  return (
    initialLearningRate: number,
    decaySteps: number,
    decayRate: number,
    options: StaircaseOptions = {},
  ): Schedule => {
    checkOptions(functionName, options, ["staircase"]);
    const staircase = flag(`${functionName} staircase`, options.staircase, false);
    const initial = numberWithin(`${functionName} initialLearningRate`, initialLearningRate, 0);
    const steps = stepsOf(`${functionName} decaySteps`, decaySteps);
    const rate = numberWithin(`${functionName} decayRate`, decayRate, 0);
    return {
      className,
      config: { initial_learning_rate: initial, decay_steps: steps, decay_rate: rate, staircase },
      at: (step) => initial * factor(staircase ? Math.floor(step / steps) : step / steps, rate),
    };
  };
}

/** initialLearningRate * decayRate^(step / decaySteps). @example exponentialDecay(0.1, 1000, 0.96) */
export const exponentialDecay = falling("ExponentialDecay", "exponentialDecay", (periods, rate) => pow(rate, periods));

/** initialLearningRate / (1 + decayRate * step / decaySteps). @example inverseTimeDecay(0.1, 1000, 0.5) */
export const inverseTimeDecay = falling(
  "InverseTimeDecay",
  "inverseTimeDecay",
  (periods, rate) => 1 / (1 + rate * periods),
);

/**
 * `values[i]` up to and including step `boundaries[i]`, the last value after that.
 * @throws FoveaError unless boundaries rise and there is one value more than boundaries.
 * @example piecewiseConstantDecay([1000, 2000], [0.1, 0.01, 0.001])
 */
export function piecewiseConstantDecay(boundaries: readonly number[], values: readonly number[]): Schedule {
  if (!Array.isArray(boundaries) || !Array.isArray(values))
    throw new FoveaError("wrong-type", "piecewiseConstantDecay: expected two lists, boundaries and values");
  if (values.length !== boundaries.length + 1 || boundaries.length === 0)
    throw new FoveaError(
      "length-mismatch",
      `piecewiseConstantDecay: expected one value more than boundaries, received ${values.length} for ${boundaries.length}`,
    );
  const steps = boundaries.map((boundary: number) => numberWithin("piecewiseConstantDecay boundaries", boundary));
  if (steps.some((boundary, i) => !(boundary > (steps[i - 1] ?? -Infinity))))
    throw new FoveaError(
      "out-of-range",
      `piecewiseConstantDecay: expected boundaries that rise, received [${steps.join(", ")}]`,
    );
  const rates = values.map((value: number) => numberWithin("piecewiseConstantDecay values", value, 0));
  const at = (step: number): number => {
    const found = steps.findIndex((boundary) => step <= boundary);
    return rates[found === -1 ? steps.length : found]!;
  };
  return { className: "PiecewiseConstantDecay", config: { boundaries: steps, values: rates }, at };
}

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  /** The rate at the end. Default 1e-4. */
  readonly endLearningRate?: number;
  /** Exponent of the curve. Default 1: a straight line. */
  readonly power?: number;
  /** True where it begins again, each time with a longer period. Default false. */
  readonly cycle?: boolean;
}

/**
 * Falls to `endLearningRate` as (1 - step / decaySteps)^power.
 * @param initialLearningRate The rate of step 0.
 * @param decaySteps Steps until the end.
 * @example polynomialDecay(0.1, 1000, { power: 2 })
 */
export function polynomialDecay(
  initialLearningRate: number,
  decaySteps: number,
  options: PolynomialDecayOptions = {},
): Schedule {
  checkOptions("polynomialDecay", options, ["endLearningRate", "power", "cycle"]);
  const initial = numberWithin("polynomialDecay initialLearningRate", initialLearningRate, 0);
  const steps = stepsOf("polynomialDecay decaySteps", decaySteps);
  const end = numberWithin("polynomialDecay endLearningRate", options.endLearningRate ?? 1e-4, 0);
  const power = numberWithin("polynomialDecay power", options.power ?? 1, 0);
  const cycle = flag("polynomialDecay cycle", options.cycle, false);
  return {
    className: "PolynomialDecay",
    config: { initial_learning_rate: initial, decay_steps: steps, end_learning_rate: end, power, cycle },
    at: (step) => {
      const period = cycle ? steps * Math.max(1, Math.ceil(step / steps)) : steps;
      return (initial - end) * pow(1 - Math.min(step, period) / period, power) + end;
    },
  };
}

/** From 1 to 0 along half a cosine. */
const halfCosine = (fraction: number): number => 0.5 * (1 + cos(Math.PI * fraction));

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** Rate at the end, as a share of the highest rate. Default 0. */
  readonly alpha?: number;
  /** The rate that is reached along a line in `warmupSteps` steps before it falls. Default: no warm-up. */
  readonly warmupTarget?: number | null;
  /** Steps of the warm-up. Default 0. */
  readonly warmupSteps?: number;
}

/**
 * Falls along a cosine for `decaySteps` steps, after an optional warm-up (Loshchilov and Hutter, 2016).
 * @param initialLearningRate The rate of step 0, from which the warm-up rises.
 * @example cosineDecay(0, 10_000, { warmupTarget: 1e-3, warmupSteps: 500 })
 */
export function cosineDecay(
  initialLearningRate: number,
  decaySteps: number,
  options: CosineDecayOptions = {},
): Schedule {
  checkOptions("cosineDecay", options, ["alpha", "warmupTarget", "warmupSteps"]);
  const initial = numberWithin("cosineDecay initialLearningRate", initialLearningRate, 0);
  const steps = stepsOf("cosineDecay decaySteps", decaySteps);
  const alpha = numberWithin("cosineDecay alpha", options.alpha ?? 0, 0);
  const target =
    options.warmupTarget === undefined || options.warmupTarget === null
      ? null
      : numberWithin("cosineDecay warmupTarget", options.warmupTarget, 0);
  const warmup = numberWithin("cosineDecay warmupSteps", options.warmupSteps ?? 0, 0);
  const fall = (from: number, step: number): number =>
    from * ((1 - alpha) * halfCosine(Math.min(step, steps) / steps) + alpha);
  return {
    className: "CosineDecay",
    config: {
      initial_learning_rate: initial,
      decay_steps: steps,
      alpha,
      warmup_target: target,
      warmup_steps: warmup,
    },
    at: (step) => {
      if (target === null) return fall(initial, step);
      return step < warmup ? initial + (target - initial) * (step / warmup) : fall(target, step - warmup);
    },
  };
}

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  /** Each period is so many times longer than the one before. Default 2. */
  readonly tMul?: number;
  /** Each period begins with so many times the rate of the one before. Default 1. */
  readonly mMul?: number;
  /** Rate at the end of each period, as a share of its first. Default 0. */
  readonly alpha?: number;
}

/**
 * Cosine decay that begins again and again (Loshchilov and Hutter, 2016).
 * @param initialLearningRate The rate of step 0.
 * @param firstDecaySteps Steps of the first period.
 * @example cosineDecayRestarts(0.1, 1000)
 */
export function cosineDecayRestarts(
  initialLearningRate: number,
  firstDecaySteps: number,
  options: CosineDecayRestartsOptions = {},
): Schedule {
  checkOptions("cosineDecayRestarts", options, ["tMul", "mMul", "alpha"]);
  const initial = numberWithin("cosineDecayRestarts initialLearningRate", initialLearningRate, 0);
  const steps = stepsOf("cosineDecayRestarts firstDecaySteps", firstDecaySteps);
  const tMul = numberWithin("cosineDecayRestarts tMul", options.tMul ?? 2, 1);
  const mMul = numberWithin("cosineDecayRestarts mMul", options.mMul ?? 1, 0);
  const alpha = numberWithin("cosineDecayRestarts alpha", options.alpha ?? 0, 0);
  return {
    className: "CosineDecayRestarts",
    config: { initial_learning_rate: initial, first_decay_steps: steps, t_mul: tMul, m_mul: mMul, alpha },
    at: (step) => {
      const periods = step / steps;
      const restarts = Math.floor(tMul === 1 ? periods : log(1 - periods * (1 - tMul)) / log(tMul));
      const begun = tMul === 1 ? restarts : (1 - pow(tMul, restarts)) / (1 - tMul);
      const fraction = (periods - begun) / pow(tMul, restarts);
      return initial * ((1 - alpha) * pow(mMul, restarts) * halfCosine(fraction) + alpha);
    },
  };
}

const FROM_CONFIG: Readonly<Record<string, (config: ConfigReader, json: JsonObject) => Schedule>> = {
  ExponentialDecay: (config) => exponentialDecay(...fallingFrom(config)),
  InverseTimeDecay: (config) => inverseTimeDecay(...fallingFrom(config)),
  PiecewiseConstantDecay: (config) => piecewiseConstantDecay(config.numbers("boundaries"), config.numbers("values")),
  PolynomialDecay: (config) =>
    polynomialDecay(config.number("initial_learning_rate"), config.number("decay_steps"), {
      endLearningRate: config.number("end_learning_rate", 1e-4),
      power: config.number("power", 1),
      cycle: config.boolean("cycle", false),
    }),
  CosineDecay: (config, json) =>
    cosineDecay(config.number("initial_learning_rate"), config.number("decay_steps"), {
      alpha: config.number("alpha", 0),
      warmupTarget: typeof json.warmup_target === "number" ? json.warmup_target : null,
      warmupSteps: config.number("warmup_steps", 0),
    }),
  CosineDecayRestarts: (config) =>
    cosineDecayRestarts(config.number("initial_learning_rate"), config.number("first_decay_steps"), {
      tMul: config.number("t_mul", 2),
      mMul: config.number("m_mul", 1),
      alpha: config.number("alpha", 0),
    }),
};

const fallingFrom = (config: ConfigReader): [number, number, number, StaircaseOptions] => [
  config.number("initial_learning_rate"),
  config.number("decay_steps"),
  config.number("decay_rate"),
  { staircase: config.boolean("staircase", false) },
];

/** Keras's form. */
export const scheduleToKeras = ({ className, config }: Schedule): Json =>
  asJson(kerasObject("keras.optimizers.schedules", className, { ...config, name: className }));

/** Reads Keras's form. @throws FoveaError for a schedule that Fovea does not have. */
export function scheduleFromKeras(value: Json): Schedule {
  const { className, config } = classAndConfig("learning rate schedule", value);
  const make = ownValue(FROM_CONFIG, className);
  if (make === undefined)
    throw new FoveaError(
      "unknown-choice",
      `learning rate schedule: expected one of ${Object.keys(FROM_CONFIG).join(", ")}, received ${className}`,
    );
  return make(new ConfigReader(className, config), config);
}
