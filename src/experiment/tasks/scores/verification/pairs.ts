// The pairs of images that a verifier is judged by: all of one identity up to a bound, and a drawn sample of two identities.
// The identities alone decide which ones they are.
import { Random, STREAM } from "../../../../core/random.js";

/** Places of both images of each pair, those of one identity first. */
export interface ImagePairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** 1 for a pair of one identity. */
  readonly same: Uint8Array;
}

/** The most pairs of one identity, and of two. */
export const MOST_PAIRS = 50_000;

/** Own streams of both draws. */
const [SAME, OTHERS] = [1, 2];

/**
 * Pairs of some images. Beyond the bound pairs are drawn with the same chance for each.
 * @param identities number of the identity of each image
 * @param most bound on the pairs of one identity, and on those of two. Default 50,000
 */
export function pairsOf(identities: ArrayLike<number>, most = MOST_PAIRS): ImagePairs {
  const members = new Map<number, number[]>();
  for (let row = 0; row < identities.length; row++) {
    const list = members.get(identities[row]!);
    if (list === undefined) members.set(identities[row]!, [row]);
    else list.push(row);
  }
  const groups = [...members.values()];
  const alike = groups.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  const all = (identities.length * (identities.length - 1)) / 2;
  const same = alike <= most ? everyPair(groups) : drawnSame(groups, alike, most);
  const others = all - alike <= most ? everyOther(identities) : drawnOthers(identities, most);
  const pairs = [...same, ...others];
  return {
    first: Int32Array.from(pairs, ([a]) => a),
    second: Int32Array.from(pairs, ([, b]) => b),
    same: Uint8Array.from(pairs, (_, at) => Number(at < same.length)),
  };
}

type Pair = readonly [first: number, second: number];

const everyPair = (groups: readonly (readonly number[])[]): Pair[] =>
  groups.flatMap((rows) => rows.flatMap((a, i) => rows.slice(i + 1).map((b): Pair => [a, b])));

function everyOther(identities: ArrayLike<number>): Pair[] {
  const pairs: Pair[] = [];
  for (let a = 0; a < identities.length; a++)
    for (let b = a + 1; b < identities.length; b++) if (identities[a] !== identities[b]) pairs.push([a, b]);
  return pairs;
}

/** Different pairs that `draw` gives, in ascending order. */
function distinct(most: number, images: number, draw: () => Pair): Pair[] {
  const keys = new Set<number>();
  while (keys.size < most) {
    const [a, b] = draw();
    keys.add(Math.min(a, b) * images + Math.max(a, b));
  }
  return [...keys].sort((x, y) => x - y).map((key): Pair => [Math.floor(key / images), key % images]);
}

/** A sample of pairs of one identity, each equally likely. */
function drawnSame(groups: readonly (readonly number[])[], alike: number, most: number): Pair[] {
  const random = new Random(0, STREAM.user + SAME, 0);
  const images = 1 + groups.reduce((top, rows) => Math.max(top, rows.at(-1)!), 0);
  const ends: number[] = [];
  for (const { length } of groups) ends.push((ends.at(-1) ?? 0) + (length * (length - 1)) / 2);
  return distinct(most, images, () => {
    const target = random.integer(alike);
    const rows = groups[ends.findIndex((end) => target < end)]!;
    const a = random.integer(rows.length);
    const b = random.integer(rows.length - 1);
    return [rows[a]!, rows[b >= a ? b + 1 : b]!];
  });
}

/** A sample of pairs of two identities, each equally likely. */
function drawnOthers(identities: ArrayLike<number>, most: number): Pair[] {
  const random = new Random(0, STREAM.user + OTHERS, 0);
  return distinct(most, identities.length, () => {
    for (;;) {
      const [a, b] = [random.integer(identities.length), random.integer(identities.length)];
      if (identities[a] !== identities[b]) return [a, b];
    }
  });
}

/**
 * Cosines of pairs of embeddings.
 * @param embeddings `[images, width]`, row by row
 */
export function cosinesOf(
  embeddings: Float32Array | Float64Array,
  width: number,
  { first, second }: Pick<ImagePairs, "first" | "second">,
): Float64Array {
  return Float64Array.from(first, (a, at) =>
    cosineOf(rowAt(embeddings, width, a), rowAt(embeddings, width, second[at]!)),
  );
}

const rowAt = (values: Float32Array | Float64Array, width: number, row: number): Float32Array | Float64Array =>
  values.subarray(row * width, (row + 1) * width);

/** The cosine between two vectors; 0 where one is 0 and has no direction. */
export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    left += a[i]! * a[i]!;
    right += b[i]! * b[i]!;
  }
  return left === 0 || right === 0 ? 0 : product / Math.sqrt(left * right);
}
