// Crops: images that show a part of another, or that another was set into; found by hashes of tiles and confirmed by laying one
// on the other.
import { FoveaError } from "../../../core/errors.js";
import { COPIES_ABOVE, type CropPair, cropPairs, loadImage, type Square } from "../../../data/index.js";
import { readBytes } from "../../../platform/files.js";
import type { Check, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { filesOf, joinedNames, partWord, percent } from "../words.js";
import { nearPairsOf } from "./copies.js";

/** Pixels along each side of the squares that are laid on each other. */
const SIDE = 256;
/** Squares that are kept: 64 KiB each. */
const KEPT = 256;

export const crops: Check = {
  name: "crops",
  title: "Crops",
  method:
    "PDQ hashes of tiles about places that a crop has as well; two images are named where the details of the common part " +
    `correlate by ${COPIES_ABOVE} and more once they lie on each other`,
  kinds: ["crop", "leak"],
  collects: ["tiles", "pdq", "pixels"],
  needs: [],
  run: async (subject) => (await pairsOf(subject)).map((pair) => findingOf(subject, pair)),
};

/** Pairs of images that are used and no near copies of each other. */
async function pairsOf(subject: HealthSubject): Promise<CropPair[]> {
  const { looks, images, onProgress } = subject;
  const used = new Set(subject.used);
  const known = new Set<number>();
  for (const { first, second } of await nearPairsOf(subject)) known.add(first * images.length + second);
  const squares = new Map<number, Square | undefined>();
  const look = async (index: number): Promise<Square | undefined> => {
    if (!used.has(index)) return undefined;
    const square = squares.has(index) ? squares.get(index) : await squareOf(subject, index);
    squares.delete(index);
    squares.set(index, square);
    const [oldest] = squares.keys();
    if (squares.size > KEPT && oldest !== undefined) squares.delete(oldest);
    return square;
  };
  const pairs = await cropPairs(looks.tiles!, looks, look, {
    known,
    onProgress: (done, total) => onProgress?.("crops", done, total),
  });
  // Copies to the pixel are told already.
  return pairs.filter(({ first, second }) => looks.prints.pixels[first] !== looks.prints.pixels[second]);
}

/** An image as a square of grey levels; undefined where its file is gone since. */
async function squareOf({ source }: HealthSubject, index: number): Promise<Square | undefined> {
  const { source: file } = source.listing.images[index]!;
  try {
    const bytes = typeof file === "string" ? await readBytes(file) : await file();
    const { data } = await loadImage(bytes, { height: SIDE, width: SIDE, color: "grayscale", interpolation: "box" });
    return { side: SIDE, levels: data };
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

function findingOf(
  subject: HealthSubject,
  { first, second, isMirrored, partOfFirst, partOfSecond }: CropPair,
): HealthFinding {
  const [a, b] = [partOfFirst, partOfSecond].map(({ left, right, top, bottom }) => (right - left) * (bottom - top)) as [
    number,
    number,
  ];
  // The image of which less is common is the larger view.
  const [crop, whole, share] = a >= b ? [first, second, b] : [second, first, a];
  const images = [whole, crop];
  const { part } = subject.images[whole]!;
  const other = subject.images[crop]!.part;
  const isLeak = part !== other;
  return {
    check: "crops",
    kind: isLeak ? "leak" : "crop",
    severity: isLeak ? "warning" : "note",
    files: filesOf(subject, images),
    images,
    evidence:
      `${subject.images[crop]!.file} shows a part of ${subject.images[whole]!.file}, ${percent(share)} of it${isMirrored ? ", mirrored" : ""}` +
      (isLeak ? `, and they lie in ${joinedNames([part ?? "no part", other ?? "no part"].map(partWord))}` : ""),
    remedy: isLeak
      ? "the figures are better than on new images; keep both in one part, or one of them"
      : "keep both only if that is meant, and in one part of the data",
  };
}
