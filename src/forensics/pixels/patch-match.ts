// The most similar place elsewhere in the picture for each pixel: PatchMatch (Barnes et al. 2009) over dense features,
// with the propagation of linear fields of Cozzolino et al. 2015, so that turned copies are followed too.
import { DIMENSIONS, MARGIN } from "./ring-features.js";

/** The field of matches: the position of each pixel's match. */
export interface Matches {
  readonly width: number;
  readonly height: number;
  /** From each pixel to its match, right and down. Pixels of the margin have 0, 0. */
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  /** Squared distance of the features. */
  readonly distance: Float32Array;
}

const ROUNDS = 6;
/** Matches nearer than this are the pixel's own surroundings. */
export const LEAST_AWAY = 24;
/** Guesses near a match in each round, each half as far as the one before. */
const GUESSES = 6;

/** A fast generator of whole numbers (Marsaglia's xorshift): guesses need no more, and the same ones come each time. */
function xorshift(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Finds matches. The same features give the same matches. */
export async function patchMatch(
  features: Float32Array,
  width: number,
  height: number,
  pause: () => Promise<void>,
): Promise<Matches> {
  const matches: Matches = {
    ...{ width, height },
    dx: new Int16Array(width * height),
    dy: new Int16Array(width * height),
    distance: new Float32Array(width * height).fill(Infinity),
  };
  const search = new Search(features, matches);
  search.begin();
  for (let round = 0; round < ROUNDS; round++)
    for (let line = MARGIN; line < height - MARGIN; line++) {
      search.row(round % 2 === 0 ? line : height - 1 - line, round % 2 === 0 ? 1 : -1);
      await pause();
    }
  return matches;
}

class Search {
  readonly #features: Float32Array;
  readonly #matches: Matches;
  readonly #random = xorshift(0x9e3779b9);

  constructor(features: Float32Array, matches: Matches) {
    this.#features = features;
    this.#matches = matches;
  }

  /** Gives each pixel a place at random. */
  begin(): void {
    const { width, height } = this.#matches;
    for (let y = MARGIN; y < height - MARGIN; y++)
      for (let x = MARGIN; x < width - MARGIN; x++) {
        const toX = MARGIN + (this.#random() % (width - 2 * MARGIN));
        const toY = MARGIN + (this.#random() % (height - 2 * MARGIN));
        this.#offer(x, y, toX - x, toY - y);
      }
  }

  /** Improves the pixels of a row in one direction: from neighbours that were improved before, then by guesses. */
  row(y: number, step: 1 | -1): void {
    const { width, dx, dy } = this.#matches;
    const down = step * width;
    for (let i = MARGIN; i < width - MARGIN; i++) {
      const x = step === 1 ? i : width - 1 - i;
      const at = y * width + x;
      const [beside, above] = [at - step, at - down];
      this.#offer(x, y, dx[beside]!, dy[beside]!);
      this.#offer(x, y, dx[above]!, dy[above]!);
      this.#offer(x, y, dx[above - step]!, dy[above - step]!);
      // Fields of turned copies grow by the same amount from pixel to pixel.
      this.#offer(x, y, 2 * dx[beside]! - dx[beside - step]!, 2 * dy[beside]! - dy[beside - step]!);
      this.#offer(x, y, 2 * dx[above]! - dx[above - down]!, 2 * dy[above]! - dy[above - down]!);
      for (let reach = 1 << GUESSES; reach >= 1; reach >>= 1) {
        const word = this.#random();
        this.#offer(
          ...([x, y] as const),
          dx[at]! + ((word & 0xffff) % (2 * reach + 1)) - reach,
          dy[at]! + ((word >>> 16) % (2 * reach + 1)) - reach,
        );
      }
    }
  }

  /** Takes a match where it is nearer in features, inside the picture, and away from the pixel. */
  #offer(x: number, y: number, dx: number, dy: number): void {
    const { width, height, distance } = this.#matches;
    const [toX, toY] = [x + dx, y + dy];
    if (toX < MARGIN || toY < MARGIN || toX >= width - MARGIN || toY >= height - MARGIN) return;
    if (dx * dx + dy * dy < LEAST_AWAY * LEAST_AWAY) return;
    const at = y * width + x;
    const best = distance[at]!;
    const features = this.#features;
    const [a, b] = [at * DIMENSIONS, (toY * width + toX) * DIMENSIONS];
    let sum = 0;
    for (let k = 0; k < DIMENSIONS; k += 4) {
      const d0 = features[a + k]! - features[b + k]!;
      const d1 = features[a + k + 1]! - features[b + k + 1]!;
      const d2 = features[a + k + 2]! - features[b + k + 2]!;
      const d3 = features[a + k + 3]! - features[b + k + 3]!;
      sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
      if (sum >= best) return;
    }
    distance[at] = sum;
    this.#matches.dx[at] = dx;
    this.#matches.dy[at] = dy;
  }
}
