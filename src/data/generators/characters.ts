// The strokes of every character that can be written: of the table's 55, and of those that are made up.
import { FoveaError } from "../../core/errors.js";
import { HANZI_MEDIANS } from "./hanzi-medians.js";
import { inventedStrokes } from "./invented-hanzi.js";
import { decodedStrokes, type Line } from "./strokes.js";

const cache = new Map<string, readonly Line[]>();

/**
 * The strokes of a character in writing order, in an em of 1.
 * @throws FoveaError naming the characters there are when this one is not among them.
 */
export function strokesOf(character: string): readonly Line[] {
  let strokes = cache.get(character);
  if (strokes === undefined) {
    const text = HANZI_MEDIANS[character];
    strokes = text === undefined ? inventedStrokes(character) : decodedStrokes(text);
    if (strokes === undefined)
      throw new FoveaError(
        `characters: expected some of ${Object.keys(HANZI_MEDIANS).join("")}, received ${JSON.stringify(character)}`,
      );
    cache.set(character, strokes);
  }
  return strokes;
}
