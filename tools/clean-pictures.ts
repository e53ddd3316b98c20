// Honest pictures out of numbers, for the errors that forensic methods make on them: photos of hail damage reduced as a
// messenger does, discs with and without the noise of a sensor, smooth slopes cut by straight edges, scenes of textured
// things. Each is drawn once, and no part of it is a copy of another.
import { Random } from "../src/core/random.js";
import { hailImage, type Pixels, resizeImage } from "../src/data/index.js";
import { drawnPhoto } from "./forge.js";
import { scene } from "./health-photos.js";
import { discs } from "./pdq-pictures.js";

/** Sides of the pictures, in pixels. */
const SIDES = [96, 160, 224, 288, 320];
const sideOf = (seed: number): number => SIDES[seed % SIDES.length]!;

/** The pictures of each kind, by a seed. */
export const CLEAN_PICTURES: Readonly<Record<string, (seed: number) => Pixels>> = {
  "hail, reduced": (seed) => {
    const { pixels, height, width } = hailImage(1 + seed, { height: 384, width: 512, seed });
    const side = sideOf(seed);
    const photo = { height, width, channels: 3 as const, data: pixels };
    return resizeImage(photo, Math.round(0.75 * side), side, seed % 2 === 0 ? "bicubic" : "box");
  },
  "discs, noise": (seed) => drawnPhoto(1000 + seed, sideOf(seed)),
  "discs, drawn": (seed) => discs(3 * seed, sideOf(seed), Math.round(0.75 * sideOf(seed)), 3, 6 + (seed % 30)),
  "straight edges": (seed) => slopes(seed, sideOf(seed)),
  scenes: (seed) => scene(seed, sideOf(seed), Math.round(0.75 * sideOf(seed))),
};

/** Slopes of light cut by straight edges with soft sides: walls, panels, tables. Noise of half a level to two. */
function slopes(seed: number, side: number): Pixels {
  const random = new Random(seed, 13, 0);
  const edges = Array.from({ length: 3 + random.integer(8) }, () => {
    const angle = Math.PI * random.uniform();
    return {
      ...{ across: Math.cos(angle), down: Math.sin(angle), at: side * (1.4 * random.uniform() - 0.4) },
      ...{ soft: 0.6 + random.uniform(), level: 80 * (random.uniform() - 0.5) },
    };
  });
  const noise = 0.3 + 0.4 * (seed % 5);
  const [right, down] = [60 * (random.uniform() - 0.5), 60 * (random.uniform() - 0.5)];
  const data = new Uint8Array(3 * side * side);
  for (let y = 0, to = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let light = 120 + (right * x + down * y) / side;
      for (const edge of edges)
        light += edge.level / (1 + Math.exp(-(edge.across * x + edge.down * y - edge.at) / (0.4 * edge.soft)));
      for (let c = 0; c < 3; c++)
        data[to++] = Math.max(0, Math.min(255, Math.round(light + 6 * c + noise * random.normal())));
    }
  return { width: side, height: side, channels: 3, data };
}
