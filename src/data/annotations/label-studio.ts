// Label Studio's JSON export (labelstud.io, "Label Studio JSON format of annotated tasks"): regions in per cent of the
// image's sides; its shorter form (JSON_MIN) is read too. Addresses of images are taken for names and never opened.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { baseName, extensionOf } from "../../platform/paths.js";
import type { AnnotationFiles, AnnotationFormat } from "./format.js";
import { jsonBytes, jsonOf, numberOf, numbersOf, objectsOf, textOf } from "./json-fields.js";
import { brushLengths, maskOfBrush } from "./label-studio-brush.js";
import type { AnnotatedBox, AnnotatedImage, AnnotationSet } from "./model.js";
import { outlineOf } from "./outline.js";
import { ellipseRing, turnedRing } from "./round-shapes.js";
import { type RawObject, SetBuilder } from "./set-builder.js";
import { type Element, parseXml, xml, xmlBytes } from "./xml.js";

const FILE = "tasks.json";
const CONFIG = "config.xml";
/** The file name of an upload has eight hexadecimal digits in front. */
const UPLOAD = /^[0-9a-f]{8}-(?=.)/;

/** Names that the address of an image may mean. */
function namesOf(address: string): [name: string, other: string] {
  const local = /[?&]d=([^&]+)/.exec(address)?.[1];
  let plain = local ?? address.replace(/^\w+:\/\/[^/]*\//, "").replace(/[?#].*$/, "");
  try {
    plain = decodeURIComponent(plain);
  } catch {
    // A name may have a per cent sign that is no escape.
  }
  const isUpload = /^\/?data\/upload\//.test(plain);
  const name = plain.replace(/^\/?data\/upload\/(\d+\/)?/, "");
  return isUpload ? [name, name.replace(UPLOAD, "")] : [name, baseName(name)];
}

const LABELS = ["rectanglelabels", "polygonlabels", "brushlabels", "ellipselabels", "labels"];

/** The labels of a region. */
function labelsOf(value: JsonObject): readonly string[] {
  const list = LABELS.map((name) => value[name]).find((field) => Array.isArray(field)) as readonly Json[] | undefined;
  return (list ?? []).filter((label) => typeof label === "string");
}

/** The first label of a region; "" where it has none. */
const labelOf = (value: JsonObject): string => labelsOf(value)[0] ?? "";

interface Region {
  readonly value: JsonObject;
  readonly width: number;
  readonly height: number;
  readonly score: number | undefined;
}

/** The object of a region; undefined where it has no area. */
function shapeOf(
  path: string,
  { value, width, height }: Region,
): (Omit<RawObject, "category"> & { round?: true }) | undefined {
  const [x, y] = [(numberOf(value, "x") * width) / 100, (numberOf(value, "y") * height) / 100];
  const degrees = Number.isNaN(numberOf(value, "rotation")) ? 0 : numberOf(value, "rotation");
  if (Array.isArray(value.points)) {
    const points = value.points.map((point) => numbersOf(point) ?? [Number.NaN, Number.NaN]);
    return {
      polygon: [points.flatMap(([px = Number.NaN, py = Number.NaN]) => [(px * width) / 100, (py * height) / 100])],
    };
  }
  if (value.rle !== undefined) return { mask: maskOfBrush(path, numbersOf(value.rle) ?? [], width, height) };
  if (value.radiusX !== undefined) {
    const [radiusX, radiusY] = [
      (numberOf(value, "radiusX") * width) / 100,
      (numberOf(value, "radiusY") * height) / 100,
    ];
    return { polygon: [ellipseRing(x, y, radiusX, radiusY, degrees)], round: true };
  }
  if (value.width === undefined || value.height === undefined || value.x === undefined) return undefined;
  const [across, down] = [(numberOf(value, "width") * width) / 100, (numberOf(value, "height") * height) / 100];
  if (degrees === 0) return { box: [x, y, across, down] };
  return { polygon: [turnedRing([x, y, across, down], degrees, [x, y])], round: true };
}

/**
 * The results of a task: of its first annotation, of its first prediction where no person saw it, or in the shorter form beside
 * the image; undefined where it has no annotation.
 */
function resultsOf(task: JsonObject, image: string, set: SetBuilder): readonly JsonObject[] | undefined {
  const annotations = objectsOf(task, "annotations");
  const finished = annotations.filter(({ was_cancelled }) => was_cancelled !== true);
  if (finished.length > 1) set.problems.add("annotators", image);
  if (finished[0] !== undefined) return objectsOf(finished[0], "result");
  const predicted = annotations.length === 0 ? objectsOf(task, "predictions")[0] : undefined;
  if (predicted !== undefined) {
    set.problems.add("predicted", image);
    return objectsOf(predicted, "result");
  }
  if (Array.isArray(task.annotations)) return undefined;
  return Object.values(task).flatMap((field) =>
    Array.isArray(field)
      ? field.filter((entry): entry is JsonObject => isJsonObject(entry) && labelOf(entry) !== "")
      : [],
  );
}

/** Results that describe a region whose shape is another result's, or that are no region. */
const NO_SHAPES: readonly unknown[] = ["choices", "textarea", "rating", "number", "taxonomy", "datetime", "pairwise"];

/** The results that are regions; a shape whose label is in another result of its id, as separate tags write it, is that one. */
function regionResults(results: readonly JsonObject[]): JsonObject[] {
  const shapes = results.filter(({ type }) => !NO_SHAPES.includes(type));
  const isLabelled = ({ value }: JsonObject): boolean => isJsonObject(value) && labelOf(value) !== "";
  const labelled = new Set(shapes.filter(isLabelled).map(({ id }) => id));
  return shapes.filter((result) => isLabelled(result) || result.id === undefined || !labelled.has(result.id));
}

/** The region of a result; in the shorter form the result is its value. */
function regionOf(result: JsonObject): Region {
  const score = numberOf(result, "score");
  return {
    value: isJsonObject(result.value) ? result.value : result,
    width: numberOf(result, "original_width"),
    height: numberOf(result, "original_height"),
    score: Number.isNaN(score) ? undefined : score,
  };
}

function readTask(path: string, task: JsonObject, set: SetBuilder): void {
  const data = isJsonObject(task.data) ? task.data : task;
  const address =
    textOf(data, "image") ?? textOf(data, "img") ?? Object.values(data).find((value) => typeof value === "string");
  const names = namesOf(String(address ?? ""));
  const results = resultsOf(task, names[0], set);
  if (results === undefined) {
    set.skip(names[0]);
    return;
  }
  const regions = regionResults(results).map(regionOf);
  const stated = regions[0] ?? { width: numberOf(data, "width"), height: numberOf(data, "height") };
  const image = set.image(names, { width: stated.width, height: stated.height });
  if (image === undefined) return;
  for (const region of regions) {
    try {
      const shape = shapeOf(path, region);
      if (shape === undefined) {
        set.problems.add("shape", image);
        continue;
      }
      const { round, ...object } = shape;
      if (round === true) set.problems.add("rounded", image);
      const [label = "", ...others] = labelsOf(region.value);
      if (others.length > 0) set.problems.add("labels", image, others.join(", "));
      set.object(image, { category: label === "" ? undefined : set.category(label), ...object, score: region.score });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      set.problems.add("numbers", image, error.message);
    }
  }
}

/** The labels of the labelling interface, in their order. */
function labelsIn(element: Element): string[] {
  const label = element.name === "Label" ? [element.attributes.get("value") ?? ""] : [];
  return [...label, ...element.children.flatMap(labelsIn)].filter((name) => name !== "");
}

async function readFiles(files: AnnotationFiles, set: SetBuilder): Promise<void> {
  for (const [path, bytes] of files)
    if (extensionOf(path) === ".xml") for (const label of labelsIn(await parseXml(path, bytes))) set.category(label);
  for (const [path, bytes] of files) {
    if (extensionOf(path) !== ".json") continue;
    const root = jsonOf(path, bytes);
    if (!Array.isArray(root))
      throw new FoveaError("unknown-format", `${path}: expected Label Studio's list of tasks, found other JSON`);
    for (const task of root.filter(isJsonObject)) readTask(path, task, set);
  }
}

function resultOf(object: AnnotatedBox, image: AnnotatedImage, { categories }: AnnotationSet, id: string): Json {
  const { box, mask, category, score } = object;
  const { width, height } = image;
  const labels = [categories[category]!.name];
  const made = (type: string, value: { readonly [key: string]: Json }): Json => ({
    id,
    ...{ type, from_name: type, to_name: "image", image_rotation: 0 },
    ...{ original_width: width, original_height: height, value: { ...value, [type]: labels } },
    ...(score !== undefined && { score }),
  });
  if (mask !== undefined) return made("brushlabels", { format: "rle", rle: brushLengths(mask) });
  const ring = outlineOf(object);
  if (ring !== undefined) {
    const points = Array.from({ length: ring.length / 2 }, (_, i) => [
      (100 * ring[2 * i]!) / width,
      (100 * ring[2 * i + 1]!) / height,
    ]);
    return made("polygonlabels", { points, closed: true });
  }
  const [x, y, across, down] = box;
  return made("rectanglelabels", {
    ...{ x: (100 * x) / width, y: (100 * y) / height },
    ...{ width: (100 * across) / width, height: (100 * down) / height, rotation: 0 },
  });
}

function write(set: AnnotationSet): Map<string, Uint8Array> {
  const tasks = set.images.map((image, i) => ({
    id: i + 1,
    data: { image: image.name, width: image.width, height: image.height },
    annotations: [
      { id: i + 1, result: image.objects.map((object, j) => resultOf(object, image, set, `${i + 1}-${j + 1}`)) },
    ],
  }));
  const tools = { rectanglelabels: "RectangleLabels", polygonlabels: "PolygonLabels", brushlabels: "BrushLabels" };
  const labels = set.categories.map(({ name }) => xml("Label", { value: name }));
  const config = xml("View", {}, [
    xml("Image", { name: "image", value: "$image" }),
    ...Object.entries(tools).map(([name, tool]) => xml(tool, { name, toName: "image" }, labels)),
  ]);
  return new Map([
    [CONFIG, xmlBytes(config)],
    [FILE, jsonBytes(tasks)],
  ]);
}

export const labelStudio: AnnotationFormat = {
  title: "Label Studio JSON",
  holds: new Set(["instances", "rectangles", "overlaps", "polygons", "masks", "scores"]),
  holdsAttribute: () => false,
  recognizes: (path, start) => extensionOf(path) === ".json" && /^\s*\[/.test(start) && !/"image_id"\s*:/.test(start),
  read: async (files, { images }) => {
    const set = new SetBuilder(images);
    await readFiles(files, set);
    set.countUnannotated();
    return set.finish();
  },
  write,
};
