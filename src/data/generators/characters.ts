// The strokes of every character that can be written: of the lecture's 55, and of 600 others to learn handwriting from.
import { FoveaError } from "../../core/errors.js";
import { HANZI_MEDIANS } from "./hanzi-medians.js";
import { OTHER_HANZI_MEDIANS } from "./other-hanzi-medians.js";
import { decodedStrokes, type Line } from "./strokes.js";

/** The lecture's 55 characters in code-point order. */
export const HANZI_CHARACTERS: readonly string[] = Object.keys(HANZI_MEDIANS);
/** 600 common characters besides them, in code-point order. */
export const OTHER_HANZI_CHARACTERS: readonly string[] = Object.keys(OTHER_HANZI_MEDIANS);

const cache = new Map<string, readonly Line[]>();

/**
 * The strokes of a character in writing order, in an em of 1.
 * @throws FoveaError naming the characters there are when this one is not among them.
 */
export function strokesOf(character: string): readonly Line[] {
  let strokes = cache.get(character);
  if (strokes === undefined) {
    const text = HANZI_MEDIANS[character] ?? OTHER_HANZI_MEDIANS[character];
    if (text === undefined)
      throw new FoveaError(
        "unknown-choice",
        `characters: expected some of ${HANZI_CHARACTERS.join("")} or of the ${OTHER_HANZI_CHARACTERS.length} ` +
          `OTHER_HANZI_CHARACTERS, received ${JSON.stringify(character)}`,
      );
    strokes = decodedStrokes(text);
    cache.set(character, strokes);
  }
  return strokes;
}
