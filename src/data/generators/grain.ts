// The grain of paper, paint and sensors.
import type { Random } from "../../core/random.js";

/** Noise of about unit variance: the four bytes of one word added, which is normal enough for grain. */
export function grain(random: Random): number {
  const word = random.uint32();
  return ((word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510) * (1 / 148);
}
