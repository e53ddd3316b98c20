// Random masks, annotations and detections, drawn as tools/coco-fixtures.py draws them: the same generator, the same order.
import type { AnnotatedBox, Box, Ring } from "../../src/data/index.js";
import type { DetectionImage, Overlap } from "../../src/experiment/tasks/scores/detection/index.js";

/** Numerical Recipes' linear congruential generator; the upper 24 bits of each state are drawn from. */
export class Draws {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return (this.#state >>> 8) % n;
  }
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Corners in eighths of a pixel within a rectangle. */
const ring = (draws: Draws, corners: number, left: number, top: number, width: number, height: number): number[] =>
  times(corners, () => [left + draws.below(8 * width + 1) / 8, top + draws.below(8 * height + 1) / 8]).flat();

/** A polygon that may leave its image, a mask of noise, and a box. */
export function maskCase(seed: number) {
  const draws = new Draws(seed);
  const [height, width] = [1 + draws.below(40), 1 + draws.below(40)];
  const polygon: Ring[] = times(1 + draws.below(3), () =>
    ring(draws, 3 + draws.below(6), draws.below(20) - 10, draws.below(20) - 10, width + 10, height + 10),
  );
  const dense = 1 + draws.below(9);
  const noise = Uint8Array.from({ length: height * width }, () => Number(draws.below(10) < dense));
  const [x, y] = [draws.below(8 * width) / 8 - 2, draws.below(8 * height) / 8 - 2];
  const box: Box = [x, y, 1 + draws.below(8 * width) / 8, 1 + draws.below(8 * height) / 8];
  return { height, width, polygon, noise, box };
}

type Shape = Pick<AnnotatedBox, "box" | "polygon">;
const BOX_OF_MASK: Box = [0, 0, 0, 0];

/** A box of any size or a polygon in it; sizes are drawn by their logarithm. */
function shapeOf(draws: Draws, side: number, asMask: boolean): Shape {
  const [width, height] = times(2, () => 1 + draws.below(Math.min(2 ** (1 + draws.below(8)), side))) as [
    number,
    number,
  ];
  const [left, top] = [draws.below(side - width + 1), draws.below(side - height + 1)];
  if (asMask) return { box: BOX_OF_MASK, polygon: [ring(draws, 3 + draws.below(3), left, top, width, height)] };
  return { box: [left + draws.below(8) / 8, top, width, height + draws.below(8) / 8] };
}

/** Nearly the same object. */
function moved(draws: Draws, { box, polygon }: Shape): Shape {
  if (polygon !== undefined) return { box, polygon: [polygon[0]!.map((value) => value + (draws.below(9) - 4) / 2)] };
  const scale = 1 + draws.below(4);
  return { box: box.map((value) => Math.max(0.125, value + ((draws.below(9) - 4) / 8) * scale)) as unknown as Box };
}

export interface DetectionSet {
  readonly images: readonly DetectionImage[];
  readonly categories: number;
  readonly overlap: Overlap;
}

/** Images with truth and detections: empty ones, crowds, equal scores, more than a hundred detections. */
export function detectionSet(seed: number): DetectionSet {
  const draws = new Draws(seed);
  const asMask = seed % 2 === 1;
  const side = 40 + draws.below(200);
  const categories = 1 + draws.below(3);
  const images = times(1 + draws.below(5), (): DetectionImage => {
    const truths: AnnotatedBox[] = [];
    const detections: AnnotatedBox[] = [];
    const count = draws.below(9);
    for (let i = 0; i < count; i++) {
      const shape = shapeOf(draws, side, asMask);
      const category = draws.below(categories);
      const crowd = draws.below(8) === 0;
      // Python evaluates the condition before the value.
      const odd = draws.below(3) === 0;
      truths.push({ ...shape, category, crowd, ...(odd && { area: draws.below(12000) + 1 }) });
      const found = draws.below(3);
      for (let j = 0; j < found; j++) {
        const guessed = draws.below(6) > 0 ? category : draws.below(categories);
        detections.push({ ...moved(draws, shape), category: guessed, score: draws.below(21) / 20 });
      }
    }
    const many = draws.below(40) === 0 ? 130 : draws.below(6);
    for (let i = 0; i < many; i++) {
      const shape = shapeOf(draws, side, asMask);
      detections.push({ ...shape, category: draws.below(categories), score: draws.below(1001) / 1000 });
    }
    return { width: side, height: side, truths, detections };
  });
  return { images, categories, overlap: asMask ? "masks" : "boxes" };
}
