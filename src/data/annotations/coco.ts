// COCO's JSON (cocodataset.org/#format-data): images, categories, and annotations with boxes in pixels, outlines or run
// lengths. Attributes are written as CVAT does, scores as in files of results. Fields that have no meaning here (licences,
// addresses, key points) are kept, so that a file of this format is written as it was read.

import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { extensionOf, parentFolder } from "../../platform/paths.js";
import type { AnnotationFormat } from "./format.js";
import { attributesOf, jsonBytes, jsonOf, numberOf, numbersOf, objectOf, objectsOf, textOf } from "./json-fields.js";
import type { AnnotatedBox, AnnotationSet, Box, Ring, RunLengths } from "./model.js";
import { areaOf } from "./outline.js";
import type { Problems } from "./problems.js";
import { runLengthsOfText, textOfRunLengths } from "./run-lengths.js";
import { type RawObject, SetBuilder } from "./set-builder.js";

const FILE = "annotations.json";
const READ_FIELDS = ["images", "categories", "annotations"];
const CATEGORY_FIELDS = ["id", "name", "supercategory"];
const IMAGE_FIELDS = ["id", "file_name", "width", "height"];
const OBJECT_FIELDS = ["id", "image_id", "category_id", "bbox", "area", "iscrowd", "segmentation"];

/** Outline or mask of an annotation's `segmentation`. */
function shapeOf(
  file: string,
  value: Json | undefined,
): { readonly polygon?: readonly Ring[]; readonly mask?: RunLengths } {
  if (Array.isArray(value) && value.length > 0)
    return { polygon: value.map((ring) => numbersOf(ring) ?? [Number.NaN]) };
  if (!isJsonObject(value)) return {};
  const [height = Number.NaN, width = Number.NaN] = numbersOf(value.size) ?? [];
  const { counts } = value;
  const lengths =
    typeof counts === "string" ? runLengthsOfText(file, counts) : Uint32Array.from(numbersOf(counts) ?? []);
  return { mask: { height, width, counts: lengths } };
}

/** The fields that are not among the known ones. */
const otherFields = (object: JsonObject, known: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !known.includes(name)));

/** The fields that are not among the known ones as a part of a record, empty where there are none. */
function keptFields(object: JsonObject, known: readonly string[]): { readonly fields?: JsonObject } {
  const fields = otherFields(object, known);
  return Object.keys(fields).length > 0 ? { fields } : {};
}

function objectOfCoco(file: string, annotation: JsonObject, problems: Problems): Omit<RawObject, "category"> {
  const box = numbersOf(annotation.bbox);
  const [area, score] = [numberOf(annotation, "area"), numberOf(annotation, "score")];
  const attributes = objectOf(annotation, "attributes");
  const known = attributesOf(attributes);
  const others = otherFields(attributes, Object.keys(known));
  const isKnown = isJsonObject(annotation.attributes) ? ["attributes"] : [];
  const fields = otherFields(annotation, [...OBJECT_FIELDS, ...isKnown, ...(Number.isNaN(score) ? [] : ["score"])]);
  return {
    ...(box !== undefined && box.length === 4 && { box: box as unknown as Box }),
    ...shapeOf(file, annotation.segmentation),
    crowd: numberOf(annotation, "iscrowd") === 1 || annotation.iscrowd === true,
    area: Number.isNaN(area) ? undefined : area,
    score: Number.isNaN(score) ? undefined : score,
    attributes: known,
    ...idOf(file, annotation, problems),
    fields: { ...fields, ...(Object.keys(others).length > 0 && { attributes: others }) },
  };
}

/** The text by which annotations refer to an image or a category. */
const keyOf = (object: JsonObject, field: string): string => textOf(object, field) ?? "none";

/** The id of a thing, where it is a whole number. */
function idOf(file: string, thing: JsonObject, problems: Problems): { readonly id?: number } {
  const id = numberOf(thing, "id");
  if (Number.isSafeInteger(id)) return { id };
  if (thing.id !== undefined) problems.add("numberless", file, keyOf(thing, "id"));
  return {};
}

/** Mark of an id that several things have. */
const SHARED = Symbol("shared");

/** Notes the thing of an id, unless another has the id already. */
function note<T>(things: Map<string, T | typeof SHARED>, key: string, thing: T): void {
  things.set(key, things.has(key) && things.get(key) !== thing ? SHARED : thing);
}

/** The number of files, and the folder that a file's images lie in, "." where all files have theirs in one. */
interface Placed {
  readonly files: number;
  readonly folder: string;
}

