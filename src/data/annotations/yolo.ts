// YOLO's text files, one an image: a line an object, its class by number, then centre, width and height of the box, or the
// corners of its outline, as shares of the image's sides. A further number is the score. data.yaml or classes.txt has names.
import { FoveaError, shown } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json.js";
import { baseName, extensionOf } from "../../platform/paths.js";
import { counted } from "../messages.js";
import { fileCalled, linesOf, namesByLine } from "./class-names.js";
import type { AnnotationFiles, AnnotationFormat } from "./format.js";
import { stemOf } from "./image-names.js";
import type { AnnotatedBox, AnnotatedImage, AnnotationSet, Box } from "./model.js";
import { outlineOf } from "./outline.js";
import { outputPaths } from "./output-paths.js";
import { type RawObject, SetBuilder } from "./set-builder.js";
import { decodeText } from "./text-bytes.js";

const NAMES = ["classes.txt", "obj.names", "classes.names"];
/** Lists of images, as darknet has them. */
const OTHER_TEXTS = [...NAMES, "train.txt", "val.txt", "valid.txt", "test.txt"];
/** Texts about a set, such as Roboflow's README.dataset.txt. */
const ABOUT = /^(readme|licen[cs]e)\b/i;
/** The most classes: a number of a damaged file must not make a list of millions. */
const MOST_CLASSES = 100_000;
const DATA = ["data.yaml", "data.yml", "dataset.yaml"];
const [LABELS, IMAGES] = ["labels", "images"];

/** Facts of data.yaml or of a list of names. */
interface Facts {
  /** Names of the classes; undefined where none are given. */
  readonly names: readonly string[] | undefined;
  /** True where lines have key points behind the box (`kpt_shape`). */
  readonly hasKeyPoints: boolean;
}

/** The facts in data.yaml: names of classes are a list, or a map from numbers. */
async function factsInYaml(path: string, bytes: Uint8Array): Promise<Facts> {
  const { parse } = await import("yaml");
  let root: Json;
  try {
    root = parse(decodeText(path, bytes), { maxAliasCount: 0 }) as Json;
  } catch (error) {
    if (error instanceof FoveaError || !(error instanceof Error)) throw error;
    throw new FoveaError("malformed-file", `${path}: expected YAML, found a mistake in it: ${error.message}`, {
      cause: error,
    });
  }
  const names = isJsonObject(root) ? root.names : undefined;
  if (names !== undefined && names !== null && typeof names !== "object")
    throw new FoveaError("wrong-field", `${path}: expected names as a list or a map, found ${shown(names)}`);
  const entries = Array.isArray(names) ? [...names.entries()] : isJsonObject(names) ? Object.entries(names) : [];
  const list: string[] = [];
  for (const [key, name] of entries) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index >= MOST_CLASSES || typeof name === "object")
      throw new FoveaError(
        "wrong-field",
        `${path}: expected names of classes 0 to ${MOST_CLASSES - 1}, found ${key}: ${String(name)}`,
      );
    list[index] = String(name);
  }
  const hasKeyPoints = isJsonObject(root) && root.kpt_shape !== undefined && root.kpt_shape !== null;
  return { names: Array.from(list, (name, i) => name ?? String(i)), hasKeyPoints };
}

async function factsOf(files: AnnotationFiles): Promise<Facts> {
  const yaml = fileCalled(files, DATA);
  if (yaml !== undefined) return factsInYaml(...yaml);
  const list = fileCalled(files, NAMES);
  return { names: list && namesByLine(...list), hasKeyPoints: false };
}

/** The object of a line's numbers behind the class, on an image of this size. */
function objectOf(
  numbers: readonly number[],
  { width, height }: { width: number; height: number },
): Omit<RawObject, "category"> {
  const isOutline = numbers.length >= 6;
  const score = numbers.length % 2 === 1 ? numbers.at(-1)! : undefined;
  if (isOutline) {
    const corners = numbers.slice(0, numbers.length - (numbers.length % 2));
    return { polygon: [corners.map((value, i) => value * (i % 2 === 0 ? width : height))], score };
  }
  const [x = Number.NaN, y = Number.NaN, across = Number.NaN, down = Number.NaN] = numbers;
  const box: Box = [(x - across / 2) * width, (y - down / 2) * height, across * width, down * height];
  return { box, score };
}

