// CVAT's XML for images, version 1.1 (docs.cvat.ai, "CVAT for image"): boxes by their corners, polygons, masks as run
// lengths row by row within their box, attributes as elements. Tracks of videos are not read.
import { FoveaError } from "../../core/errors.js";
import { extensionOf } from "../../platform/paths.js";
import type { AnnotationFormat } from "./format.js";
import { isSet } from "./format.js";
import { maskFromCut, maskToCut } from "./mask-cut.js";
import type { AnnotatedBox, AnnotatedImage, AnnotationSet, AttributeValue, Ring } from "./model.js";
import { outlineOf } from "./outline.js";
import { ellipseRing, turnedRing } from "./round-shapes.js";
import { maskArea } from "./run-lengths.js";
import { type RawObject, SetBuilder } from "./set-builder.js";
import { childOf, childText, type Element, numberIn, parseXml, xml, xmlBytes } from "./xml.js";

const FILE = "annotations.xml";
const OCCLUDED = "occluded";
/** Attributes of shapes that say something about objects and are not kept. */
const UNREAD = ["z_order", "group_id"];

type Shape = Omit<RawObject, "category" | "attributes">;
type Size = Pick<AnnotatedImage, "width" | "height">;

/** Numbers of attributes of an element; NaN where they are missing. */
const numbers = ({ attributes }: Element, names: readonly string[]): number[] =>
  names.map((name) => numberIn(attributes.get(name)));

const ringOf = ({ attributes }: Element): Ring =>
  (attributes.get("points") ?? "").split(";").flatMap((point) => {
    const [x, y] = point.split(",").map(numberIn);
    return [x ?? Number.NaN, y ?? Number.NaN];
  });

/** Pixels of a box out of lengths of runs, the first of pixels outside. */
function cutOf(path: string, element: Element, image: Size): Parameters<typeof maskFromCut>[1] {
  const [x, y, width, height] = numbers(element, ["left", "top", "width", "height"]) as [
    number,
    number,
    number,
    number,
  ];
  const lengths = (element.attributes.get("rle") ?? "").split(",").map(numberIn);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (
    total !== width * height ||
    total > image.width * image.height ||
    lengths.some((length) => !Number.isInteger(length) || length < 0)
  )
    throw new FoveaError(
      "annotation-mismatch",
      `${path}: expected run lengths of ${width} x ${height} pixels, received ${total}`,
    );
  const data = new Uint8Array(total);
  let at = 0;
  for (const [i, length] of lengths.entries()) {
    data.fill(i % 2, at, at + length);
    at += length;
  }
  return { x, y, width, height, data };
}

/** Readers of the shapes that have an area. */
const SHAPES: Readonly<Record<string, (path: string, element: Element, size: Size) => Shape>> = {
  box: (_, element) => {
    const [left, top, right, bottom] = numbers(element, ["xtl", "ytl", "xbr", "ybr"]) as [
      number,
      number,
      number,
      number,
    ];
    const box = [left, top, right - left, bottom - top] as const;
    const degrees = numberIn(element.attributes.get("rotation"));
    if (Number.isNaN(degrees) || degrees === 0) return { box };
    return { polygon: [turnedRing(box, degrees, [(left + right) / 2, (top + bottom) / 2])] };
  },
  polygon: (_, element) => ({ polygon: [ringOf(element)] }),
  ellipse: (_, element) => {
    const [x, y, radiusX, radiusY, degrees] = numbers(element, ["cx", "cy", "rx", "ry", "rotation"]) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return { polygon: [ellipseRing(x, y, radiusX, radiusY, Number.isNaN(degrees) ? 0 : degrees)] };
  },
  mask: (path, element, size) => ({ mask: maskFromCut(path, cutOf(path, element, size), size) }),
};

