// Focal crossentropies (Lin and others, 2017): what is classified well already counts less, for rare classes.
import { add, clip, div, exp, log, mean, mul, neg, sigmoid, softmax, sub, sum } from "../../core/functions/index.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import {
  type SmoothedCrossentropyOptions,
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from "./crossentropy.js";
import { BELOW_ONE, EPSILON, type Loss } from "./loss.js";
import { aligned, power } from "./pointwise.js";
import { checkTargets, isProbability, YES_OR_NO } from "./targets.js";

/** Options of `categoricalFocalCrossentropy`. */
export interface FocalOptions extends SmoothedCrossentropyOptions {
  /** Exponent that makes easy samples count less; default 2. */
  readonly gamma?: number;
  /** The weight of the class 1, or of all classes; default 0.25. */
  readonly alpha?: number;
}
/** Options of `binaryFocalCrossentropy`. */
export interface BinaryFocalOptions extends FocalOptions {
  /** True where class 1 counts `alpha` and class 0 `1 - alpha`. Default false. */
  readonly applyClassBalancing?: boolean;
}

function settings(what: string, options: FocalOptions, more: readonly string[] = []) {
  checkOptions(what, options, ["fromLogits", "labelSmoothing", "gamma", "alpha", ...more]);
  return {
    fromLogits: flag(`${what} fromLogits`, options.fromLogits, false),
    smoothing: numberWithin(`${what} labelSmoothing`, options.labelSmoothing ?? 0, 0, 1),
    gamma: numberWithin(`${what} gamma`, options.gamma ?? 2, 0),
    alpha: numberWithin(`${what} alpha`, options.alpha ?? 0.25, 0),
  };
}

/**
 * Crossentropy of yes-or-no targets, each times (1 - p)^gamma for the probability p of what is true.
 * @example binaryFocalCrossentropy({ fromLogits: true, applyClassBalancing: true, alpha: 0.75 })
 */
export function binaryFocalCrossentropy(options: BinaryFocalOptions = {}): Loss {
  const { fromLogits, smoothing, gamma, alpha } = settings("binaryFocalCrossentropy", options, ["applyClassBalancing"]);
  const balancing = flag("binaryFocalCrossentropy applyClassBalancing", options.applyClassBalancing, false);
  const name = "binary_focal_crossentropy";
  return {
    className: "BinaryFocalCrossentropy",
    name,
    config: {
      from_logits: fromLogits,
      label_smoothing: smoothing,
      axis: -1,
      apply_class_balancing: balancing,
      alpha,
      gamma,
    },
    values: (yTrue, yPred) => {
      const [hard, scores] = aligned(name, yTrue, yPred);
      const y = smoothing === 0 ? hard : add(mul(hard, 1 - smoothing), 0.5 * smoothing);
      const p = fromLogits ? sigmoid(scores) : scores;
      const clipped = clip(p, EPSILON, BELOW_ONE);
      const entropy = neg(add(mul(y, log(clipped)), mul(sub(1, y), log(sub(1, clipped)))));
      const ofTruth = add(mul(y, p), mul(sub(1, y), sub(1, p)));
      const focal = mul(power(sub(1, ofTruth), gamma), entropy);
      if (!balancing) return mean(focal, [-1]);
      return mean(mul(focal, add(mul(y, alpha), mul(sub(1, y), 1 - alpha))), [-1]);
    },
    check: (y, _, samples) => checkTargets(name, YES_OR_NO, y, isProbability, samples),
  };
}

/**
 * Crossentropy of one-hot targets, each class's times alpha (1 - p)^gamma.
 * @example categoricalFocalCrossentropy({ fromLogits: true })
 */
export function categoricalFocalCrossentropy(options: FocalOptions = {}): Loss {
  const { fromLogits, smoothing, gamma, alpha } = settings("categoricalFocalCrossentropy", options);
  const name = "categorical_focal_crossentropy";
  return {
    className: "CategoricalFocalCrossentropy",
    name,
    config: { from_logits: fromLogits, label_smoothing: smoothing, axis: -1, alpha, gamma },
    values: (yTrue, yPred) => {
      const [hard, scores] = aligned(name, yTrue, yPred);
      const y = smoothing === 0 ? hard : add(mul(hard, 1 - smoothing), smoothing / scores.type.shape.at(-1)!);
      const raw = fromLogits ? softmax(scores) : scores;
      const p = clip(div(raw, sum(raw, [-1], true)), EPSILON, BELOW_ONE);
      return sum(mul(mul(power(sub(1, p), gamma), alpha), neg(mul(y, log(p)))), [-1]);
    },
    check: (y, _, samples) => checkTargets(name, "one-hot or soft labels from 0 to 1", y, isProbability, samples),
  };
}

/** Options of `sparseFocalCrossentropy`. */
export interface SparseFocalOptions extends SparseCrossentropyOptions {
  /** Exponent that makes easy samples count less; default 2. */
  readonly gamma?: number;
}

/**
 * Crossentropy of integer labels or maps of labels, as `sparseCategoricalCrossentropy` has it, each times (1 - p)^gamma for the
 * probability p of the true class. Keras has no such loss for labels.
 * @example sparseFocalCrossentropy({ fromLogits: true, ignoreClass: 255 }) // for masks
 */
export function sparseFocalCrossentropy(options: SparseFocalOptions = {}): Loss {
  checkOptions("sparseFocalCrossentropy", options, ["fromLogits", "ignoreClass", "gamma"]);
  const { gamma: exponent = 2, ...plain } = options;
  const gamma = numberWithin("sparseFocalCrossentropy gamma", exponent, 0);
  const entropies = sparseCategoricalCrossentropy(plain);
  return {
    ...entropies,
    className: "SparseFocalCrossentropy",
    name: "sparse_focal_crossentropy",
    config: { ...entropies.config, gamma },
    isForeign: true,
    values: (yTrue, yPred) => {
      const entropy = entropies.values(yTrue, yPred);
      return mul(power(sub(1, exp(neg(entropy))), gamma), entropy);
    },
  };
}