/** Categories by number; those that no list names are called by their numbers. */
class Classes {
  readonly #known: number | undefined;
  readonly #set: SetBuilder;
  constructor(set: SetBuilder, names: readonly string[] | undefined) {
    this.#set = set;
    this.#known = names?.length;
    for (const [i, name] of (names ?? []).entries())
      if (set.category(name) !== i && set.category(`${name} (${i})`) !== i)
        throw new FoveaError(
          "duplicate",
          `YOLO: expected names of classes that differ, found "${name}" twice; rename one of them`,
        );
  }
  /** The index of a category; undefined for a number that is none. */
  at(number: number, path: string): number | undefined {
    if (!Number.isInteger(number) || number < 0 || number >= (this.#known ?? MOST_CLASSES)) return undefined;
    if (this.#known !== undefined) return number;
    if (this.#set.known(String(number)) === undefined) this.#set.problems.add("unnamed", path, `class ${number}`);
    return this.#set.category(String(number));
  }
}

/** Checks whether a path is that of labels, not of a list or of a text about the set. */
const isLabels = (path: string): boolean =>
  extensionOf(path) === ".txt" && !OTHER_TEXTS.includes(baseName(path).toLowerCase()) && !ABOUT.test(baseName(path));

/** Images that a file of labels may belong to, without extension. */
const imagesFor = (path: string): string[] => {
  const stem = stemOf(path);
  const swapped = stem
    .split("/")
    .map((part) => (part === LABELS ? IMAGES! : part))
    .join("/");
  const without = stem
    .split("/")
    .filter((part) => part !== LABELS)
    .join("/");
  return [swapped, stem, without];
};

function readLabels(path: string, bytes: Uint8Array, set: SetBuilder, classes: Classes, hasKeyPoints: boolean): void {
  const names = imagesFor(path);
  const found = set.pathOf(names);
  const size = found === undefined ? undefined : set.sizeOf(found);
  const image = set.image(found === undefined ? names.slice(-1) : [found], {
    width: size?.width ?? 0,
    height: size?.height ?? 0,
  });
  if (image === undefined || size === undefined) return;
  for (const line of linesOf(path, bytes)) {
    const [number, ...numbers] = line.split(/\s+/).map(Number) as [number, ...number[]];
    if (numbers.length < 4 || numbers.some((value) => !Number.isFinite(value))) {
      set.problems.add("numbers", image, `"${line.slice(0, 40)}"`);
      continue;
    }
    if (hasKeyPoints && numbers.length > 4) {
      set.problems.addField(path, "key points");
      numbers.length = 4;
    }
    const category = classes.at(number, path);
    if (category === undefined) set.problems.add("unknownClass", image, `class ${number}`);
    else set.object(image, { category, ...objectOf(numbers, size) });
  }
}

function lineOf(object: AnnotatedBox, { width, height }: AnnotatedImage): string {
  const outline = outlineOf(object);
  const [x, y, across, down] = object.box;
  const numbers =
    outline === undefined
      ? [(x + across / 2) / width, (y + down / 2) / height, across / width, down / height]
      : outline.map((value, i) => value / (i % 2 === 0 ? width : height));
  return [object.category, ...numbers, ...(object.score === undefined ? [] : [object.score])].join(" ");
}

function write(set: AnnotationSet): Map<string, Uint8Array> {
  const encoder = new TextEncoder();
  const paths = outputPaths(set, (stem) => {
    const parts = stem.split("/");
    return parts.includes(IMAGES!)
      ? `${parts.map((part) => (part === IMAGES ? LABELS : part)).join("/")}.txt`
      : `${LABELS}/${stem}.txt`;
  });
  const clash = paths.find((path) => !isLabels(path));
  if (clash !== undefined)
    throw new FoveaError(
      "unusable-name",
      `YOLO: ${clash} would be taken for a list of names or images; rename the image`,
    );
  // JSON's strings are YAML's too.
  const names = set.categories.map(({ name }, i) => `  ${i}: ${JSON.stringify(name)}\n`);
  const yaml = `path: .\ntrain: ${IMAGES}\nval: ${IMAGES}\nnames:${names.length === 0 ? " []" : ""}\n${names.join("")}`;
  return new Map([
    [DATA[0]!, encoder.encode(yaml)],
    ...set.images.map((image, i): [string, Uint8Array] => [
      paths[i]!,
      encoder.encode(image.objects.map((object) => `${lineOf(object, image)}\n`).join("")),
    ]),
  ]);
}

/** Images of which some objects have outlines and others boxes alone. */
const isMixed = ({ objects }: AnnotatedImage): boolean =>
  new Set(objects.map((object) => outlineOf(object) === undefined)).size > 1;

export const yolo: AnnotationFormat = {
  title: "YOLO text",
  holds: new Set(["instances", "rectangles", "overlaps", "polygons", "scores"]),
  holdsAttribute: () => false,
  recognizes: (path, start) =>
    isLabels(path) && /^\s*(\d+(\s+-?[\d.]+(e-?\d+)?){4,}\s*(\n|$)|$)/.test(start.split("\n", 1)[0]!),
  read: async (files, { images }) => {
    if (images === undefined)
      throw new FoveaError(
        "missing-option",
        "YOLO's text files do not say how large images are; give the folder of the images (--images)",
      );
    const set = new SetBuilder(images);
    const { names, hasKeyPoints } = await factsOf(files);
    const classes = new Classes(set, names);
    for (const [path, bytes] of files) if (isLabels(path)) readLabels(path, bytes, set, classes, hasKeyPoints);
    set.countUnannotated();
    return set.finish();
  },
  write,
  cautions: ({ images }) => {
    const mixed = images.filter(isMixed).length;
    if (mixed === 0) return [];
    return [
      `${counted(mixed, "image")} with boxes and outlines in one file, of which Ultralytics reads one kind alone`,
    ];
  },
};