/** Text as CVAT writes values: numbers, and true or false, are recognized. */
function typedValue(text: string): AttributeValue {
  if (text === "true" || text === "false") return text === "true";
  const number = numberIn(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

function attributesOf(element: Element): Record<string, AttributeValue> {
  const named = element.children
    .filter(({ name }) => name === "attribute")
    .map((child): [string, AttributeValue] => [child.attributes.get("name") ?? "", typedValue(child.text)]);
  return Object.fromEntries([
    ...(element.attributes.get(OCCLUDED) === "1" ? [[OCCLUDED, true] as const] : []),
    ...named,
  ]);
}

function readImage(path: string, element: Element, set: SetBuilder): void {
  const [width = 0, height = 0] = numbers(element, ["width", "height"]);
  const name = element.attributes.get("name") ?? "";
  const subset = element.attributes.get("subset");
  const image = set.image(subset === undefined ? [name] : [`${subset}/${name}`, name], { width, height });
  if (image === undefined) return;
  for (const child of element.children) {
    const shape = Object.hasOwn(SHAPES, child.name) ? SHAPES[child.name] : undefined;
    if (shape === undefined) {
      set.problems.add(child.name === "tag" ? "fields" : "shape", image, child.name);
      continue;
    }
    for (const field of UNREAD)
      if (!["", "0", undefined].includes(child.attributes.get(field))) set.problems.addField(path, field);
    const label = child.attributes.get("label") ?? "";
    try {
      const object = shape(path, child, { width, height });
      if (child.name === "ellipse" || (child.name === "box" && object.polygon !== undefined))
        set.problems.add("rounded", image, child.name);
      const category = label === "" ? undefined : set.category(label);
      set.object(image, { category, ...object, attributes: attributesOf(child) });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      set.problems.add("numbers", image, error.message);
    }
  }
}

/** The labels of a task or a project, in their order. */
function labelsOf(root: Element): string[] {
  const meta = childOf(root, "meta");
  return (meta?.children ?? [])
    .flatMap((part) => childOf(part, "labels")?.children ?? [])
    .map((label) => childText(label, "name"))
    .filter((name) => name !== "");
}

async function readFile(path: string, bytes: Uint8Array, set: SetBuilder): Promise<void> {
  const root = await parseXml(path, bytes);
  if (root.name !== "annotations")
    throw new FoveaError("unknown-format", `${path}: expected CVAT's XML with <annotations>, found <${root.name}>`);
  for (const label of labelsOf(root)) set.category(label);
  for (const child of root.children) {
    if (child.name === "image") readImage(path, child, set);
    else if (child.name === "track") set.problems.add("shape", path, "track");
  }
}

/** Lengths of runs row by row, the first of pixels outside. */
function rowLengths(data: Uint8Array): number[] {
  const lengths: number[] = [];
  let [value, length] = [0, 0];
  for (const pixel of data) {
    if (pixel !== value) {
      lengths.push(length);
      [value, length] = [pixel, 0];
    }
    length++;
  }
  return [...lengths, length];
}

function objectXml(object: AnnotatedBox, { categories }: AnnotationSet): string {
  const { box, mask, category, attributes = {} } = object;
  const head = { label: categories[category]!.name, source: "file", occluded: Number(isSet(object, OCCLUDED)) };
  const children = Object.entries(attributes)
    .filter(([name]) => name !== OCCLUDED)
    .map(([name, value]) => xml("attribute", { name }, String(value)));
  if (mask !== undefined && maskArea(mask) > 0) {
    const { x, y, width, height, data } = maskToCut(mask);
    const corner = { left: x, top: y, width, height, z_order: 0 };
    return xml("mask", { ...head, rle: rowLengths(data).join(", "), ...corner }, children);
  }
  const ring = outlineOf(object);
  if (ring !== undefined) {
    const points = Array.from({ length: ring.length / 2 }, (_, i) => `${ring[2 * i]},${ring[2 * i + 1]}`);
    return xml("polygon", { ...head, points: points.join(";"), z_order: 0 }, children);
  }
  const [x, y, width, height] = box;
  return xml("box", { ...head, xtl: x, ytl: y, xbr: x + width, ybr: y + height, z_order: 0 }, children);
}

function write(set: AnnotationSet): Map<string, Uint8Array> {
  const labels = set.categories.map(({ name }) => xml("label", {}, [xml("name", {}, name), xml("attributes", {})]));
  const root = xml("annotations", {}, [
    xml("version", {}, "1.1"),
    xml("meta", {}, [xml("task", {}, [xml("size", {}, set.images.length), xml("labels", {}, labels)])]),
    ...set.images.map(({ name, width, height, objects }, id) =>
      xml(
        "image",
        { id, name, width, height },
        objects.map((object) => objectXml(object, set)),
      ),
    ),
  ]);
  return new Map([[FILE, xmlBytes(root)]]);
}

/** Texts that are read as they are written: without spaces around them. */
const isPlain = (value: AttributeValue): boolean => typeof value !== "string" || typedValue(value.trim()) === value;

export const cvat: AnnotationFormat = {
  title: "CVAT XML",
  holds: new Set(["instances", "rectangles", "overlaps", "polygons", "masks"]),
  holdsAttribute: (name, value) => (name === OCCLUDED ? value === true : isPlain(value)),
  recognizes: (path, start) => extensionOf(path) === ".xml" && /<annotations[\s>]/.test(start),
  read: async (files, { images }) => {
    const set = new SetBuilder(images);
    for (const [path, bytes] of files) if (extensionOf(path) === ".xml") await readFile(path, bytes, set);
    return set.finish();
  },
  write,
};
