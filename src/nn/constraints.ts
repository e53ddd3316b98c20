// Keras's constraints: what becomes of a weight after each update of the optimizer.
import { FoveaError } from "../core/errors.js";
import { add, clip, div, maximum, mul, sqrt, square, sum } from "../core/graph/functions.js";
import type { Value } from "../core/graph/node.js";
import { toSnakeCase } from "./naming.js";
import { numberWithin } from "./options.js";
import {
  asJson,
  ConfigReader,
  classAndConfig,
  type Json,
  type JsonObject,
  kerasObject,
} from "./serialization/keras-object.js";

export interface Constraint {
  /** Keras's class name, such as `MaxNorm`. */
  readonly className: string;
  readonly config: JsonObject;
  /** The nearest weight that keeps the constraint. */
  readonly apply: (weight: Value) => Value;
}

/** One axis or several along which norms are taken; the other axes are kept apart. */
export type ConstraintAxis = number | readonly number[];

/** Keras's epsilon: keeps a division by a norm of zero finite. */
const EPSILON = 1e-7;

/** weight * desired(norm) / norm, norms along `axis`. */
function rescaled(axis: ConstraintAxis, desired: (norms: Value) => Value | number): Constraint["apply"] {
  return (weight) => {
    const norms = sqrt(sum(square(weight), typeof axis === "number" ? [axis] : axis, true));
    return mul(weight, div(desired(norms), add(norms, EPSILON)));
  };
}

/** Norms along `axis` are at most `maxValue`. */
export const maxNorm = (maxValue = 2, { axis = 0 }: { readonly axis?: ConstraintAxis } = {}): Constraint => {
  const max_value = numberWithin("maxNorm maxValue", maxValue, 0);
  return {
    className: "MaxNorm",
    config: { max_value, axis },
    apply: rescaled(axis, (norms) => clip(norms, 0, max_value)),
  };
};

/** No weight is below zero. */
export const nonNeg = (): Constraint => ({ className: "NonNeg", config: {}, apply: (weight) => maximum(weight, 0) });

/** Norms along `axis` are 1. */
export const unitNorm = ({ axis = 0 }: { readonly axis?: ConstraintAxis } = {}): Constraint => ({
  className: "UnitNorm",
  config: { axis },
  apply: rescaled(axis, () => 1),
});

export interface MinMaxNormOptions {
  readonly minValue?: number;
  readonly maxValue?: number;
  /** 1 enforces the interval, less moves towards it. */
  readonly rate?: number;
  readonly axis?: ConstraintAxis;
}

/** Norms along `axis` lie between `minValue` and `maxValue`. */
export const minMaxNorm = ({ minValue = 0, maxValue = 1, rate = 1, axis = 0 }: MinMaxNormOptions = {}): Constraint => ({
  className: "MinMaxNorm",
  config: {
    min_value: numberWithin("minMaxNorm minValue", minValue, 0),
    max_value: numberWithin("minMaxNorm maxValue", maxValue, minValue),
    rate: numberWithin("minMaxNorm rate", rate, 0, 1),
    axis,
  },
  apply: rescaled(axis, (norms) => add(mul(clip(norms, minValue, maxValue), rate), mul(norms, 1 - rate))),
});

/** A constraint, its name with Keras's defaults (`"maxNorm"`, `"max_norm"`), or none. */
export type ConstraintLike = Constraint | string | null;

const axisOf = (config: ConfigReader): { readonly axis: ConstraintAxis } => ({ axis: config.axes("axis", 0) });

const BY_NAME: Readonly<Record<string, (config: ConfigReader) => Constraint>> = {
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
};

function named(what: string, name: string, config: JsonObject): Constraint {
  const found = BY_NAME[toSnakeCase(name)];
  if (found === undefined)
    throw new FoveaError(
      `${what}: expected a constraint, one of ${Object.keys(BY_NAME).join(", ")}, received ${JSON.stringify(name)}`,
    );
  return found(new ConfigReader(what, config));
}

/** The constraint that a user named or made. */
export const constraintOf = (what: string, given: ConstraintLike | undefined): Constraint | null =>
  typeof given === "string" ? named(what, given, {}) : (given ?? null);

/** Reads Keras's form. */
export function constraintFromKeras(what: string, value: Json | undefined): Constraint | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return named(what, value, {});
  const { className, config } = classAndConfig(what, value);
  return named(what, className, config);
}

/** Keras's form: `{"module": "keras.constraints", "class_name": "MaxNorm", ...}`. */
export const constraintToKeras = (constraint: Constraint | null): Json =>
  constraint && asJson(kerasObject("keras.constraints", constraint.className, constraint.config));
