// From annotated objects to lists of boxes: shares of the image, so that they hold at any size that images are taken in.
import { FoveaError } from "../../core/errors.js";
import { counted, listedNames } from "../messages.js";
import type { ListedBoxes } from "../sources/listing.js";
import { BOX_NUMBERS, type Targets } from "./targets.js";

type Boxes = Extract<Targets, { readonly kind: "boxes" }>;

/** The most objects of an image: the targets of every image have room for them. */
const MOST_OBJECTS = 1000;
/** Numbers in all lists together: half a gigabyte. */
const MOST_NUMBERS = 2 ** 26;

/**
 * Lists of boxes, and a sentence on them, without a full stop. Parts of boxes outside of their images are cut off.
 * @param rows images of the listing that were kept
 * @param files names of these images, for messages
 * @param expected classes of a model or of the training images
 * @throws FoveaError for classes that are not expected, for images without any object, and for more objects than there is room for
 * @example
 * const listed = {
 *   where: "boxes.json",
 *   categories: [{ name: "dent" }],
 *   images: [{ width: 100, height: 50, objects: [{ category: 0, box: [10, 10, 20, 20] }] }],
 * };
 * const { targets } = boxTargets(listed, Int32Array.of(0), ["1.jpg"], undefined);
 * [...targets.values]; // about [0, 0.2, 0.4, 0.2, 0.4]: class, center and size as shares of the image
 */
export function boxTargets(
  { where, categories, images }: ListedBoxes,
  rows: Int32Array,
  files: readonly string[],
  expected: readonly string[] | undefined,
): { readonly targets: Boxes; readonly sentence: string } {
  const kept = Array.from(rows, (row) => images[row]!);
  const occurring = new Set(kept.flatMap(({ objects }) => objects.map(({ category }) => category)));
  const occur = categories.filter((_, k) => occurring.has(k)).map(({ name }) => name);
  const classNames = expected ?? occur;
  const strange = occur.filter((name) => !classNames.includes(name));
  if (strange.length > 0)
    throw new FoveaError(
      "unknown-class",
      `${where}: the ${strange.length === 1 ? "class" : "classes"} ${listedNames(strange)} ${strange.length === 1 ? "is" : "are"} not among the ` +
        `${classNames.length} expected: ${listedNames(classNames)}; remove these objects, or train with them`,
    );
  const total = kept.reduce((sum, { objects }) => sum + objects.length, 0);
  if (classNames.length === 0)
    throw new FoveaError(
      "missing-labels",
      `${where}: no object on ${counted(kept.length, "image")}; annotate the objects to find`,
    );
  const most = Math.max(1, ...kept.map(({ objects }) => objects.length));
  if (most > MOST_OBJECTS || kept.length * most * BOX_NUMBERS > MOST_NUMBERS)
    throw new FoveaError(
      "too-large",
      `${where}: ${files[kept.findIndex(({ objects }) => objects.length === most)]} has ${counted(most, "object")}, and there is room for at most ` +
        `${Math.min(MOST_OBJECTS, Math.floor(MOST_NUMBERS / kept.length / BOX_NUMBERS))} on each of ${counted(kept.length, "image")}; cut the image into parts`,
    );
  const places = categories.map(({ name }) => classNames.indexOf(name));
  return {
    targets: { kind: "boxes", classNames, most, ...lists(kept, most, places) },
    sentence: `${where} has ${counted(total, "object")} of ${listedNames(classNames)}`,
  };
}

/** @param places the class of each category */
function lists(
  images: ListedBoxes["images"],
  most: number,
  places: readonly number[],
): Pick<Boxes, "values" | "areas" | "sizes"> {
  const values = new Float64Array(images.length * most * BOX_NUMBERS);
  const areas = new Float64Array(images.length * most).fill(Number.NaN);
  for (let at = 0; at < areas.length; at++) values[at * BOX_NUMBERS] = -1;
  for (const [row, { width, height, objects }] of images.entries())
    for (const [i, { category, box, crowd, area }] of objects.entries()) {
      const [left, right] = [box[0], box[0] + box[2]].map((x) => Math.min(1, Math.max(0, x / width))) as [
        number,
        number,
      ];
      const [top, bottom] = [box[1], box[1] + box[3]].map((y) => Math.min(1, Math.max(0, y / height))) as [
        number,
        number,
      ];
      const label = crowd === true ? -2 - places[category]! : places[category]!;
      const at = row * most + i;
      values.set([label, (left + right) / 2, (top + bottom) / 2, right - left, bottom - top], at * BOX_NUMBERS);
      if (area !== undefined) areas[at] = area;
    }
  return { values, areas, sizes: Int32Array.from(images.flatMap(({ width, height }) => [height, width])) };
}
