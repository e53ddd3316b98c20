// Distributions of a parameter: a float or whole number in a range (linear, logarithmic or in steps), or one of several
// choices. Knows how values are stored: as one number, Optuna's "internal representation". Draws nothing.
import { FoveaError, shown } from "../core/errors.js";
import { checkOptions, flag } from "../core/options.js";

/** A value that a categorical parameter can take, and that every storage can keep. */
export type Choice = string | number | boolean | null;

/** The range of a float. */
export interface FloatDistribution {
  /** The kind. */
  readonly type: "float";
  /** The lowest value. */
  readonly low: number;
  /** The highest value. */
  readonly high: number;
  /** True where the logarithm is spaced evenly. */
  readonly log: boolean;
  /** Distance of values from `low`; undefined for all floats. */
  readonly step?: number;
}

/** The range of a whole number. */
export interface IntDistribution {
  /** The kind. */
  readonly type: "int";
  /** The lowest value. */
  readonly low: number;
  /** The highest value. */
  readonly high: number;
  /** True where the logarithm is spaced evenly. */
  readonly log: boolean;
  /** Distance of values from `low`. */
  readonly step: number;
}

/** A list of choices. */
export interface CategoricalDistribution {
  /** The kind. */
  readonly type: "categorical";
  /** The choices, in the order in which they were named. */
  readonly choices: readonly Choice[];
}

export type NumericalDistribution = FloatDistribution | IntDistribution;
/** The values that a parameter may take. */
export type Distribution = NumericalDistribution | CategoricalDistribution;

/** Spacing of a numerical parameter. `step` and `log` exclude each other. */
export interface RangeOptions {
  /** Spaces values by their logarithm; `low` is then above 0. Default false. */
  readonly log?: boolean;
  /** Distance of values from `low`. Default: 1 for whole numbers, none for floats. */
  readonly step?: number;
}

/** Digits after the point of a number as it is written: 0.05 has 2, 1e-7 has 7. */
function decimals(x: number): number {
  const [mantissa = "", exponent = "0"] = String(x).split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}

/**
 * The whole number of steps from low to high, in decimal arithmetic where f64 can hold it: binary fractions would say
 * that 0.3 is not a multiple of 0.1.
 */
function stepsBetween(low: number, high: number, step: number): number {
  const scale = 10 ** Math.max(decimals(low), decimals(high), decimals(step));
  const [first, last, size] = [Math.round(low * scale), Math.round(high * scale), Math.round(step * scale)];
  if ([first, last, size].every(Number.isSafeInteger) && size > 0) return Math.floor((last - first) / size);
  return Math.floor((high - low) / step + 1e-9);
}

function checkName(name: unknown): void {
  if (typeof name !== "string" || name === "")
    throw new FoveaError("wrong-type", `expected a parameter's name as text, received ${shown(name)}`);
}

function checkRange(name: string, low: number, high: number, options: RangeOptions, lowest: string): void {
  checkName(name);
  checkOptions(`parameter "${name}"`, options, ["log", "step"]);
  const { log, step } = options;
  flag(`parameter "${name}": log`, log, false);
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new FoveaError("out-of-range", `parameter "${name}": expected finite bounds, received ${low} and ${high}`);
  if (low > high)
    throw new FoveaError(
      "out-of-range",
      `parameter "${name}": expected low <= high, received low ${low} and high ${high}; swap them`,
    );
  if (log && low < (lowest === "at least 1" ? 1 : Number.MIN_VALUE))
    throw new FoveaError(
      "out-of-range",
      `parameter "${name}": a logarithmic scale needs a low that is ${lowest}, received ${low}`,
    );
  if (step !== undefined && !(step > 0 && step < Infinity))
    throw new FoveaError("out-of-range", `parameter "${name}": expected a finite step above 0, received ${step}`);
}

/**
 * A float from `low` to `high`, both possible. With `step`, `high` is lowered to the last multiple.
 * @param name The parameter's name, for messages.
 * @throws FoveaError for bounds that make no range, or `step` together with `log`.
 */
export function floatDistribution(
  name: string,
  low: number,
  high: number,
  options: RangeOptions = {},
): FloatDistribution {
  const { log = false, step } = options;
  checkRange(name, low, high, options, "above 0");
  if (step === undefined) return { type: "float", low, high, log };
  if (log)
    throw new FoveaError("conflicting-options", `parameter "${name}": step and log exclude each other; leave one out`);
  const digits = Math.min(100, Math.max(decimals(low), decimals(step)));
  const last = Number((low + stepsBetween(low, high, step) * step).toFixed(digits));
  return { type: "float", low, high: Math.min(high, last), log, step };
}

/**
 * A whole number from `low` to `high`, both possible. With `step`, `high` is lowered to the last multiple.
 * @param name The parameter's name, for messages.
 * @throws FoveaError for bounds that are no range of whole numbers, or a `step` above 1 together with `log`.
 * @example
 * const study = await createStudy();
 * await study.addTrial({ values: [2], params: { layers: 3 }, distributions: { layers: intDistribution("layers", 1, 8) } });
 */
