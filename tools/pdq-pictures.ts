// Generated pictures that PDQ hashes are compared on: shapes, waves and noise in sizes about every limit of the algorithm.
// Whole numbers and square roots alone make them, so that every engine makes the same bytes.
import { Random } from "../src/core/random.js";
import type { Pixels } from "../src/data/index.js";

/** Width, height and channels of each picture. */
const SIZES: readonly (readonly [width: number, height: number, channels: 1 | 3])[] = [
  ...([
    [5, 5, 3],
    [5, 64, 3],
    [63, 65, 1],
    [64, 64, 3],
    [64, 64, 1],
    [128, 128, 3],
    [129, 127, 3],
  ] as const),
  ...([
    [34, 42, 3],
    [160, 100, 3],
    [256, 256, 1],
    [512, 512, 3],
    [513, 300, 3],
    [300, 513, 1],
    [640, 350, 3],
  ] as const),
  ...([
    [1600, 40, 3],
    [1031, 1033, 1],
  ] as const),
];

/** A picture and its name. */
export interface NamedPicture {
  readonly name: string;
  readonly picture: Pixels;
}

/** Discs on a slope, with some noise. */
export function discs(
  seed: number,
  width: number,
  height: number,
  channels: number,
  count = 4 + 3 * (seed % 5),
): Pixels {
  const random = new Random(seed, 7, 0);
  const shapes = Array.from({ length: count }, () => ({
    ...{ x: random.integer(width), y: random.integer(height), level: random.integer(200) - 100 },
    ...{ radius: 1 + random.integer(1 + Math.floor(Math.max(width, height) / 4)), tint: random.integer(4) },
  }));
  const noise = 1 + 12 * (seed % 3);
  const data = new Uint8Array(width * height * channels);
  const levels = new Int32Array(channels);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      levels.fill(60 + Math.floor((80 * (seed % 2 === 0 ? x : y)) / (seed % 2 === 0 ? width : height)));
      for (const { x: u, y: v, level, radius, tint } of shapes)
        if ((x - u) * (x - u) + (y - v) * (y - v) < radius * radius)
          for (let c = 0; c < channels; c++) levels[c]! += tint === c ? -level : level;
      for (const level of levels) data[to++] = Math.max(0, Math.min(255, level + random.integer(noise)));
    }
  return { width, height, channels, data };
}

/** All pictures; the last is of one colour. */
export function pdqPictures(): NamedPicture[] {
  const pictures = SIZES.map(([width, height, channels], seed) => ({
    name: `${width}x${height}x${channels}`,
    picture: discs(seed, width, height, channels),
  }));
  const flat = { width: 100, height: 80, channels: 3, data: new Uint8Array(100 * 80 * 3).fill(90) };
  return [...pictures, { name: "flat", picture: flat }];
}
