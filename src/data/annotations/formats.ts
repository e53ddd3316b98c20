// All formats of annotation files, and how a set moves between them: the format of some files, and the facts that a format
// loses of a set.
import { FoveaError, oneOf } from "../../core/errors.js";
import { counted, listedNames } from "../messages.js";
import type { AnnotationFiles, AnnotationFormat, Fact, ReadOptions } from "./format.js";
import { type AnnotatedBox, type AnnotatedImage, type AnnotationSet, type Category, LIMITS } from "./model.js";
import { maskOf } from "./outline.js";
import { polygonBox } from "./polygons.js";
import { boxIou, maskBox, maskIou } from "./run-lengths.js";
import type { ReadAnnotations } from "./set-builder.js";
import { textStart } from "./text-bytes.js";

/** Formats by name. A format is loaded when it is needed, so that pages without annotations do without. */
const FORMATS = {
  coco: async () => (await import("./coco.js")).coco,
  voc: async () => (await import("./voc.js")).voc,
  yolo: async () => (await import("./yolo.js")).yolo,
  "mask-png": async () => (await import("./mask-png.js")).maskPng,
  labelme: async () => (await import("./labelme.js")).labelme,
  cvat: async () => (await import("./cvat.js")).cvat,
  "label-studio": async () => (await import("./label-studio.js")).labelStudio,
} as const satisfies Record<string, () => Promise<AnnotationFormat>>;

/** A name among `ANNOTATION_FORMATS`. */
export type AnnotationFormatName = keyof typeof FORMATS;
/** The names of all formats of annotations. */
export const ANNOTATION_FORMATS = Object.keys(FORMATS) as readonly AnnotationFormatName[];

/**
 * The record of a format.
 * @param name One of `ANNOTATION_FORMATS`.
 * @throws FoveaError for a name that is none
 * @example (await annotationFormat("coco")).title;
 */
export const annotationFormat = async (name: string): Promise<AnnotationFormat> =>
  FORMATS[oneOf("annotation format", name, ANNOTATION_FORMATS)]();

/** Bytes of a file that tell its format. */
const START = 64 * 1024;

/** The format of a file among some; undefined where none of them recognizes it. */
export async function formatOfFile(
  path: string,
  bytes: Uint8Array,
  among: readonly AnnotationFormatName[] = ANNOTATION_FORMATS,
): Promise<AnnotationFormatName | undefined> {
  const start = textStart(bytes, START);
  for (const name of among)
    if ((await annotationFormat(name)).recognizes(path, start, bytes.length < START)) return name;
  return undefined;
}

/**
 * The format of annotation files, by the first that one recognizes.
 * @param files Bytes by path, all files of the set.
 * @throws FoveaError where none does
 * @example
 * const coco = new TextEncoder().encode('{"images": [], "annotations": [], "categories": []}');
 * await recognizedFormat(new Map([["a.json", coco]])); // "coco"
 */
export async function recognizedFormat(files: AnnotationFiles): Promise<AnnotationFormatName> {
  for (const [path, bytes] of files) {
    const found = await formatOfFile(path, bytes);
    if (found !== undefined) return found;
  }
  throw new FoveaError(
    "unknown-format",
    `expected annotations (${ANNOTATION_FORMATS.join(", ")}), found ${files.size === 0 ? "no file" : listedNames([...files.keys()], 3)}; give --from, or another folder`,
  );
}

/**
 * Reads annotation files of a format.
 * @param files bytes by path, all files of the set
 * @param options.images sizes of the images that there are: YOLO's files need them, the others are checked against them
 * @param format One of `ANNOTATION_FORMATS`.
 * @returns the set, and a finding for each kind of fault
 * @throws FoveaError where nothing can be read, or a file is larger than 512 MB
 * @example
 * const image = { name: "1.jpg", width: 100, height: 50, objects: [{ category: 0, box: [10, 10, 20, 20], score: 0.9 }] };
 * const files = await writeAnnotations("coco", { categories: [{ name: "dent" }], images: [image] });
 * const { set, findings } = await readAnnotations("coco", files);
 * await lossesOf(set, "voc"); // a sentence on the score, which Pascal VOC does not hold
 */
