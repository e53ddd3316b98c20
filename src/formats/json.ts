// JSON out of files that anybody may have written: parsed with its place named, checked against a schema, and what is
// wrong told in one sentence: the field, what was expected, what is there.
import type * as z from "zod";
import { FoveaError } from "../core/errors.js";
import type { Json } from "../core/json.js";
import { textOfBytes } from "../core/text-bytes.js";

const PROTOTYPE = "__proto__";

/**
 * Parses UTF-8 text or bytes.
 * @param options.names whether keys are names out of somebody's data, "__proto__" among them; then whoever reads the value
 * sees to it that the key is kept. Default false
 * @throws FoveaError naming `what` when it is no JSON, or has a key "__proto__", which schemas would drop in silence.
 */
export function parseJson(
  what: string,
  text: Uint8Array | string,
  { names = false }: { readonly names?: boolean } = {},
): Json {
  const source = typeof text === "string" ? text : textOfBytes(what, text, { contents: "JSON" });
  let value: Json;
  try {
    value = JSON.parse(source);
  } catch {
    const number = /[[:,\s](NaN|-?Infinity)(?=[\],}\s])/.exec(source);
    const found =
      number === null
        ? "other text; the file may be damaged"
        : `${number[1]} in line ${source.slice(0, number.index).split("\n").length}, which JSON does not have; write null`;
    throw new FoveaError("malformed-file", `${what}: expected JSON, found ${found}`);
  }
  // The key may be written with escapes; without either text there is none, and nothing to walk.
  if (!names && (source.includes(PROTOTYPE) || /\\u00(5f|7\d|6\d)/i.test(source)) && hasPrototypeKey(value))
    throw new FoveaError("unusable-name", `${what}: the key "${PROTOTYPE}" cannot be used here; give it another name`);
  return value;
}

function hasPrototypeKey(value: Json): boolean {
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (!Array.isArray(next) && Object.hasOwn(next, PROTOTYPE)) return true;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return false;
}

/** The value as the schema describes it. @throws FoveaError naming the first field that is wrong, and how. */
export function checkJson<S extends z.ZodType>(what: string, schema: S, value: unknown): z.output<S> {
  try {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    const field = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
    throw new FoveaError("wrong-field", `${what}: ${field}${explanation(issue)}`);
  } catch (error) {
    // The one thing that JSON can do to what walks it.
    if (error instanceof RangeError) throw new FoveaError("too-large", `${what}: the JSON is nested too deeply`);
    throw error;
  }
}

/** Zod's message without its preamble ("Invalid input: "), and what was received where it does not say. */
function explanation({ code, message, input }: z.core.$ZodIssue): string {
  if (code === "unrecognized_keys") return message.replace(/^U/, "u");
  const expected = message.replace(/^(Invalid|Too) \w+: /, "").replace(/, received .*$/, "");
  return `${expected}, received ${shown(input)}`;
}

const LONGEST = 60;

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/**
 * A value whose numbers JSON can say: Infinity, -Infinity and NaN become the strings "Infinity", "-Infinity" and "NaN",
 * where JSON.stringify would write null.
 */
export function withSpokenNumbers(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withSpokenNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSpokenNumbers(inner)]));
}

/** Text with a line for each field and a line break at the end, as people like to read and compare it. */
export const printJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