export function intDistribution(name: string, low: number, high: number, options: RangeOptions = {}): IntDistribution {
  const { log = false, step = 1 } = options;
  checkRange(name, low, high, options, "at least 1");
  for (const value of [low, high, step])
    if (!Number.isSafeInteger(value))
      throw new FoveaError(
        "out-of-range",
        `parameter "${name}": expected whole numbers, received ${value}; use suggestFloat`,
      );
  if (log && step !== 1)
    throw new FoveaError("conflicting-options", `parameter "${name}": step and log exclude each other; leave one out`);
  return { type: "int", low, high: low + Math.floor((high - low) / step) * step, log, step };
}

/**
 * One of several choices.
 * @param name The parameter's name, for messages.
 * @param choices Texts, finite numbers, booleans or null, each once.
 * @throws FoveaError for an empty or repetitive list, or a choice that no storage could keep.
 * @example categoricalDistribution("solver", ["adam", "sgd"]).choices;
 */
export function categoricalDistribution(name: string, choices: readonly Choice[]): CategoricalDistribution {
  checkName(name);
  if (!Array.isArray(choices))
    throw new FoveaError("wrong-type", `parameter "${name}": expected choices as a list, received ${shown(choices)}`);
  if (choices.length === 0)
    throw new FoveaError("empty-input", `parameter "${name}": expected at least one choice, received none`);
  for (const choice of choices)
    if (choice !== null && !["string", "number", "boolean"].includes(typeof choice))
      throw new FoveaError(
        "wrong-type",
        `parameter "${name}": expected choices that are text, numbers, booleans or null, received ${typeof choice}; name your choices and look the thing up by its name`,
      );
  if (choices.some((choice: Choice, i) => choices.findIndex((other) => Object.is(other, choice)) < i))
    throw new FoveaError(
      "duplicate",
      `parameter "${name}": expected distinct choices, received ${JSON.stringify(choices)}`,
    );
  return { type: "categorical", choices: [...choices] };
}

/** The one number that storages keep for a value; for a choice its index. */
export function toInternal(name: string, distribution: Distribution, value: Choice): number {
  if (distribution.type === "categorical") {
    const index = distribution.choices.findIndex((choice) => Object.is(choice, value));
    if (index >= 0) return index;
    const known = distribution.choices.map((choice) => JSON.stringify(choice)).join(", ");
    throw new FoveaError(
      "unknown-choice",
      `parameter "${name}": expected one of ${known}, received ${JSON.stringify(value)}`,
    );
  }
  if (typeof value !== "number" || Number.isNaN(value))
    throw new FoveaError("wrong-type", `parameter "${name}": expected a number, received ${JSON.stringify(value)}`);
  return value;
}

/** The value that an internal number stands for. */
export function toExternal(distribution: Distribution, internal: number): Choice {
  if (distribution.type === "categorical") return distribution.choices[Math.trunc(internal)] ?? null;
  return distribution.type === "int" ? Math.trunc(internal) : internal;
}

/** Checks whether an internal number is one that the distribution can produce. */
export function contains(distribution: Distribution, internal: number): boolean {
  if (distribution.type === "categorical") {
    const index = Math.trunc(internal);
    return index >= 0 && index < distribution.choices.length;
  }
  const { low, high, step } = distribution;
  if (!(internal >= low && internal <= high)) return false;
  if (step === undefined) return true;
  const steps = (internal - low) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-8;
}

/** Checks whether there is only one possible value. */
export function isSingle(distribution: Distribution): boolean {
  if (distribution.type === "categorical") return distribution.choices.length === 1;
  const { low, high, step } = distribution;
  return low === high || (step !== undefined && stepsBetween(low, high, step) < 1);
}

/** Checks whether two distributions are the same in every respect. */
export function sameDistribution(a: Distribution, b: Distribution): boolean {
  if (a === b) return true;
  if (a.type === "categorical")
    return (
      b.type === "categorical" &&
      a.choices.length === b.choices.length &&
      a.choices.every((choice, i) => Object.is(choice, b.choices[i]))
    );
  return a.type === b.type && a.low === b.low && a.high === b.high && a.log === b.log && a.step === b.step;
}

/**
 * Holds a study to one meaning per name: a range may move between trials, its kind, its scale and a list of choices
 * may not.
 * @throws FoveaError that names the parameter.
 */
export function checkCompatible(name: string, before: Distribution, now: Distribution): void {
  const conflict = (was: string, is: string) =>
    new FoveaError(
      "record-mismatch",
      `parameter "${name}": this study knows it as ${was}, this trial asks for ${is}; give it a name of its own`,
    );
  if (before.type !== now.type) throw conflict(before.type, now.type);
  if (before.type === "categorical") {
    if (!sameDistribution(before, now))
      throw conflict(
        `a choice of ${JSON.stringify(before.choices)}`,
        JSON.stringify((now as CategoricalDistribution).choices),
      );
  } else if (before.log !== (now as NumericalDistribution).log)
    throw conflict(`${before.log ? "logarithmic" : "linear"}`, before.log ? "a linear one" : "a logarithmic one");
}
