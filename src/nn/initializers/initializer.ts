// The interface of initializers, and functions that several of them share.

import type { JsonObject } from "../../core/json.js";
import { wholeNumber } from "../../core/options.js";
import type { Random } from "../../core/random.js";
import { type Shape, sizeOf } from "../../core/shape.js";

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

export interface Seeded {
  /** A seed of this weight alone; the model's seed when absent. */
  readonly seed?: number | null;
}

/** @throws FoveaError for a seed that is none. */
export const initializer = (
  className: string,
  config: JsonObject,
  fill: Initializer["fill"],
  seed: number | null = null,
): Initializer => ({
  className,
  config,
  seed: seed === null ? null : wholeNumber(`${className} seed`, seed, 0),
  fill,
});

/** A weight drawn number by number. */
export function filled(shape: Shape, next: () => number): Float32Array {
  const out = new Float32Array(sizeOf(shape));
  for (let i = 0; i < out.length; i++) out[i] = next();
  return out;
}

/** A standard normal that lies within two deviations, by rejection. */
export function truncated(random: Random): number {
  for (;;) {
    const x = random.normal();
    if (x > -2 && x < 2) return x;
  }
}
