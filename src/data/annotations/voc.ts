// Pascal VOC: an XML file an image, boxes by their corners. Most programs write corners as positions (a box from 0 to the
// width covers the image) and so does Fovea; the files of the VOC challenges themselves count pixels from 1, both included.
import { FoveaError } from "../../core/errors.js";
import { baseName, extensionOf, parentFolder } from "../../platform/paths.js";
import { fileCalled, LABEL_MAP, labelMapBytes, namesInLabelMap } from "./class-names.js";
import { type AnnotationFormat, isSet, USUAL_ATTRIBUTES } from "./format.js";
import { stemOf } from "./image-names.js";
import type { AnnotatedBox, AnnotatedImage, AnnotationSet, AttributeValue } from "./model.js";
import { outputPaths } from "./output-paths.js";
import { SetBuilder } from "./set-builder.js";
import { childOf, childText, type Element, numberIn, parseXml, xml, xmlBytes } from "./xml.js";

const FOLDER = "Annotations";
const POSE = "pose";
const UNSPECIFIED = "Unspecified";

/** Names that an annotation file may have for its image: below the folder of annotations as the file itself, first. */
function namesOf(path: string, root: Element): string[] {
  const below = path.startsWith(`${FOLDER}/`) ? path.slice(FOLDER.length + 1) : path;
  const folder = parentFolder(below);
  const file = childText(root, "filename").replaceAll("\\", "/");
  const beside = (name: string): string => (folder === "." ? name : `${folder}/${name}`);
  const named = file === "" ? [] : [beside(baseName(file)), childText(root, "path"), file];
  return [...named, stemOf(below), beside(stemOf(baseName(file)))].filter((name) => name !== "");
}

function attributesOf(object: Element): Record<string, AttributeValue> {
  const flags = USUAL_ATTRIBUTES.filter((name) => isSet({ attributes: { [name]: childText(object, name) } }, name));
  const pose = childText(object, POSE);
  return {
    ...Object.fromEntries(flags.map((name) => [name, true])),
    ...(pose !== "" && pose !== UNSPECIFIED && { pose }),
  };
}

function readImage(path: string, root: Element, set: SetBuilder): void {
  const size = childOf(root, "size");
  const image = set.image(namesOf(path, root), {
    width: numberIn(childText(size, "width")),
    height: numberIn(childText(size, "height")),
  });
  if (image === undefined) return;
  const source = childOf(root, "source");
  const first = /^(The VOC|PASCAL VOC)\s?20\d\d/i.test(childText(source, "annotation") || childText(source, "database"))
    ? 1
    : 0;
  if (first === 1) set.problems.add("fromOne", image);
  for (const object of root.children.filter(({ name }) => name === "object")) {
    const [left, top, right, bottom] = ["xmin", "ymin", "xmax", "ymax"].map((name) =>
      numberIn(childText(childOf(object, "bndbox"), name)),
    ) as [number, number, number, number];
    if (childOf(object, "part") !== undefined) set.problems.addField(path, "part");
    const name = childText(object, "name");
    set.object(image, {
      category: name === "" ? undefined : set.category(name),
      box: [left - first, top - first, right - left + first, bottom - top + first],
      attributes: attributesOf(object),
    });
  }
}

function objectXml(object: AnnotatedBox, { categories }: AnnotationSet): string {
  const { box, category, attributes } = object;
  const [x, y, width, height] = box;
  const occluded = isSet(object, "occluded") ? [xml("occluded", {}, 1)] : [];
  return xml("object", {}, [
    xml("name", {}, categories[category]!.name),
    xml(POSE, {}, typeof attributes?.pose === "string" ? attributes.pose : UNSPECIFIED),
    ...["truncated", "difficult"].map((name) => xml(name, {}, Number(isSet(object, name)))),
    ...occluded,
    xml("bndbox", {}, [
      xml("xmin", {}, x),
      xml("ymin", {}, y),
      xml("xmax", {}, x + width),
      xml("ymax", {}, y + height),
    ]),
  ]);
}

function imageXml({ name, width, height, objects }: AnnotatedImage, set: AnnotationSet): string {
  const folder = parentFolder(name);
  return xml("annotation", {}, [
    xml("folder", {}, folder === "." ? "" : folder),
    xml("filename", {}, baseName(name)),
    xml("size", {}, [xml("width", {}, width), xml("height", {}, height), xml("depth", {}, 3)]),
    xml("segmented", {}, 0),
    ...objects.map((object) => objectXml(object, set)),
  ]);
}

export const voc: AnnotationFormat = {
  title: "Pascal VOC XML",
  holds: new Set(["instances", "rectangles", "overlaps", "boxes"]),
  holdsAttribute: (name, value) =>
    ((USUAL_ATTRIBUTES as readonly string[]).includes(name) && value === true) ||
    (name === POSE && typeof value === "string" && value.trim() === value && !["", UNSPECIFIED].includes(value)),
  recognizes: (path, start) => extensionOf(path) === ".xml" && /<annotation[\s>]/.test(start),
  read: async (files, { images }) => {
    const set = new SetBuilder(images);
    const labels = fileCalled(files, [LABEL_MAP]);
    if (labels !== undefined) for (const name of namesInLabelMap(...labels)) set.category(name);
    for (const [path, bytes] of files) {
      if (extensionOf(path) !== ".xml") continue;
      try {
        const root = await parseXml(path, bytes);
        if (root.name !== "annotation") set.problems.add("unread", path, `its root is <${root.name}>`);
        else readImage(path, root, set);
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        set.problems.add("unread", path, error.message);
      }
    }
    set.countUnannotated();
    return set.finish();
  },
  write: (set) => {
    const paths = outputPaths(set, (stem) => `${FOLDER}/${stem}.xml`);
    return new Map([
      [LABEL_MAP, labelMapBytes(set.categories)],
      ...set.images.map((image, i): [string, Uint8Array] => [paths[i]!, xmlBytes(imageXml(image, set))]),
    ]);
  },
};
