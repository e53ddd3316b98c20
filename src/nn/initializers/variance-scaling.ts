// Initializers whose variance follows the number of inputs and outputs: the Glorot, He and LeCun families and their
// general form.
import { oneOf } from "../../core/errors.js";
import type { JsonObject } from "../../core/json.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { type Shape, sizeOf } from "../../core/shape.js";
import { filled, type Initializer, initializer, type Seeded, truncated } from "./initializer.js";

/**
 * Input and output units of a kernel: for convolutions the receptive field counts in both.
 * @param shape The kernel's shape, `[..., inputs, outputs]`.
 * @example fansOf([3, 3, 16, 32]); // [144, 288]
 */
export function fansOf(shape: Shape): [fanIn: number, fanOut: number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const field = sizeOf(shape.slice(0, -2));
  return [shape.at(-2)! * field, shape.at(-1)! * field];
}

/** The deviation of a standard normal truncated at two deviations. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

const MODES = ["fan_in", "fan_out", "fan_avg"] as const;
const DISTRIBUTIONS = ["truncated_normal", "untruncated_normal", "uniform"] as const;
type Mode = (typeof MODES)[number];
type Distribution = (typeof DISTRIBUTIONS)[number];

/** Variance `scale / n`, n being the fan in, the fan out or the mean of both. */
function fillScaled(scale: number, mode: Mode, distribution: Distribution): Initializer["fill"] {
  return (shape, random) => {
    const [fanIn, fanOut] = fansOf(shape);
    const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    if (distribution === "uniform") {
      const limit = Math.sqrt(3 * variance);
      return filled(shape, () => random.between(-limit, limit));
    }
    if (distribution === "untruncated_normal") {
      const deviation = Math.sqrt(variance);
      return filled(shape, () => deviation * random.normal());
    }
    const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
    return filled(shape, () => deviation * truncated(random));
  };
}

/** Keras 3.15 writes these two; they say which axes count as inputs and outputs, by default as fansOf does. */
const AXES: JsonObject = { input_axes: null, output_axes: null };

const scaled =
  (className: string, scale: number, mode: Mode, distribution: Distribution) =>
  (options: Seeded = {}): Initializer => {
    checkOptions(className, options, ["seed"]);
    return initializer(className, AXES, fillScaled(scale, mode, distribution), options.seed);
  };

/**
 * Uniform numbers within sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010); the default of kernels. Option `seed`.
 */
export const glorotUniform = scaled("GlorotUniform", 1, "fan_avg", "uniform");
/** Truncated normal numbers of variance 2 / (fanIn + fanOut) (Glorot and Bengio, 2010). Option `seed`. */
export const glorotNormal = scaled("GlorotNormal", 1, "fan_avg", "truncated_normal");
/** Uniform numbers within sqrt(6 / fanIn), for layers before ReLU (He and others, 2015). Option `seed`. */
export const heUniform = scaled("HeUniform", 2, "fan_in", "uniform");
/** Truncated normal numbers of variance 2 / fanIn, for layers before ReLU (He and others, 2015). Option `seed`. */
export const heNormal = scaled("HeNormal", 2, "fan_in", "truncated_normal");
/** Uniform numbers within sqrt(3 / fanIn) (LeCun and others, 1998). Option `seed`. */
export const lecunUniform = scaled("LecunUniform", 1, "fan_in", "uniform");
/** Truncated normal numbers of variance 1 / fanIn, for SELU (LeCun and others, 1998). Option `seed`. */
export const lecunNormal = scaled("LecunNormal", 1, "fan_in", "truncated_normal");

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions extends Seeded {
  /** Factor of the variance, above 0. Default 1. */
  readonly scale?: number;
  /** The number that divides the variance: inputs, outputs or their mean. Default `"fan_in"`. */
  readonly mode?: (typeof MODES)[number];
  /** `"truncated_normal"` (default), `"untruncated_normal"` or `"uniform"`. */
  readonly distribution?: (typeof DISTRIBUTIONS)[number] | "normal";
}

/**
 * The general form of the Glorot, He and LeCun families.
 * @example dense(4, { kernelInitializer: varianceScaling({ scale: 2, mode: "fan_out" }) });
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  checkOptions("varianceScaling", options, ["scale", "mode", "distribution", "seed"]);
  const { scale = 1, mode = "fan_in", distribution = "truncated_normal" } = options;
  numberWithin("varianceScaling scale", scale, Number.MIN_VALUE);
  const from = oneOf("varianceScaling mode", mode, MODES);
  const drawn = oneOf(
    "varianceScaling distribution",
    distribution === "normal" ? "truncated_normal" : distribution,
    DISTRIBUTIONS,
  );
  const config = { scale, mode: from, distribution: drawn, ...AXES };
  return initializer("VarianceScaling", config, fillScaled(scale, from, drawn), options.seed);
}
