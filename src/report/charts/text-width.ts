// Estimates how wide text will be, so that charts come out the same where there is no font and no canvas to ask.
// Widths are those of Arial and its metric twins for Latin; Chinese, Japanese and Korean take a full square.
import { eastAsianWidth } from "get-east-asian-width";

const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/\p{M}|\p{Cf}/u, 0],
  [/[ijl|'!.,:;ft()[\]/\\ ]/, 0.28],
  [/[mwMW%@—]/, 0.86],
  [/\p{Lu}/u, 0.68],
];
const ORDINARY = 0.56;

/** The width of one line of text in CSS pixels at `fontSize`. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    em +=
      eastAsianWidth(character.codePointAt(0)!) === 2
        ? 1
        : (CLASSES.find(([pattern]) => pattern.test(character))?.[1] ?? ORDINARY);
  }
  return em * fontSize;
}

/** The width of the widest of several texts. */
export const widestText = (texts: readonly string[], fontSize: number): number =>
  texts.reduce((widest, text) => Math.max(widest, textWidth(text, fontSize)), 0);
