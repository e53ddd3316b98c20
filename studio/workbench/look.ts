// A look at all images of a project: each decoded once, small. It finds sizes, brightness, similar images, and faults:
// images that cannot be decoded, copies, dark or blurred photos, faults of the folders' layout.
import { COLOR_MODES, type Listing, lookAtImages, SMALL_SIDE } from "fovea/data";
import { findingsOf, type KnownFinding } from "./look-findings.js";

/** Levels of the small pictures that images are compared by. */
const LENGTH = SMALL_SIDE * SMALL_SIDE;

export interface LookedSource {
  readonly listing: Listing;
  /** Name of its part. */
  readonly name: string;
  /** True for class folders of a disk, whose layout may be wrong. */
  readonly isClassFolders: boolean;
}

/** The images that are looked at, as one list. */
export interface LookedAt {
  /** One after the other, as the project numbers their images. */
  readonly sources: readonly LookedSource[];
  readonly count: number;
  fileOf(index: number): string;
  partOf(index: number): string | undefined;
  labelOf(index: number): string | undefined;
}

export interface LookOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** Facts of all images, by number. */
export interface Look {
  /** 0 for an image that cannot be decoded. */
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  readonly modes: Uint8Array;
  /** SHA-256 of each file; empty for one that cannot be decoded. */
  readonly hashes: readonly string[];
  /** Mean of the grey levels. */
  readonly brightness: Float32Array;
  /** Small grey pictures, one after the other, with their mean taken off. */
  readonly pictures: Int8Array;
  readonly findings: readonly KnownFinding[];
}

/** Looks at all images. @throws the reason of the signal where it breaks off */
export async function lookAt(images: LookedAt, { signal, onProgress }: LookOptions): Promise<Look> {
  const { count } = images;
  const all = images.sources.flatMap(({ listing }) => listing.images);
  const looks = await lookAtImages({ images: all }, { signal, onProgress });
  const look = {
    heights: looks.heights,
    widths: looks.widths,
    modes: looks.modes,
    hashes: looks.hashes.map((hash, index) => (looks.undecodable.has(index) ? "" : hash)),
    brightness: looks.measures.brightness.map((level) => 255 * level),
    pictures: new Int8Array(count * LENGTH),
  };
  for (let index = 0; index < count; index++) addPicture(look.pictures, looks.pictures, index);
  signal.throwIfAborted();
  return { ...look, findings: await findingsOf(images, look.hashes, looks) };
}

/** Takes over the small picture of an image, with its mean taken off. */
function addPicture(pictures: Int8Array, levels: Uint8Array, index: number): void {
  const from = index * LENGTH;
  let sum = 0;
  for (let i = 0; i < LENGTH; i++) sum += levels[from + i]!;
  const mean = sum / LENGTH;
  for (let i = 0; i < LENGTH; i++) pictures[from + i] = Math.round((levels[from + i]! - mean) / 2);
}

/** The likeness of each image to one, from -1 to 1: the correlation of their small pictures; -2 where one cannot be decoded. */
export function likenessTo({ pictures, heights }: Look, image: number): Float32Array {
  const mine = pictures.subarray(image * LENGTH, (image + 1) * LENGTH);
  const power = (picture: Int8Array): number => picture.reduce((sum, value) => sum + value * value, 0);
  const myPower = power(mine);
  return Float32Array.from(heights, (height, other) => {
    if (height === 0 || heights[image] === 0) return -2;
    const theirs = pictures.subarray(other * LENGTH, (other + 1) * LENGTH);
    let product = 0;
    let their = 0;
    for (let i = 0; i < LENGTH; i++) {
      product += mine[i]! * theirs[i]!;
      their += theirs[i]! * theirs[i]!;
    }
    const scale = Math.sqrt(myPower * their);
    return scale === 0 ? (myPower === their ? 1 : 0) : product / scale;
  });
}

/** The images most alike to one, without itself. */
export function nearestTo(look: Look, image: number, count: number): { index: number; likeness: number }[] {
  const likeness = likenessTo(look, image);
  const best: { index: number; likeness: number }[] = [];
  for (const [index, value] of likeness.entries()) {
    if (index === image || value < -1) continue;
    if (best.length === count && value <= best[count - 1]!.likeness) continue;
    best.push({ index, likeness: value });
    best.sort((a, b) => b.likeness - a.likeness);
    if (best.length > count) best.pop();
  }
  return best;
}

/** Size of an image in words; undefined for one that cannot be decoded. */
export const pixelsOf = ({ heights, widths }: Look, index: number): string | undefined =>
  heights[index] === 0 ? undefined : `${widths[index]} × ${heights[index]}`;

/** Names with how often each occurs, the most frequent first. */
export function countedNames(names: Iterable<string | undefined>): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

export const modeOf = ({ modes, heights }: Look, index: number): string | undefined =>
  heights[index] === 0 ? undefined : COLOR_MODES[modes[index]!];
