// Keras's constraints: rules that weights obey after each update of the optimizer.
import { add, clip, div, maximum, mul, sqrt, square, sum } from "../core/functions/index.js";
import type { Value } from "../core/graph/node.js";
import type { JsonObject } from "../core/json.js";
import { axesOf, checkOptions, numberWithin } from "../core/options.js";
import type { ConfigReader } from "./config/keras-object.js";
import { namedKind } from "./config/named-kind.js";
import type { Spelled } from "./config/naming.js";

/** A rule that weights keep: after every step they are moved to the nearest values that obey it. */
export interface Constraint {
  /** Keras's class name, such as `MaxNorm`. */
  readonly className: string;
  /** Keras's config. */
  readonly config: JsonObject;
  /**
   * The nearest weight that keeps the constraint.
   * @param weight A weight after the optimizer's step.
   */
  readonly apply: (weight: Value) => Value;
}

/** One axis or several along which norms are taken; the other axes are kept apart. */
export type ConstraintAxis = number | readonly number[];

interface AxisOptions {
  /** Along which norms are taken. Default 0: the inputs of a dense layer; `[0, 1, 2]` for those of a convolution. */
  readonly axis?: ConstraintAxis;
}

/** Keras's epsilon: keeps a division by a norm of zero finite. */
const EPSILON = 1e-7;

/** weight * desired(norm) / norm, norms along `axis`. */
function rescaled(what: string, axis: ConstraintAxis, desired: (norms: Value) => Value | number): Constraint["apply"] {
  const axes = axesOf(`${what} axis`, axis);
  return (weight) => {
    const norms = sqrt(sum(square(weight), axes, true));
    return mul(weight, div(desired(norms), add(norms, EPSILON)));
  };
}

/**
 * Norms along `axis` are at most `maxValue`.
 * @param maxValue The largest norm; default 2.
 * @example dense(10, { kernelConstraint: maxNorm(2) });
 */
export function maxNorm(maxValue = 2, options: AxisOptions = {}): Constraint {
  checkOptions("maxNorm", options, ["axis"]);
  const { axis = 0 } = options;
  const max_value = numberWithin("maxNorm maxValue", maxValue, 0);
  return {
    className: "MaxNorm",
    config: { max_value, axis },
    apply: rescaled("maxNorm", axis, (norms) => clip(norms, 0, max_value)),
  };
}

/**
 * No weight is below zero.
 * @example dense(1, { kernelConstraint: nonNeg() });
 */
export const nonNeg = (): Constraint => ({ className: "NonNeg", config: {}, apply: (weight) => maximum(weight, 0) });

/**
 * Norms along `axis` are 1.
 * @example dense(10, { kernelConstraint: unitNorm({ axis: 0 }) });
 */
export function unitNorm(options: AxisOptions = {}): Constraint {
  checkOptions("unitNorm", options, ["axis"]);
  const { axis = 0 } = options;
  return { className: "UnitNorm", config: { axis }, apply: rescaled("unitNorm", axis, () => 1) };
}

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions extends AxisOptions {
  /** The smallest norm. Default 0. */
  readonly minValue?: number;
  /** The largest norm. Default 1. */
  readonly maxValue?: number;
  /** 1 enforces the interval, less moves towards it. Default 1. */
  readonly rate?: number;
}

/**
 * Norms along `axis` lie between `minValue` and `maxValue`.
 * @example dense(10, { kernelConstraint: minMaxNorm({ minValue: 0.5, maxValue: 1 }) });
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  checkOptions("minMaxNorm", options, ["minValue", "maxValue", "rate", "axis"]);
  const { minValue = 0, maxValue = 1, rate = 1, axis = 0 } = options;
  const config = {
    min_value: numberWithin("minMaxNorm minValue", minValue, 0),
    max_value: numberWithin("minMaxNorm maxValue", maxValue, minValue),
    rate: numberWithin("minMaxNorm rate", rate, 0, 1),
    axis,
  };
  const desired = (norms: Value): Value => add(mul(clip(norms, minValue, maxValue), rate), mul(norms, 1 - rate));
  return { className: "MinMaxNorm", config, apply: rescaled("minMaxNorm", axis, desired) };
}

/** A constraint, its name with Keras's defaults (`"maxNorm"`, `"max_norm"`), or none. */
export type ConstraintLike = Constraint | Spelled<ConstraintNames> | null;

const axisOf = (config: ConfigReader): { readonly axis: ConstraintAxis } => ({ axis: config.axes("axis", 0) });

type ConstraintNames = "max_norm" | "non_neg" | "unit_norm" | "min_max_norm";

const KIND = namedKind<Constraint, ConstraintNames>({
  noun: "a constraint",
  module: "keras.constraints",
  method: "apply",
  known: {
    max_norm: (config) => maxNorm(config.number("max_value", 2), axisOf(config)),
    non_neg: () => nonNeg(),
    unit_norm: (config) => unitNorm(axisOf(config)),
    min_max_norm: (config) =>
      minMaxNorm({
        minValue: config.number("min_value", 0),
        maxValue: config.number("max_value", 1),
        rate: config.number("rate", 1),
        ...axisOf(config),
      }),
  },
});

/** The constraint that a user named or made; undefined and null mean none. */
export const constraintOf = KIND.of;
/** Reads Keras's form of a constraint; null means none. */
export const constraintFromKeras = KIND.fromKeras;
/** Keras's form of a constraint, as it stands in the config of a layer. */
export const constraintToKeras = KIND.toKeras;
