// LabelMe's JSON (github.com/wkentaro/labelme), one file an image: shapes with corners in pixels, masks as PNG in base64.
// Polygons of one label and one group are one object. Pixels of images in the files are neither read nor written.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { baseName, extensionOf, parentFolder } from "../../platform/paths.js";
import { fileCalled, linesOf } from "./class-names.js";
import type { AnnotationFormat } from "./format.js";
import { stemOf } from "./image-names.js";
import {
  attributesOf,
  jsonBytes,
  jsonOf,
  listOf,
  numberOf,
  numbersOf,
  objectOf,
  objectsOf,
  textOf,
} from "./json-fields.js";
import { maskFromCut, maskToCut } from "./mask-cut.js";
import { bytesOfBase64, greyPng, pixelsOfPng, textOfBytes } from "./mask-png-bytes.js";
import type { AnnotatedBox, AnnotatedImage, AnnotationSet, Box, Ring } from "./model.js";
import { outputPaths } from "./output-paths.js";
import { ellipseRing } from "./round-shapes.js";
import { maskArea } from "./run-lengths.js";
import { type RawObject, SetBuilder } from "./set-builder.js";

const LABELS = "labels.txt";
/** Entries of labels.txt that are no classes. */
const NO_CLASSES = ["__ignore__", "_background_"];

type Points = readonly (readonly number[])[];
const pointsOf = (shape: JsonObject): Points =>
  listOf(shape, "points").map((point) => numbersOf(point) ?? [Number.NaN]);

/** The box around a rectangle's corners: two that lie opposite, or all four. */
function boxAround(points: Points): Box {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis] ?? Number.NaN)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return points.length < 2
    ? [left, top, Number.NaN, Number.NaN]
    : [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** The object of a shape; undefined for shapes without an area. */
async function shapeOf(
  path: string,
  shape: JsonObject,
  size: { width: number; height: number },
): Promise<Omit<RawObject, "category"> | undefined> {
  const points = pointsOf(shape);
  const [[x = Number.NaN, y = Number.NaN] = [], [right = Number.NaN, bottom = Number.NaN] = []] = points;
  switch (textOf(shape, "shape_type") ?? "polygon") {
    case "polygon":
      return { polygon: [points.flat()] };
    case "rectangle":
      return { box: boxAround(points) };
    case "oriented_rectangle":
      return { polygon: [points.flat()] };
    case "circle": {
      const radius = Math.hypot(right - x, bottom - y);
      return { polygon: [ellipseRing(x, y, radius, radius)] };
    }
    case "mask": {
      const text = textOf(shape, "mask");
      if (text === undefined) return { box: undefined };
      const cut = await pixelsOfPng(path, bytesOfBase64(path, text));
      return { mask: maskFromCut(path, { ...cut, x: Math.round(x), y: Math.round(y) }, size) };
    }
    default:
      return undefined;
  }
}

const ROUND = ["circle", "oriented_rectangle"];

async function readFile(path: string, root: JsonObject, set: SetBuilder): Promise<void> {
  const stated = { width: numberOf(root, "imageWidth"), height: numberOf(root, "imageHeight") };
  const file = (textOf(root, "imagePath") ?? "").replaceAll("\\", "/");
  const folder = parentFolder(path);
  const beside = folder === "." ? baseName(file) : `${folder}/${baseName(file)}`;
  const image = set.image(file === "" ? [stemOf(path)] : [beside, file, stemOf(path)], stated);
  if (image === undefined) return;
  const size = stated.width > 0 && stated.height > 0 ? stated : set.sizeOf(image)!;
  if (Object.values(objectOf(root, "flags")).includes(true)) set.problems.addField(path, "flags of the image");
  const found: { readonly object: RawObject; readonly rings?: Ring[] }[] = [];
  const groups = new Map<string, Ring[]>();
  for (const shape of objectsOf(root, "shapes")) {
    const label = textOf(shape, "label") ?? "";
    const type = textOf(shape, "shape_type") ?? "polygon";
    try {
      const outline = await shapeOf(path, shape, size);
      if (outline === undefined) {
        set.problems.add("shape", image, type);
        continue;
      }
      if (ROUND.includes(type)) set.problems.add("rounded", image, type);
      if ((textOf(shape, "description") ?? "") !== "") set.problems.addField(path, "description");
      if (outline.polygon === undefined && !Number.isNaN(numberOf(shape, "group_id")))
        set.problems.addField(path, "group_id");
      const category = label === "" ? undefined : set.category(label);
      const object = { category, ...outline, attributes: attributesOf(objectOf(shape, "flags")) };
      const group = numberOf(shape, "group_id");
      const key = `${group} ${label}`;
      if (Number.isNaN(group) || outline.polygon === undefined) found.push({ object });
      else if (groups.has(key)) groups.get(key)!.push(...outline.polygon);
      else {
        const rings = [...outline.polygon];
        groups.set(key, rings);
        found.push({ object, rings });
      }
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      set.problems.add("numbers", image, error.message);
    }
  }
  for (const { object, rings } of found) set.object(image, { ...object, ...(rings && { polygon: rings }) });
}

/** The points of a ring as pairs. */
const pairsOf = (ring: Ring): number[][] =>
  Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i]!, ring[2 * i + 1]!]);

