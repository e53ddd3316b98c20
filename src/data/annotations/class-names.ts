// Lists of classes beside annotations that name classes by numbers or colours: classes.txt, and CVAT's labelmap.txt with a
// colour for each.
import { FoveaError } from "../../core/errors.js";
import { baseName } from "../../platform/paths.js";
import type { AnnotationFiles } from "./format.js";
import type { Category } from "./model.js";
import { decodeText } from "./text-bytes.js";

export const LABEL_MAP = "labelmap.txt";
const BACKGROUND = "background";

/** Checks whether a name is that of the pixels of no class. */
export const isBackground = (name: string): boolean => name.toLowerCase() === BACKGROUND;

/** The colour of a number in PASCAL VOC's palette: its bits dealt out to red, green and blue from the highest. */
export function vocColour(index: number): readonly [number, number, number] {
  const colour: [number, number, number] = [0, 0, 0];
  for (let bit = 0; bit < 8; bit++)
    for (let channel = 0; channel < 3; channel++) colour[channel]! |= ((index >> (3 * bit + channel)) & 1) << (7 - bit);
  return colour;
}

/** Lines of a file of text, without spaces around them. */
const trimmedLines = (path: string, bytes: Uint8Array): string[] =>
  decodeText(path, bytes)
    .split(/\r?\n/)
    .map((line) => line.trim());

/** Lines of a file of text that are not empty. */
export const linesOf = (path: string, bytes: Uint8Array): string[] =>
  trimmedLines(path, bytes).filter((line) => line !== "");

/** Names of classes by the numbers of their lines; an empty line is a class without a name, called by its number. */
export const namesByLine = (path: string, bytes: Uint8Array): string[] => {
  const lines = trimmedLines(path, bytes);
  const last = lines.findLastIndex((line) => line !== "");
  return lines.slice(0, last + 1).map((name, i) => name || String(i));
};

/** The file of a name in any folder; the first in the order of paths. */
export const fileCalled = (files: AnnotationFiles, names: readonly string[]): [string, Uint8Array] | undefined =>
  [...files].find(([path]) => names.includes(baseName(path).toLowerCase()));

/** One class of a label map. */
export interface MappedLabel {
  readonly name: string;
  readonly colour: readonly number[];
}

/** The classes of labelmap.txt (`name:r,g,b:parts:actions`), the background among them. */
export const labelMapOf = (path: string, bytes: Uint8Array): MappedLabel[] =>
  linesOf(path, bytes)
    .filter((line) => !line.startsWith("#"))
    .map((line) => {
      const [, name = line, colour = ""] = /^(.*?):(\d+,\d+,\d+)?(?::[^:]*)?(?::[^:]*)?$/.exec(line) ?? [];
      return { name, colour: colour.split(",").map(Number) };
    });

/** Names of the classes in a label map, without the background. */
export const namesInLabelMap = (path: string, bytes: Uint8Array): string[] =>
  labelMapOf(path, bytes)
    .map(({ name }) => name)
    .filter((name) => !isBackground(name));

/** The bytes of labelmap.txt; the background is the first class. @throws FoveaError for names that it cannot hold. */
export function labelMapBytes(categories: readonly Category[]): Uint8Array {
  const odd = categories.find(({ name }) => /[:\r\n]|^#|^\s|\s$/.test(name) || name === "" || isBackground(name));
  if (odd !== undefined)
    throw new FoveaError(
      "unusable-name",
      `${LABEL_MAP} cannot hold the class ${JSON.stringify(odd.name)}: a name there has no colon, no line break and no # in front, and is not "${BACKGROUND}"; rename it`,
    );
  const lines = [BACKGROUND, ...categories.map(({ name }) => name)].map(
    (name, i) => `${name}:${vocColour(i).join(",")}::\n`,
  );
  return new TextEncoder().encode(`# label:color_rgb:parts:actions\n${lines.join("")}`);
}