export async function readAnnotations(
  format: AnnotationFormatName,
  files: AnnotationFiles,
  options: ReadOptions = {},
): Promise<ReadAnnotations> {
  for (const [path, { length }] of files)
    if (length > LIMITS.fileBytes)
      throw new FoveaError(
        "too-large",
        `${path}: expected an annotation file of at most ${LIMITS.fileBytes / 2 ** 20} MB, received ${Math.ceil(length / 2 ** 20)} MB; split it`,
      );
  return (await annotationFormat(format)).read(files, options);
}

/**
 * Writes a set as files of a format; `lossesOf` says what they do not hold.
 * @param format One of `ANNOTATION_FORMATS`.
 * @param set The annotations.
 * @throws FoveaError where names of images or classes do not fit the format
 * @example
 * const image = { name: "1.jpg", width: 100, height: 50, objects: [{ category: 0, box: [10, 10, 20, 20] }] };
 * const files = await writeAnnotations("voc", { categories: [{ name: "dent" }], images: [image] });
 */
export const writeAnnotations = async (
  format: AnnotationFormatName,
  set: AnnotationSet,
): Promise<Map<string, Uint8Array>> => (await annotationFormat(format)).write(set);

/** Distance of boxes, in pixels, that is a matter of rounding. */
const ROUNDING = 1e-6;