/** The shapes of an object; `group` joins those of several outlines. */
function shapesOf(object: AnnotatedBox, label: string, group: number): Json[] {
  const { box, polygon, mask, attributes } = object;
  const flags = Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => typeof value === "boolean"));
  const shape = (points: number[][], shapeType: string, group_id: number | null = null, more = {}): Json => ({
    ...{ label, points, group_id, description: "", shape_type: shapeType, flags, ...more },
  });
  if (mask !== undefined && maskArea(mask) > 0) {
    const cut = maskToCut(mask);
    const [right, bottom] = [cut.x + cut.width - 1, cut.y + cut.height - 1];
    const corners = [
      [cut.x, cut.y],
      [right, bottom],
    ];
    return [shape(corners, "mask", null, { mask: textOfBytes(greyPng(cut)) })];
  }
  if (polygon !== undefined)
    return polygon.map((ring) => shape(pairsOf(ring), "polygon", polygon.length > 1 ? group : null));
  const [x, y, width, height] = box;
  const corners = [
    [x, y],
    [x + width, y + height],
  ];
  return [shape(corners, "rectangle")];
}

function fileOf({ name, width, height, objects }: AnnotatedImage, { categories }: AnnotationSet): Json {
  return {
    version: "5.5.0",
    flags: {},
    shapes: objects.flatMap((object, i) => shapesOf(object, categories[object.category]!.name, i + 1)),
    imagePath: baseName(name),
    imageData: null,
    imageHeight: height,
    imageWidth: width,
  };
}

function labelsFile({ categories }: AnnotationSet): Uint8Array {
  const odd = categories.find(({ name }) => NO_CLASSES.includes(name) || /[\r\n]|^\s|\s$/.test(name) || name === "");
  if (odd !== undefined)
    throw new FoveaError(
      "unusable-name",
      `${LABELS} of LabelMe cannot hold the class ${JSON.stringify(odd.name)}; rename it`,
    );
  return new TextEncoder().encode(
    [...NO_CLASSES, ...categories.map(({ name }) => name)].map((name) => `${name}\n`).join(""),
  );
}

export const labelme: AnnotationFormat = {
  title: "LabelMe JSON",
  holds: new Set(["instances", "rectangles", "overlaps", "polygons", "parts", "masks"]),
  holdsAttribute: (_, value) => typeof value === "boolean",
  recognizes: (path, start) =>
    extensionOf(path) === ".json" && /^\s*\{/.test(start) && /"(shapes|imagePath|imageData)"\s*:/.test(start),
  read: async (files, { images }) => {
    const set = new SetBuilder(images);
    const labels = fileCalled(files, [LABELS]);
    if (labels !== undefined) for (const name of linesOf(...labels)) if (!NO_CLASSES.includes(name)) set.category(name);
    for (const [path, bytes] of files) {
      if (extensionOf(path) !== ".json") continue;
      try {
        const root = jsonOf(path, bytes);
        if (isJsonObject(root) && Array.isArray(root.shapes)) await readFile(path, root, set);
        else set.problems.add("unread", path, "it has no shapes");
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        set.problems.add("unread", path, error.message);
      }
    }
    set.countUnannotated();
    return set.finish();
  },
  write: (set) => {
    const paths = outputPaths(set, (stem) => `${stem}.json`);
    return new Map([
      [LABELS, labelsFile(set)],
      ...set.images.map((image, i): [string, Uint8Array] => [paths[i]!, jsonBytes(fileOf(image, set))]),
    ]);
  },
};
