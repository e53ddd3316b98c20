// Masks as PNG, one an image: a class for each pixel by number (palette or grey) or by colour, 0 the background, 255 ignored.
// labelmap.txt names the classes. The pixels of a class are one object: such files do not tell neighbours apart.
import { FoveaError } from "../../core/errors.js";
import { extensionOf } from "../../platform/paths.js";
import { type DecodedImage, decodeImage } from "../decoders/index.js";
import { palettePng } from "../palette-png.js";
import { convertColor } from "../pixels.js";
import { IGNORED } from "../targets/targets.js";
import { BACKGROUND, classMapOf, MOST_CLASSES } from "./class-map.js";
import {
  fileCalled,
  isBackground,
  LABEL_MAP,
  labelMapBytes,
  labelMapOf,
  type MappedLabel,
  vocColour,
} from "./class-names.js";
import type { AnnotationFormat } from "./format.js";
import { stemOf } from "./image-names.js";
import type { AnnotationSet } from "./model.js";
import { outputPaths } from "./output-paths.js";
import { runLengthsOf } from "./run-lengths.js";
import { SetBuilder } from "./set-builder.js";

const FOLDER = "masks";
const BLACK = 0;
/** Endings that names of masks have behind the name of their image. */
const ENDING = /[-_. ](masks?|seg|segmentation|gt|groundtruth|labels?|annotation|matte|trimap)$/i;
const FOLDERS = /^(masks?|labels?|annotations?|segmentation[-_]?(class|object)?|gt|ground[-_ ]?truths?)$/i;

/** Images that a mask may belong to, without extension. */
function imagesFor(path: string): string[] {
  const stem = stemOf(path);
  const parts = stem.split("/");
  const swapped = parts.map((part, i) => (i < parts.length - 1 && FOLDERS.test(part) ? "images" : part)).join("/");
  const without = parts.filter((part, i) => i === parts.length - 1 || !FOLDERS.test(part)).join("/");
  return [swapped, without, stem].flatMap((name) => [name, name.replace(ENDING, "")]);
}

/**
 * A mask's classes by number, `unknown` for colours that no class has.
 * @throws FoveaError for colours that no label map explains
 */
function numbersOf(image: DecodedImage, labels: readonly MappedLabel[] | undefined, unknown: number): Uint8Array {
  if (image.channels === 1) return image.data;
  if (labels === undefined) return convertColor(image, "numbers").data;
  // Black is the background where no label has it.
  const byColour = new Map([[BLACK, backgroundOf(labels)]]);
  for (const [
    i,
    {
      colour: [r = 0, g = 0, b = 0],
    },
  ] of labels.entries())
    byColour.set(r * 65536 + g * 256 + b, i);
  const { data } = convertColor(image, "rgb");
  return Uint8Array.from(
    { length: image.width * image.height },
    (_, i) => byColour.get(data[3 * i]! * 65536 + data[3 * i + 1]! * 256 + data[3 * i + 2]!) ?? unknown,
  );
}

interface Mask {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly numbers: Uint8Array;
  readonly isGrey: boolean;
}

/** Checks whether masks have two values only, 0 and 255: then 255 is the object. */
const areBlackAndWhite = (masks: readonly Mask[]): boolean =>
  masks.length > 0 && masks.every(({ numbers, isGrey }) => isGrey && numbers.every((n) => n === 0 || n === 255));

function readMask(
  { path, width, height, numbers }: Mask,
  { ignored, background }: { readonly ignored: number | undefined; readonly background: number },
  classes: (n: number) => number | undefined,
  set: SetBuilder,
): void {
  const names = imagesFor(path);
  const image = set.image([set.pathOf(names) ?? names[3]!], { width, height });
  if (image === undefined) return;
  const present = new Set(numbers);
  for (const number of [...present].sort((a, b) => a - b)) {
    if (number === background && number !== ignored) continue;
    const mask = runLengthsOf(
      numbers.map((n) => Number(n === number)),
      height,
      width,
    );
    if (number === ignored) set.ignore(image, mask);
    else set.object(image, { category: classes(number), mask });
  }
}

/** The number of the background: that of the label with its name, else of a first label in black, else one behind all labels. */
function backgroundOf(labels: readonly MappedLabel[] | undefined): number {
  if (labels === undefined) return BACKGROUND;
  const named = labels.findIndex(({ name }) => isBackground(name));
  if (named !== -1) return named;
  return labels[BACKGROUND]?.colour.every((value) => value === BLACK) === true ? BACKGROUND : labels.length;
}

/** Categories by number. */
function classesOf(
  set: SetBuilder,
  labels: readonly MappedLabel[] | undefined,
): (number: number) => number | undefined {
  const background = backgroundOf(labels);
  for (const { name } of labels?.filter((_, i) => i !== background) ?? []) set.category(name);
  return (number) => {
    if (labels !== undefined) return labels[number] === undefined ? undefined : set.known(labels[number].name);
    const name = String(number);
    if (set.known(name) === undefined) set.problems.add("unnamed", LABEL_MAP, `class ${name}`);
    return set.category(name);
  };
}

function palette(): Uint8Array {
  const colours = Array.from({ length: IGNORED }, (_, i) => vocColour(i));
  return Uint8Array.from([...colours, [224, 224, 192]].flat());
}

function write(set: AnnotationSet): Map<string, Uint8Array> {
  if (set.categories.length > MOST_CLASSES)
    throw new FoveaError("too-large", `a mask has at most ${MOST_CLASSES} classes, received ${set.categories.length}`);
  const paths = outputPaths(set, (stem) => `${FOLDER}/${stem}.png`);
  const colours = palette();
  return new Map([
    [LABEL_MAP, labelMapBytes(set.categories)],
    ...set.images.map((image, i): [string, Uint8Array] => {
      const { width, height } = image;
      return [paths[i]!, palettePng({ width, height, data: classMapOf(image) }, colours)];
    }),
  ]);
}

export const maskPng: AnnotationFormat = {
  title: "mask PNG",
  holds: new Set(["masks", "ignored"]),
  holdsAttribute: () => false,
  recognizes: (path, start) => extensionOf(path) === ".png" && start.slice(1, 4) === "PNG",
  read: async (files, { images, ignored }) => {
    const set = new SetBuilder(images);
    const list = fileCalled(files, [LABEL_MAP]);
    const labels = list === undefined ? undefined : labelMapOf(...list);
    const masks: Mask[] = [];
    for (const [path, bytes] of files) {
      if (extensionOf(path) !== ".png") continue;
      try {
        const image = await decodeImage(bytes, path, "cut");
        const { width, height, mode } = image;
        const numbers = numbersOf(image, labels, ignored ?? IGNORED);
        masks.push({ path, width, height, numbers, isGrey: mode !== "P" });
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        set.problems.add("unread", path, error.message);
      }
    }
    // Of masks that are black and white only, white is the first class.
    const isBinary = ignored === undefined && areBlackAndWhite(masks);
    const nowhere = isBinary ? undefined : (ignored ?? IGNORED);
    const numbered = classesOf(set, labels);
    const classes = (number: number): number | undefined => numbered(isBinary ? 1 : number);
    const numbersOfNoClass = { ignored: nowhere, background: backgroundOf(labels) };
    for (const mask of masks) readMask(mask, numbersOfNoClass, classes, set);
    set.countUnannotated();
    return set.finish();
  },
  write,
};
