// Slices: how often a model is right among images that have something in common, and among which it is worst. Slices
// share a name (a class, a camera) or a quarter of a number (size, brightness).
import { FoveaError } from "../../core/errors.js";
import { type Proportion, wilsonInterval } from "../../core/statistics/index.js";

/** Something that is known of each image. */
export interface SliceAttribute {
  /** Name in tables: `camera`, `brightness`. */
  readonly name: string;
  /** A value for each image; NaN or an empty name where it is not known. */
  readonly values: ArrayLike<number> | readonly string[];
}

/** Images with something in common. */
export interface Slice extends Proportion {
  /** Name of the attribute that the images have in common. */
  readonly attribute: string;
  /** The name that they share; for numbers the first and the last of them. */
  readonly value: string | { readonly from: number; readonly to: number };
  /** Positions of its images, in their order. */
  readonly images: readonly number[];
  /** Number of its images that the model is right about. */
  readonly right: number;
  /** Number of its images. */
  readonly count: number;
}

/** Parts that numbers are cut into. */
const PARTS = 4;
/** Names of one attribute. */
const MOST_NAMES = 1000;

/**
 * Slices of images, the worst first: by the upper end of the share that is right, so that a small slice does not come
 * first by chance alone.
 * @param right for each image whether the model was right about it
 * @param attributes names, of which each is a slice, or numbers, cut into quarters of as many images (equal ones stay
 * together). An attribute that is the same for all images gives none, nor does one with more names than half of the
 * images, which are no groups, or with more than 1000.
 * @throws FoveaError for values that are not one for each image
 * @example
 * const right = [true, false, true, false];
 * slicesOf(right, [{ name: "camera", values: ["a", "b", "a", "b"] }])[0]?.value; // "b"
 */
export function slicesOf(right: ArrayLike<boolean>, attributes: readonly SliceAttribute[]): Slice[] {
  const slices = attributes.flatMap(({ name, values }): Slice[] => {
    if (values.length !== right.length)
      throw new FoveaError(
        "length-mismatch",
        `slicesOf: expected a value of ${name} for each of ${right.length} images, received ${values.length}`,
      );
    const groups = isText(values) ? namedGroups(values) : numberGroups(values);
    if (groups.length < 2) return [];
    return groups.map(({ value, images }) => {
      const hits = images.reduce((sum, at) => sum + Number(right[at]), 0);
      return {
        ...{ attribute: name, value, images, right: hits, count: images.length },
        ...wilsonInterval(hits, images.length),
      };
    });
  });
  return slices.sort((a, b) => a.high - b.high || a.share - b.share || b.count - a.count);
}

type Group = Pick<Slice, "value" | "images">;

const isText = (values: SliceAttribute["values"]): values is readonly string[] => typeof values[0] === "string";

function namedGroups(values: readonly string[]): Group[] {
  const groups = new Map<string, number[]>();
  for (const [at, value] of values.entries()) {
    if (value === "") continue;
    const images = groups.get(value);
    if (images === undefined) groups.set(value, [at]);
    else images.push(at);
  }
  return groups.size > Math.min(MOST_NAMES, values.length / 2)
    ? []
    : [...groups].map(([value, images]) => ({ value, images }));
}

/** Parts of about as many images, the lowest numbers first. */
function numberGroups(values: ArrayLike<number>): Group[] {
  const known = Array.from(values, (_, at) => at).filter((at) => !Number.isNaN(values[at]));
  known.sort((a, b) => values[a]! - values[b]! || a - b);
  const groups: Group[] = [];
  let from = 0;
  for (let part = 1; part <= PARTS; part++) {
    let end = Math.round((part * known.length) / PARTS);
    // Equal numbers must not stand in two parts.
    while (end > from && end < known.length && values[known[end]!] === values[known[end - 1]!]) end++;
    if (end <= from) continue;
    const images = known.slice(from, end);
    const value = { from: values[images[0]!]!, to: values[images.at(-1)!]! };
    groups.push({ value, images: images.sort((a, b) => a - b) });
    from = end;
  }
  return groups;
}
