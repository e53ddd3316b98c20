// Keras's regularizers: penalties on weights or activities that are added to the loss, in training and evaluation
// alike.
import { FoveaError, shown } from "../core/errors.js";
import { abs, add, constant, mul, square, sum } from "../core/graph/functions.js";
import type { Value } from "../core/graph/node.js";
import { checkOptions, made, numberWithin } from "../core/options.js";
import { toSnakeCase } from "./naming.js";
import {
  asJson,
  ConfigReader,
  classAndConfig,
  type Json,
  type JsonObject,
  kerasObject,
} from "./serialization/keras-object.js";

export interface Regularizer {
  /** Keras's class name: `L1`, `L2` or `L1L2`. */
  readonly className: string;
  readonly config: JsonObject;
  /** The penalty of a tensor of any shape, a scalar. */
  readonly penalty: (x: Value) => Value;
}

function make(className: string, factors: { readonly l1?: number; readonly l2?: number }): Regularizer {
  const checked = Object.entries(factors).map(([key, value]) => [key, numberWithin(`${className} ${key}`, value, 0)]);
  const { l1 = 0, l2 = 0 } = factors;
  return {
    className,
    config: Object.fromEntries(checked),
    penalty: (x) => {
      const terms = [...(l1 > 0 ? [mul(sum(abs(x)), l1)] : []), ...(l2 > 0 ? [mul(sum(square(x)), l2)] : [])];
      return terms.length === 0 ? constant(0) : terms.reduce((a, b) => add(a, b));
    },
  };
}

/** l1 times the sum of absolute values. */
export const l1 = (factor = 0.01): Regularizer => make("L1", { l1: factor });
/** l2 times the sum of squares. */
export const l2 = (factor = 0.01): Regularizer => make("L2", { l2: factor });
/** The sum of both penalties. */
export function l1L2(factors: { readonly l1?: number; readonly l2?: number } = {}): Regularizer {
  checkOptions("l1L2", factors, ["l1", "l2"]);
  return make("L1L2", { l1: factors.l1 ?? 0, l2: factors.l2 ?? 0 });
}

/** A regularizer, its name with Keras's default factors (`"l2"`), or none. */
export type RegularizerLike = Regularizer | string | null;

const BY_NAME: Readonly<Record<string, (config: ConfigReader) => Regularizer>> = {
  l1: (config) => l1(config.number("l1", 0.01)),
  l2: (config) => l2(config.number("l2", 0.01)),
  l1_l2: (config) => l1L2({ l1: config.number("l1", 0), l2: config.number("l2", 0) }),
};
const ALIASES: Readonly<Record<string, string>> = { l1l2: "l1_l2" };

function named(what: string, name: string, config: JsonObject): Regularizer {
  const key = toSnakeCase(name);
  const found = BY_NAME[ALIASES[key] ?? key];
  if (found === undefined)
    throw new FoveaError(
      `${what}: expected a regularizer, one of ${Object.keys(BY_NAME).join(", ")}, received ${shown(name)}`,
    );
  return found(new ConfigReader(what, config));
}

/** The regularizer that a user named or made. */
export const regularizerOf = (what: string, given: RegularizerLike = null): Regularizer | null =>
  typeof given === "string" ? named(what, given, {}) : given && made(what, "a regularizer", given, "penalty");

/** Reads Keras's form. */
export function regularizerFromKeras(what: string, value: Json | undefined): Regularizer | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return named(what, value, {});
  const { className, config } = classAndConfig(what, value);
  return named(what, className, config);
}

/** Keras's form: `{"module": "keras.regularizers", "class_name": "L2", ...}`. */
export const regularizerToKeras = (regularizer: Regularizer | null): Json =>
  regularizer && asJson(kerasObject("keras.regularizers", regularizer.className, regularizer.config));
