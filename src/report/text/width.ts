// Columns that text takes in a terminal, and padding and cutting by columns instead of characters.
// Chinese, Japanese and Korean characters and emoji take two columns, combining marks none.
import { eastAsianWidth } from "get-east-asian-width";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function graphemeWidth(grapheme: string): number {
  if (/^\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2;
  const first = grapheme.codePointAt(0)!;
  return /^[\p{M}\p{Cf}]/u.test(grapheme) ? 0 : eastAsianWidth(first);
}

/** Text of characters that take one column each, as most is; cutting it into graphemes takes a hundred times as long. */
const PLAIN = /^[ -~]*$/;

/** Columns that one line of text takes. @example textColumns("太 not 大") // 9 */
export function textColumns(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += graphemeWidth(segment);
  return columns;
}

/** Cuts text to at most `columns`, the last of which is then an ellipsis. */
export function cutColumns(text: string, columns: number): string {
  if (textColumns(text) <= columns) return text;
  if (PLAIN.test(text)) return `${text.slice(0, Math.max(0, columns - 1))}…`;
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += graphemeWidth(segment);
    if (used > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills text up with spaces to `columns`: behind it, or before it for "right". */
export function padColumns(text: string, columns: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - textColumns(text)));
  return align === "left" ? text + space : space + text;
}
