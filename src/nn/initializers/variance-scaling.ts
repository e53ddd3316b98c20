// Initializers whose variance follows the number of inputs and outputs: the Glorot, He and LeCun families and their
// general form.
import { oneOf } from "../../core/errors.js";
import type { JsonObject } from "../../core/json.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { type Shape, sizeOf } from "../../core/shape.js";
import { filled, type Initializer, initializer, type Seeded, truncated } from "./initializer.js";

/** Input and output units of a kernel: for convolutions the receptive field counts in both. */
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

export const glorotUniform = scaled("GlorotUniform", 1, "fan_avg", "uniform");
export const glorotNormal = scaled("GlorotNormal", 1, "fan_avg", "truncated_normal");
export const heUniform = scaled("HeUniform", 2, "fan_in", "uniform");
export const heNormal = scaled("HeNormal", 2, "fan_in", "truncated_normal");
export const lecunUniform = scaled("LecunUniform", 1, "fan_in", "uniform");
export const lecunNormal = scaled("LecunNormal", 1, "fan_in", "truncated_normal");

export interface VarianceScalingOptions extends Seeded {
  readonly scale?: number;
  /** `"fan_in"`, `"fan_out"` or `"fan_avg"`. */
  readonly mode?: (typeof MODES)[number];
  /** `"truncated_normal"`, `"untruncated_normal"` or `"uniform"`. */
  readonly distribution?: (typeof DISTRIBUTIONS)[number] | "normal";
}

/** The general form of the Glorot, He and LeCun families. */
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
