// Keras's weight initializers: the same distributions and names, drawn with Fovea's own counter-based generator, so
// that a seed gives the same weights on every machine. Which weight gets which stream is the model's business.
import { FoveaError } from "../core/errors.js";
import type { Random } from "../core/random.js";
import { type Shape, sizeOf } from "../core/shape.js";
import { toSnakeCase } from "./naming.js";
import {
  asJson,
  ConfigReader,
  classAndConfig,
  type Json,
  type JsonObject,
  kerasObject,
} from "./serialization/keras-object.js";

/** Fills a new weight. */
export interface Initializer {
  /** Keras's class name, such as `GlorotUniform`. */
  readonly className: string;
  /** Keras's config without the seed. */
  readonly config: JsonObject;
  /** A seed of its own, instead of the model's. */
  readonly seed: number | null;
  /** The values of a weight of `shape`. `random` is fresh for each weight. */
  readonly fill: (shape: Shape, random: Random) => Float32Array;
}

/** Input and output units of a kernel: for convolutions the receptive field counts in both. */
export function fansOf(shape: Shape): [fanIn: number, fanOut: number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const field = sizeOf(shape.slice(0, -2));
  return [shape.at(-2)! * field, shape.at(-1)! * field];
}

function filled(shape: Shape, next: () => number): Float32Array {
  const out = new Float32Array(sizeOf(shape));
  for (let i = 0; i < out.length; i++) out[i] = next();
  return out;
}

/** A standard normal that lies within two deviations, by rejection. */
function truncated(random: Random): number {
  for (;;) {
    const x = random.normal();
    if (x > -2 && x < 2) return x;
  }
}

interface Seeded {
  /** A seed of this weight alone; the model's seed when absent. */
  readonly seed?: number | null;
}

const simple = (
  className: string,
  config: JsonObject,
  fill: Initializer["fill"],
  seed?: number | null,
): Initializer => ({
  className,
  config,
  seed: seed ?? null,
  fill,
});

export const zeros = (): Initializer => simple("Zeros", {}, (shape) => new Float32Array(sizeOf(shape)));
export const ones = (): Initializer => simple("Ones", {}, (shape) => new Float32Array(sizeOf(shape)).fill(1));
export const constant = (value = 0): Initializer =>
  simple("Constant", { value }, (shape) => new Float32Array(sizeOf(shape)).fill(value));

/** Uniform in [minval, maxval). */
export const randomUniform = ({
  minval = -0.05,
  maxval = 0.05,
  seed,
}: Seeded & { readonly minval?: number; readonly maxval?: number } = {}): Initializer =>
  simple(
    "RandomUniform",
    { minval, maxval },
    (shape, random) => filled(shape, () => random.between(minval, maxval)),
    seed,
  );

interface NormalOptions extends Seeded {
  readonly mean?: number;
  readonly stddev?: number;
}
export const randomNormal = ({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}): Initializer =>
  simple(
    "RandomNormal",
    { mean, stddev },
    (shape, random) => filled(shape, () => mean + stddev * random.normal()),
    seed,
  );
/** Normal, redrawn until it lies within two deviations. */
export const truncatedNormal = ({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}): Initializer =>
  simple(
    "TruncatedNormal",
    { mean, stddev },
    (shape, random) => filled(shape, () => mean + stddev * truncated(random)),
    seed,
  );

/** The deviation of a standard normal truncated at two deviations. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** The Glorot, He and LeCun families: variance `scale / n`, n being the fan in or the mean of the fans. */
function scaled(className: string, scale: number, mode: "in" | "average", distribution: "uniform" | "normal") {
  return ({ seed }: Seeded = {}): Initializer =>
    simple(
      className,
      { input_axes: null, output_axes: null },
      (shape, random) => {
        const [fanIn, fanOut] = fansOf(shape);
        const variance = scale / Math.max(1, mode === "in" ? fanIn : (fanIn + fanOut) / 2);
        if (distribution === "uniform") {
          const limit = Math.sqrt(3 * variance);
          return filled(shape, () => random.between(-limit, limit));
        }
        const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
        return filled(shape, () => deviation * truncated(random));
      },
      seed,
    );
}

export const glorotUniform = scaled("GlorotUniform", 1, "average", "uniform");
export const glorotNormal = scaled("GlorotNormal", 1, "average", "normal");
export const heUniform = scaled("HeUniform", 2, "in", "uniform");
export const heNormal = scaled("HeNormal", 2, "in", "normal");
export const lecunUniform = scaled("LecunUniform", 1, "in", "uniform");
export const lecunNormal = scaled("LecunNormal", 1, "in", "normal");

/** By Keras's snake_case name: what a config or a string names. */
const BY_NAME: Readonly<Record<string, (config: ConfigReader, seed: number | null) => Initializer>> = {
  zeros: () => zeros(),
  ones: () => ones(),
  constant: (config) => constant(config.number("value", 0)),
  random_uniform: (config, seed) =>
    randomUniform({ minval: config.number("minval", -0.05), maxval: config.number("maxval", 0.05), seed }),
  random_normal: (config, seed) =>
    randomNormal({ mean: config.number("mean", 0), stddev: config.number("stddev", 0.05), seed }),
  truncated_normal: (config, seed) =>
    truncatedNormal({ mean: config.number("mean", 0), stddev: config.number("stddev", 0.05), seed }),
  glorot_uniform: (_, seed) => glorotUniform({ seed }),
  glorot_normal: (_, seed) => glorotNormal({ seed }),
  he_uniform: (_, seed) => heUniform({ seed }),
  he_normal: (_, seed) => heNormal({ seed }),
  lecun_uniform: (_, seed) => lecunUniform({ seed }),
  lecun_normal: (_, seed) => lecunNormal({ seed }),
};

/** An initializer, or its name in either spelling: `"glorotUniform"`, `"glorot_uniform"`. */
export type InitializerLike = Initializer | string;

function named(what: string, name: string, config: JsonObject): Initializer {
  const make = BY_NAME[toSnakeCase(name)];
  if (make === undefined)
    throw new FoveaError(
      `${what}: expected an initializer, one of ${Object.keys(BY_NAME).join(", ")}, received ${JSON.stringify(name)}`,
    );
  return make(new ConfigReader(what, config), typeof config.seed === "number" ? config.seed : null);
}

/** The initializer that a user named or made. */
export const initializerOf = (what: string, given: InitializerLike): Initializer =>
  typeof given === "string" ? named(what, given, {}) : given;

/** Reads Keras's form; `null` and absent mean `fallback`. */
export function initializerFromKeras(what: string, value: Json | undefined, fallback: Initializer): Initializer {
  if (value === undefined || value === null) return fallback;
  if (typeof value === "string") return named(what, value, {});
  const { className, config } = classAndConfig(what, value);
  return named(what, className, config);
}

/** Keras's form: `{"module": "keras.initializers", "class_name": "GlorotUniform", ...}`. */
export function initializerToKeras({ className, config, seed }: Initializer): JsonObject {
  const seeded = className === "Zeros" || className === "Ones" || className === "Constant" ? {} : { seed };
  return asJson(kerasObject("keras.initializers", className, { ...seeded, ...config }));
}
