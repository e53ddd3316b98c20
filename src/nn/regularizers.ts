// Keras's regularizers: penalties on weights or activities that are added to the loss, in training and evaluation
// alike.
import { abs, add, constant, mul, square, sum } from "../core/functions/index.js";
import type { Value } from "../core/graph/node.js";
import type { JsonObject } from "../core/json.js";
import { checkOptions, numberWithin } from "../core/options.js";
import type { ConfigReader } from "./config/keras-object.js";
import { namedKind } from "./config/named-kind.js";
import type { Spelled } from "./config/naming.js";

/** A penalty on weights or outputs that is added to the loss. */
export interface Regularizer {
  /** Keras's class name: `L1`, `L2` or `L1L2`. */
  readonly className: string;
  /** Keras's config. */
  readonly config: JsonObject;
  /**
   * The penalty of a tensor of any shape, a scalar.
   * @param x A weight or a layer's output.
   */
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

/**
 * The penalty on a layer's output, divided by the batch size so that it does not grow with batches.
 * @param regularizer The penalty.
 * @param output The layer's output, `[batch, ...]`.
 * @example activityPenalty(l2(1e-3), cast(iota([8, 4], 1), "float32")).type.shape; // []: a scalar of the loss
 */
export const activityPenalty = (regularizer: Regularizer, output: Value): Value =>
  mul(regularizer.penalty(output), 1 / output.type.shape[0]!);

/**
 * l1 times the sum of absolute values.
 * @param factor Default 0.01.
 * @example dense(10, { kernelRegularizer: l1(1e-4) });
 */
export const l1 = (factor = 0.01): Regularizer => make("L1", { l1: factor });
/**
 * l2 times the sum of squares.
 * @param factor Default 0.01.
 * @example dense(10, { kernelRegularizer: l2(1e-4) });
 */
export const l2 = (factor = 0.01): Regularizer => make("L2", { l2: factor });
/**
 * The sum of both penalties.
 * @param factors `l1` and `l2`; default 0 each.
 * @example dense(10, { kernelRegularizer: l1L2({ l1: 1e-5, l2: 1e-4 }) });
 */
export function l1L2(factors: { readonly l1?: number; readonly l2?: number } = {}): Regularizer {
  checkOptions("l1L2", factors, ["l1", "l2"]);
  return make("L1L2", { l1: factors.l1 ?? 0, l2: factors.l2 ?? 0 });
}

/** A regularizer, its name with Keras's default factors (`"l2"`), or none. */
export type RegularizerLike = Regularizer | Spelled<RegularizerNames> | null;

const both = (config: ConfigReader): Regularizer => l1L2({ l1: config.number("l1", 0), l2: config.number("l2", 0) });

type RegularizerNames = "l1" | "l2" | "l1_l2" | "l1l2";

const KIND = namedKind<Regularizer, RegularizerNames>({
  noun: "a regularizer",
  module: "keras.regularizers",
  method: "penalty",
  known: {
    l1: (config) => l1(config.number("l1", 0.01)),
    l2: (config) => l2(config.number("l2", 0.01)),
    l1_l2: both,
    l1l2: both,
  },
});

/** The regularizer that a user named or made; undefined and null mean none. */
export const regularizerOf = KIND.of;
/** Reads Keras's form of a regularizer; null means none. */
export const regularizerFromKeras = KIND.fromKeras;
/** Keras's form of a regularizer, as it stands in the config of a layer. */
export const regularizerToKeras = KIND.toKeras;
