// COCO's JSON (cocodataset.org/#format-data): images, categories, and annotations with boxes in pixels, outlines or run
// lengths. Attributes are written as CVAT does, scores as in files of results.

import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { AnnotationFormat } from "./format.js";
import { attributesOf, jsonBytes, jsonOf, numberOf, numbersOf, objectOf, objectsOf, textOf } from "./json-fields.js";
import type { AnnotatedBox, AnnotationSet, Box, Ring, RunLengths } from "./model.js";
import { areaOf } from "./outline.js";
import { runLengthsOfText, textOfRunLengths } from "./run-lengths.js";
import { type RawObject, SetBuilder } from "./set-builder.js";

const FILE = "annotations.json";
const READ_FIELDS = ["images", "categories", "annotations"];

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

function objectOfCoco(file: string, annotation: JsonObject): Omit<RawObject, "category"> {
  const box = numbersOf(annotation.bbox);
  const known = attributesOf(objectOf(annotation, "attributes"));
  const [area, score] = [numberOf(annotation, "area"), numberOf(annotation, "score")];
  return {
    ...(box !== undefined && box.length === 4 && { box: box as unknown as Box }),
    ...shapeOf(file, annotation.segmentation),
    crowd: numberOf(annotation, "iscrowd") === 1 || annotation.iscrowd === true,
    area: Number.isNaN(area) ? undefined : area,
    score: Number.isNaN(score) ? undefined : score,
    attributes: known,
  };
}

/** Reads one file into the set. */
function readFile(path: string, bytes: Uint8Array, set: SetBuilder, files: number): void {
  const root = jsonOf(path, bytes);
  if (!isJsonObject(root) || !Array.isArray(root.images))
    throw new FoveaError(
      "unknown-format",
      `${path}: expected COCO's JSON with images, categories and annotations, received ${Array.isArray(root) ? "a list, as files of results are; give the file of annotations" : "other JSON"}`,
    );
  for (const field of Object.keys(root)) if (!READ_FIELDS.includes(field)) set.problems.add("fields", path, field);
  const categories = new Map<number, number>();
  for (const category of objectsOf(root, "categories")) {
    const supercategory = textOf(category, "supercategory") ?? "";
    const id = numberOf(category, "id");
    const name = textOf(category, "name") ?? String(id);
    if (set.known(name) !== undefined && files === 1) set.problems.add("sameName", path, name);
    categories.set(id, set.category(name, { id, ...(supercategory !== "" && { supercategory }) }));
    if (category.keypoints !== undefined) set.problems.add("fields", path, "keypoints");
  }
  const images = new Map<number, string | undefined>();
  for (const image of objectsOf(root, "images")) {
    const id = numberOf(image, "id");
    const size = { width: numberOf(image, "width"), height: numberOf(image, "height") };
    images.set(id, set.image([textOf(image, "file_name") ?? ""], size, id));
  }
  for (const annotation of objectsOf(root, "annotations")) {
    const image = numberOf(annotation, "image_id");
    const name = images.get(image);
    if (name === undefined) {
      if (!images.has(image)) set.problems.add("unknownImage", path, `image_id ${annotation.image_id}`);
      continue;
    }
    try {
      const category = categories.get(numberOf(annotation, "category_id"));
      set.object(name, { category, ...objectOfCoco(path, annotation) });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      set.problems.add("numbers", name, error.message);
    }
  }
}

/** Numbers of things: their own where all have one and no two the same, else 1, 2, ... */
function idsOf(things: readonly { readonly id?: number }[]): number[] {
  const known = things.map(({ id }) => id).filter((id) => id !== undefined && Number.isInteger(id));
  return known.length === things.length && new Set(known).size === known.length
    ? (known as number[])
    : things.map((_, i) => i + 1);
}

function segmentationOf({ mask, polygon }: AnnotatedBox): Json | undefined {
  if (mask !== undefined) return { size: [mask.height, mask.width], counts: textOfRunLengths(mask.counts) };
  return polygon?.map((ring) => [...ring]);
}

function write({ categories, images }: AnnotationSet): Map<string, Uint8Array> {
  const [categoryIds, imageIds] = [idsOf(categories), idsOf(images)];
  let next = 1;
  const root = {
    images: images.map(({ name, width, height }, i) => ({ id: imageIds[i], file_name: name, width, height })),
    categories: categories.map(({ name, supercategory = "" }, i) => ({ id: categoryIds[i], name, supercategory })),
    annotations: images.flatMap(({ objects, width, height }, i) =>
      objects.map((object) => {
        const { category, box, crowd = false, score, attributes } = object;
        const segmentation = segmentationOf(object);
        return {
          id: next++,
          image_id: imageIds[i],
          category_id: categoryIds[category],
          bbox: [...box],
          area: areaOf(object, height, width),
          iscrowd: Number(crowd),
          ...(segmentation !== undefined && { segmentation }),
          ...(score !== undefined && { score }),
          ...(attributes !== undefined && { attributes }),
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
    ...(["areas", "scores", "ids", "supercategories"] as const),
  ]),
  holdsAttribute: () => true,
  recognizes: (path, start) =>
    path.endsWith(".json") && /^\s*\{/.test(start) && !/"(shapes|imagePath|imageData)"\s*:/.test(start),
  read: async (files, { images }) => {
    const set = new SetBuilder(images);
    // Lists of classes and other texts may lie beside.
    const paths = [...files.keys()].filter((path) => path.endsWith(".json"));
    for (const path of paths.length > 0 ? paths : files.keys()) readFile(path, files.get(path)!, set, files.size);
    return set.finish();
  },
  write,
};