/** Reads one file into the set. */
function readFile(path: string, bytes: Uint8Array, set: SetBuilder, { files, folder }: Placed): void {
  const root = jsonOf(path, bytes);
  if (!isJsonObject(root) || !Array.isArray(root.images)) {
    const found = Array.isArray(root) ? "a list, as files of results are; give the file of annotations" : "other JSON";
    const message = `${path}: expected COCO's JSON with images, categories and annotations, received ${found}`;
    // Notes and settings may lie beside annotations.
    if (files === 1) throw new FoveaError("unknown-format", message);
    set.problems.add("unread", path, message);
    return;
  }
  set.keep(path, otherFields(root, READ_FIELDS));
  const categories = new Map<string, number | typeof SHARED>();
  for (const category of objectsOf(root, "categories")) {
    const supercategory = textOf(category, "supercategory") ?? "";
    const key = keyOf(category, "id");
    const name = textOf(category, "name") ?? key;
    if (set.known(name) !== undefined && files === 1) set.problems.add("sameName", path, name);
    const rest = { ...idOf(path, category, set.problems), ...keptFields(category, CATEGORY_FIELDS) };
    note(categories, key, set.category(name, { ...rest, ...(supercategory !== "" && { supercategory }) }));
  }
  const images = new Map<string, string | undefined | typeof SHARED>();
  for (const image of objectsOf(root, "images")) {
    const size = { width: numberOf(image, "width"), height: numberOf(image, "height") };
    const file = textOf(image, "file_name") ?? "";
    const rest = { ...idOf(path, image, set.problems), ...keptFields(image, IMAGE_FIELDS) };
    note(images, keyOf(image, "id"), set.image(folder === "." ? [file] : [`${folder}/${file}`, file], size, rest));
  }
  for (const annotation of objectsOf(root, "annotations")) {
    const key = keyOf(annotation, "image_id");
    const categoryKey = keyOf(annotation, "category_id");
    const name = images.get(key);
    const category = categories.get(categoryKey);
    if (name === SHARED || category === SHARED) {
      set.problems.add("sameId", path, name === SHARED ? `image_id ${key}` : `category_id ${categoryKey}`);
      continue;
    }
    if (name === undefined) {
      if (!images.has(key)) set.problems.add("unknownImage", path, `image_id ${key}`);
      continue;
    }
    try {
      set.object(name, { category, ...objectOfCoco(path, annotation, set.problems) });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      set.problems.add("numbers", name, error.message);
    }
  }
}

interface Numbered {
  readonly id?: number;
}

/** Checks whether all things have a number, and no two the same. */
const haveNumbers = (things: readonly Numbered[]): boolean =>
  things.every(({ id }) => Number.isInteger(id)) && new Set(things.map(({ id }) => id)).size === things.length;

/** Numbers of things: their own where all have one and no two the same, else 1, 2, ... */
const idsOf = (things: readonly Numbered[]): number[] =>
  haveNumbers(things) ? things.map(({ id }) => id!) : things.map((_, i) => i + 1);

/** A sentence for each kind of things that get new numbers though some have numbers. */
function cautions({ categories, images }: AnnotationSet): string[] {
  const kinds: Readonly<Record<string, readonly Numbered[]>> = {
    images,
    classes: categories,
    objects: images.flatMap(({ objects }) => objects),
  };
  return Object.entries(kinds)
    .filter(([, things]) => !haveNumbers(things) && things.some(({ id }) => id !== undefined))
    .map(([kind]) => `the ${kind} have new numbers (id), since two share a number or some have none`);
}

function segmentationOf({ mask, polygon }: AnnotatedBox): Json | undefined {
  if (mask !== undefined) return { size: [mask.height, mask.width], counts: textOfRunLengths(mask.counts) };
  return polygon?.map((ring) => [...ring]);
}

function write({ categories, images, fields: rootFields }: AnnotationSet): Map<string, Uint8Array> {
  const [categoryIds, imageIds] = [idsOf(categories), idsOf(images)];
  const objectIds = idsOf(images.flatMap(({ objects }) => objects));
  let written = 0;
  const root = {
    ...rootFields,
    images: images.map(({ name, width, height, fields }, i) => ({
      ...fields,
      ...{ id: imageIds[i], file_name: name, width, height },
    })),
    categories: categories.map(({ name, supercategory = "", fields }, i) => ({
      ...fields,
      ...{ id: categoryIds[i], name, supercategory },
    })),
    annotations: images.flatMap(({ objects, width, height }, i) =>
      objects.map((object) => {
        const { category, box, crowd = false, score, attributes, fields = {} } = object;
        const segmentation = segmentationOf(object);
        const others = isJsonObject(fields.attributes) ? fields.attributes : {};
        return {
          ...fields,
          id: objectIds[written++],
          image_id: imageIds[i],
          category_id: categoryIds[category],
          bbox: [...box],
          area: areaOf(object, height, width),
          iscrowd: Number(crowd),
          ...(segmentation !== undefined && { segmentation }),
          ...(score !== undefined && { score }),
          ...(attributes !== undefined && { attributes: { ...others, ...attributes } }),
        };
      }),
    ),
  };
  return new Map([[FILE, jsonBytes(root)]]);
}

export const coco: AnnotationFormat = {
  title: "COCO JSON",
  holds: new Set([
    ...(["instances", "rectangles", "overlaps", "polygons", "parts", "masks", "boxes", "crowds"] as const),
    ...(["areas", "scores", "ids", "supercategories", "fields"] as const),
  ]),
  holdsAttribute: () => true,
  recognizes: (path, start, isWhole) =>
    extensionOf(path) === ".json" &&
    /^\s*\{/.test(start) &&
    !/"(shapes|imagePath|imageData)"\s*:/.test(start) &&
    (isWhole ? /"images"\s*:/ : /"(images|annotations|categories)"\s*:/).test(start),
  read: async (files, { images }) => {
    const set = new SetBuilder(images);
    // Lists of classes and other texts may lie beside.
    const json = [...files.keys()].filter((path) => extensionOf(path) === ".json");
    const paths = json.length > 0 ? json : [...files.keys()];
    const isApart = new Set(paths.map(parentFolder)).size > 1;
    for (const path of paths)
      readFile(path, files.get(path)!, set, { files: paths.length, folder: isApart ? parentFolder(path) : "." });
    return set.finish();
  },
  write,
  cautions,
};
