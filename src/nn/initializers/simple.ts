// Initializers that do not look at the shape: constants, uniform and normal numbers.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { sizeOf } from "../../core/shape.js";
import { filled, type Initializer, initializer, type Seeded, truncated } from "./initializer.js";

/** Zeros everywhere. */
export const zeros = (): Initializer => initializer("Zeros", {}, (shape) => new Float32Array(sizeOf(shape)));
/**
 * Ones everywhere.
 * @example dense(4, { kernelInitializer: ones() });
 */
export const ones = (): Initializer => initializer("Ones", {}, (shape) => new Float32Array(sizeOf(shape)).fill(1));
/**
 * The same number everywhere, 0 by default.
 * @param value The number; default 0.
 * @example dense(4, { biasInitializer: constant(0.1) });
 */
export const constant = (value = 0): Initializer =>
  initializer("Constant", { value: numberWithin("constant value", value) }, (shape) =>
    new Float32Array(sizeOf(shape)).fill(value),
  );

/**
 * Uniform in [minval, maxval), by default [-0.05, 0.05).
 * @param options `minval`: default -0.05; `maxval`: default 0.05; `seed`: default, the model's.
 * @throws FoveaError unless `maxval` is at least `minval`.
 * @example dense(4, { kernelInitializer: randomUniform({ minval: 0, maxval: 1, seed: 3 }) });
 */
export function randomUniform(
  options: Seeded & { readonly minval?: number; readonly maxval?: number } = {},
): Initializer {
  checkOptions("randomUniform", options, ["minval", "maxval", "seed"]);
  const minval = numberWithin("randomUniform minval", options.minval ?? -0.05);
  const maxval = numberWithin("randomUniform maxval", options.maxval ?? 0.05);
  if (maxval < minval)
    throw new FoveaError(
      "out-of-range",
      `randomUniform: expected a maxval of at least minval, received ${maxval} and ${minval}`,
    );
  return initializer(
    "RandomUniform",
    { minval, maxval },
    (shape, random) => filled(shape, () => random.between(minval, maxval)),
    options.seed,
  );
}

interface NormalOptions extends Seeded {
  /** Default 0. */
  readonly mean?: number;
  /** Default 0.05. */
  readonly stddev?: number;
}

/** Those with a mean and a deviation, made of standard normals that `draw` gives. */
const normal =
  (className: string, functionName: string, draw: typeof truncated) =>
  (options: NormalOptions = {}): Initializer => {
    checkOptions(functionName, options, ["mean", "stddev", "seed"]);
    const mean = numberWithin(`${functionName} mean`, options.mean ?? 0);
    const stddev = numberWithin(`${functionName} stddev`, options.stddev ?? 0.05, 0);
    return initializer(
      className,
      { mean, stddev },
      (shape, random) => filled(shape, () => mean + stddev * draw(random)),
      options.seed,
    );
  };

/** Normal numbers of mean 0 and deviation 0.05; options `mean`, `stddev` and `seed`. */
export const randomNormal = normal("RandomNormal", "randomNormal", (random) => random.normal());
/** Normal, redrawn until it lies within two deviations. */
export const truncatedNormal = normal("TruncatedNormal", "truncatedNormal", truncated);
