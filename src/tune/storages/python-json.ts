// JSON as Python writes and reads it: with NaN, Infinity and -Infinity, which the standard does not have.
import type { Json } from "../../core/json.js";

/** Stands for a number that JSON cannot say; the control character keeps it apart from any text that JSON can. */
const MARK = "\u0000number:";
const NUMBERS: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** @throws SyntaxError for what neither Python nor we would have written. */
export function parsePythonJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    const standard = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) =>
      token.startsWith('"') ? token : JSON.stringify(MARK + token),
    );
    return JSON.parse(standard, (_, value: unknown) =>
      typeof value === "string" && value.startsWith(MARK) ? NUMBERS[value.slice(MARK.length)] : value,
    ) as Json;
  }
}

export function writePythonJson(value: unknown): string {
  let marked = false;
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== "number" || Number.isFinite(item)) return item;
    marked = true;
    return MARK + String(item);
  });
  return marked ? text.replace(/"\\u0000number:(NaN|-?Infinity)"/g, "$1") : text;
}
