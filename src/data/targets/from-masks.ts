// From the pixels of masks to maps of classes: the numbers that are stored, or two values of which the brighter one is a class
// that a name or the image's folder tells. What a mask means is decided by the values of all masks, and said in a sentence.
import { FoveaError } from "../../core/errors.js";
import { byCodePoint } from "../../core/text-order.js";
import { counted, listedNames } from "../messages.js";
import { IGNORED, type Targets } from "./targets.js";

/** Masks as they are loaded, and what is known of their classes. */
export interface MaskFiles {
  /** The word for them in messages. */
  readonly where: string;
  /** Path of each mask. */
  readonly files: readonly string[];
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** `[files, height, width]`: numbers as they are stored. The maps take their place. */
  readonly values: Uint8Array;
  /** The folder of each image. */
  readonly folders?: readonly string[] | undefined;
  /** Names of the classes by their numbers. */
  readonly classNames?: readonly string[] | undefined;
  /** Classes to expect, those of a model; they win over other names. */
  readonly expected?: readonly string[] | undefined;
}

/** Name of the class 0 where nobody gives one, and of what is marked where all that is known is that it is marked. */
const [BACKGROUND, OBJECT] = ["background", "object"];
/** From more different values than these a picture is no map of classes. */
const MOST_VALUES = 64;
/**
 * Masks of two values that were resized or saved as JPEG have blurred edges: nearly all pixels are then close to 0 or to 255,
 * and the brighter half is what is marked.
 */
const [CLOSE, NEARLY_ALL, MARKED] = [10, 0.97, 128];

type Masks = Extract<Targets, { readonly kind: "masks" }>;

/**
 * Maps of classes, and a sentence on what the values were taken for, without a full stop.
 * @param masks Masks as they are loaded.
 * @throws FoveaError for values that no class has, for a folder that is no class, and for pictures that are no masks
 * @example classMaps({ where: "masks", files: ["1.png"], height: 1, width: 2, values: Uint8Array.of(0, 255) }).targets.classNames // ["background", "object"]
 */
export function classMaps(masks: MaskFiles): { readonly targets: Masks; readonly sentence: string } {
  const { height, width, values, files, where } = masks;
  const counts = countsOf(values);
  const used = [...counts.keys()].filter((value) => counts[value]! > 0);
  const isBlurred = used.length > MOST_VALUES && hasTwoValues(counts);
  if (isBlurred) for (let at = 0; at < values.length; at++) values[at] = values[at]! < MARKED! ? 0 : IGNORED;
  const isMarked = isBlurred || (used.every((value) => value === 0 || value === IGNORED) && used.includes(IGNORED));
  const { classNames, sentence } = isMarked ? marked(masks, height * width) : numbered(masks, used);
  const edges = isBlurred ? `; their edges are blurred, and values from ${MARKED} on count as 255` : "";
  if (classNames.length < 2)
    throw new FoveaError(
      "missing-labels",
      `${where}: all pixels of ${counted(files.length, "mask")} are 0; mark the objects to find`,
    );
  return { targets: { kind: "masks", classNames, height, width, values }, sentence: `${where} ${sentence}${edges}` };
}

/** Pixels of each value. */
function countsOf(values: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (const value of values) counts[value]! += 1;
  return counts;
}

/** Checks whether nearly all pixels are nearly black or nearly white, and some of them white. */
function hasTwoValues(counts: Float64Array): boolean {
  const sum = (some: Float64Array): number => some.reduce((total, count) => total + count, 0);
  const white = sum(counts.subarray(IGNORED - CLOSE!));
  return white > 0 && sum(counts.subarray(0, CLOSE! + 1)) + white >= NEARLY_ALL! * sum(counts);
}

type Named = { readonly classNames: readonly string[]; readonly sentence: string };

/** Masks of 0 and 255: what is marked becomes one class, or the class that the folder of its image is called. */
function marked({ where, files, values, folders, classNames: told, expected }: MaskFiles, size: number): Named {
  const names = expected ?? told;
  const holds = files.map((_, image) => values.subarray(image * size, (image + 1) * size).includes(IGNORED));
  const isByFolder = folders !== undefined && (names === undefined || names.length > 2);
  if (!isByFolder) {
    const classNames = names ?? [BACKGROUND!, OBJECT!];
    replace(values, 1);
    return { classNames, sentence: `have two values, 0 for ${classNames[0]} and 255 for ${classNames[1]}` };
  }
  const found = [...new Set(folders.filter((_, image) => holds[image]))].sort(byCodePoint);
  const classNames = names ?? [BACKGROUND!, ...found];
  const strange = found.filter((folder) => !classNames.includes(folder));
  if (strange.length > 0)
    throw new FoveaError(
      "unknown-class",
      `${where}: the ${strange.length === 1 ? "folder" : "folders"} ${listedNames(strange)} ${strange.length === 1 ? "is" : "are"} no class among the ` +
        `${classNames.length} expected: ${listedNames(classNames)}; remove their images, or train with them`,
    );
  for (const [image, folder] of folders.entries())
    if (holds[image]) replace(values.subarray(image * size, (image + 1) * size), classNames.indexOf(folder));
  return {
    classNames,
    sentence: `have two values, 0 for ${classNames[0]} and 255 for the class that an image's folder is called`,
  };
}

/** Puts a class in the place of 255. */
function replace(values: Uint8Array, classIndex: number): void {
  for (let at = 0; at < values.length; at++) if (values[at] === IGNORED) values[at] = classIndex;
}

/** Masks of class numbers, 255 for what is ignored. */
function numbered({ where, classNames: told, expected }: MaskFiles, used: readonly number[]): Named {
  const numbers = used.filter((value) => value !== IGNORED);
  const names = expected ?? told;
  const highest = numbers.at(-1) ?? 0;
  if (names === undefined && (numbers.length > MOST_VALUES || highest >= MOST_VALUES))
    throw new FoveaError(
      "wrong-value",
      `${where}: expected class numbers 0, 1, 2 and so on, or 0 and 255, found ${counted(used.length, "value")} up to ${highest}; ` +
        "save masks without blurring their edges, with a number for each class, and name the classes in a file classes.txt",
    );
  const strange = numbers.filter((value) => value >= (names?.length ?? 256));
  if (strange.length > 0)
    throw new FoveaError(
      "unknown-class",
      `${where}: the ${strange.length === 1 ? "value" : "values"} ${listedNames(strange.map(String))} ${strange.length === 1 ? "has" : "have"} no name among the ` +
        `${names!.length} classes ${listedNames(names!)}, which count from 0; correct the masks, or add the names`,
    );
  const classNames =
    names ?? Array.from({ length: highest + 1 }, (_, value) => (value === 0 ? BACKGROUND! : `class ${value}`));
  const ignored = used.includes(IGNORED) ? "; 255 is ignored" : "";
  return { classNames, sentence: `hold numbers of ${counted(classNames.length, "class", "classes")}${ignored}` };
}