/** Checks whether an object's box is another than the one around its outline or mask. */
function hasOtherBox({ box, polygon, mask }: AnnotatedBox): boolean {
  if (mask === undefined && polygon === undefined) return false;
  const around = mask !== undefined ? maskBox(mask) : polygonBox(polygon!);
  return box.some((value, i) => Math.abs(value - around[i]!) > ROUNDING);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Objects of a class are one in a class map, and so are crowds. */
const classOf = ({ category, crowd }: AnnotatedBox): number => (crowd === true ? -1 : category);

/** Objects that share pixels with one of another class. */
function hiddenObjects({ objects, height, width }: AnnotatedImage): number {
  return objects.filter((object, i) =>
    objects.some((other, j) => {
      if (i >= j || classOf(object) === classOf(other) || boxIou(object.box, other.box) === 0) return false;
      return maskIou(maskOf(object, height, width), maskOf(other, height, width)) > 0;
    }),
  ).length;
}

/** A fact as sentences tell of its loss, and the number of things of a set that have it. */
interface FactRecord {
  readonly things: readonly [one: string, many?: string];
  readonly loss: string;
  readonly count: (set: AnnotationSet) => number;
  /** Names of the things, for the sentence. */
  readonly names?: (set: AnnotationSet) => readonly string[];
}

const objects =
  (has: (object: AnnotatedBox) => boolean) =>
  ({ images }: AnnotationSet): number =>
    sum(images.map((image) => image.objects.filter(has).length));

/** Images, classes and objects of a set. */
const thingsOf = ({ images, categories }: AnnotationSet): readonly (AnnotatedImage | Category | AnnotatedBox)[] => [
  ...images,
  ...categories,
  ...images.flatMap((image) => image.objects),
];

/** The names of all further fields, with repetitions. */
const fieldsOf = (set: AnnotationSet): string[] =>
  [set, ...thingsOf(set)].flatMap(({ fields = {} }) => Object.keys(fields));

const FACTS: Readonly<Record<Fact, FactRecord>> = {
  instances: {
    things: ["object"],
    loss: "merged with another of its class",
    count: ({ images }) => sum(images.map((image) => image.objects.length - new Set(image.objects.map(classOf)).size)),
  },
  rectangles: {
    things: ["box", "boxes"],
    loss: "filled, as if the objects were rectangles",
    count: objects(({ polygon, mask }) => polygon === undefined && mask === undefined),
  },
  overlaps: {
    things: ["object"],
    loss: "behind smaller ones written without the pixels that these hide",
    count: ({ images }) => sum(images.map(hiddenObjects)),
  },
  polygons: {
    things: ["outline"],
    loss: "not written as outlines",
    count: objects(({ polygon, mask }) => polygon !== undefined && mask === undefined),
  },
  parts: {
    things: ["object"],
    loss: "of several outlines written as one, joined by slits of no width",
    count: objects(({ polygon, mask }) => mask === undefined && (polygon?.length ?? 0) > 1),
  },
  masks: {
    things: ["mask"],
    loss: "not written as pixels",
    count: objects(({ mask }) => mask !== undefined),
  },
  boxes: {
    things: ["box", "boxes"],
    loss: "replaced by the box around the outline or mask",
    count: objects(hasOtherBox),
  },
  crowds: { things: ["crowd"], loss: "not marked as a crowd", count: objects(({ crowd }) => crowd === true) },
  areas: { things: ["area"], loss: "lost", count: objects(({ area }) => area !== undefined) },
  scores: { things: ["score"], loss: "lost", count: objects(({ score }) => score !== undefined) },
  ignored: {
    things: ["image"],
    loss: "without the pixels to be ignored",
    count: ({ images }) => images.filter(({ ignored }) => ignored !== undefined).length,
  },
  ids: {
    things: ["number"],
    loss: "of images, classes and objects lost",
    count: (set) => thingsOf(set).filter(({ id }) => id !== undefined).length,
  },
  supercategories: {
    things: ["supercategory", "supercategories"],
    loss: "lost",
    count: ({ categories }) => categories.filter(({ supercategory }) => supercategory !== undefined).length,
  },
  fields: {
    things: ["further field"],
    loss: "lost",
    count: (set) => fieldsOf(set).length,
    names: (set) => [...new Set(fieldsOf(set))],
  },
};

/**
 * One sentence, without its full stop, for each kind of fact of a set that a format cannot hold; none where nothing is lost.
 * @param set The annotations.
 * @param format One of `ANNOTATION_FORMATS`.
 * @example await lossesOf({ categories: [{ name: "dent" }], images: [] }, "voc"); // []: nothing is lost
 */
export async function lossesOf(set: AnnotationSet, format: AnnotationFormatName): Promise<string[]> {
  const { title, holds, holdsAttribute } = await annotationFormat(format);
  // Without outlines there are no joined ones.
  const hasParts = holds.has("parts") || !holds.has("polygons");
  const facts = (Object.keys(FACTS) as Fact[]).filter((fact) => !holds.has(fact) && !(fact === "parts" && hasParts));
  const sentences = facts.flatMap((fact) => {
    const { things, loss, count, names } = FACTS[fact];
    const number = count(set);
    const listed = names === undefined ? "" : ` (${listedNames(names(set), 5)})`;
    return number === 0 ? [] : [`${counted(number, ...things)} ${loss}${listed}`];
  });
  const attributes = new Map<string, number>();
  for (const { objects } of set.images)
    for (const object of objects)
      for (const [name, value] of Object.entries(object.attributes ?? {}))
        if (!holdsAttribute(name, value)) attributes.set(name, (attributes.get(name) ?? 0) + 1);
  const lost = [...attributes].map(([name, count]) => `${counted(count, "value")} of the attribute "${name}" lost`);
  return [...sentences, ...lost].map((sentence) => `${title}: ${sentence}`);
}

/**
 * One sentence, without its full stop, for each thing that other programs will not read of a set's files; none for most sets.
 * @param set The annotations.
 * @param format One of `ANNOTATION_FORMATS`.
 * @example await cautionsOf({ categories: [{ name: "dent" }], images: [] }, "yolo"); // []: boxes and outlines are not mixed
 */
export async function cautionsOf(set: AnnotationSet, format: AnnotationFormatName): Promise<string[]> {
  const { title, cautions } = await annotationFormat(format);
  return (cautions?.(set) ?? []).map((sentence) => `${title}: ${sentence}`);
}
