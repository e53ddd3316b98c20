// Keras's weight initializers by name and in files: the same distributions, drawn with Fovea's own counter-based
// generator, so that a seed gives the same weights on every machine. The model assigns streams to weights.
import { FoveaError, shown } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { made } from "../../core/options.js";
import { asJson, ConfigReader, classAndConfig, kerasObject } from "../config/keras-object.js";
import { type Spelled, toSnakeCase } from "../config/naming.js";
import type { Initializer } from "./initializer.js";
import { identity, orthogonal } from "./matrix.js";
import { constant, ones, randomNormal, randomUniform, truncatedNormal, zeros } from "./simple.js";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from "./variance-scaling.js";

export type { Initializer } from "./initializer.js";
export * from "./matrix.js";
export * from "./simple.js";
export * from "./variance-scaling.js";

type Make = (config: ConfigReader, seed: number | null) => Initializer;

/** By Keras's snake_case name: what a config or a string names. */
const KNOWN = {
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
  variance_scaling: (config, seed) =>
    varianceScaling({
      scale: config.number("scale", 1),
      mode: config.string("mode", "fan_in") as "fan_in",
      distribution: config.string("distribution", "truncated_normal") as "normal",
      seed,
    }),
  orthogonal: (config, seed) => orthogonal({ gain: config.number("gain", 1), seed }),
  identity: (config) => identity({ gain: config.number("gain", 1) }),
} satisfies Readonly<Record<string, Make>>;
const BY_NAME: Readonly<Record<string, Make>> = KNOWN;

/** The names of initializers. */
export type InitializerName = Spelled<keyof typeof KNOWN>;

/** An initializer, or its name in either spelling: `"glorotUniform"`, `"glorot_uniform"`. */
export type InitializerLike = Initializer | InitializerName;

function named(what: string, name: string, config: JsonObject): Initializer {
  const make = ownValue(BY_NAME, toSnakeCase(name));
  if (make === undefined)
    throw new FoveaError(
      "unknown-choice",
      `${what}: expected an initializer, one of ${Object.keys(BY_NAME).join(", ")}, received ${shown(name)}`,
    );
  return make(new ConfigReader(what, config), typeof config.seed === "number" ? config.seed : null);
}

/**
 * The initializer that a user named or made.
 * @param what The option's name, for messages.
 * @param initializer An initializer, or its name in Keras's or JavaScript's spelling.
 * @example initializerOf("kernelInitializer", "he_normal").className; // "HeNormal"
 */
export const initializerOf = (what: string, initializer: InitializerLike): Initializer =>
  typeof initializer === "string" ? named(what, initializer, {}) : made(what, "an initializer", initializer, "fill");

/**
 * Reads Keras's form; `null` and absent mean `fallback`.
 * @param what The option's name, for messages.
 * @param value The entry of a layer's config.
 * @example const same = initializerFromKeras("kernel_initializer", initializerToKeras(initializerOf("kernel", "zeros")), initializerOf("kernel", "ones"));
 */
export function initializerFromKeras(what: string, value: Json | undefined, fallback: Initializer): Initializer {
  if (value === undefined || value === null) return fallback;
  if (typeof value === "string") return named(what, value, {});
  const { className, config } = classAndConfig(what, value);
  return named(what, className, config);
}

/** Those that draw nothing, and so have no seed in Keras's config. */
const UNSEEDED: ReadonlySet<string> = new Set(["Zeros", "Ones", "Constant", "Identity"]);

/** Keras's form: `{"module": "keras.initializers", "class_name": "GlorotUniform", ...}`. */
export function initializerToKeras({ className, config, seed }: Initializer): JsonObject {
  const seeded = UNSEEDED.has(className) ? {} : { seed };
  return asJson(kerasObject("keras.initializers", className, { ...seeded, ...config }));
}
