// JSON out of files that anybody may have written: parsed with its place named, checked against a schema, and what is
// wrong told in one sentence: the field, what was expected, what is there.
import type { z } from "zod";
import { FoveaError } from "../core/errors.js";
import type { Json } from "../nn/serialization/keras-object.js";

/** Parses UTF-8 text or bytes. @throws FoveaError naming `what` when it is no JSON. */
export function parseJson(what: string, text: Uint8Array | string): Json {
  try {
    return JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text));
  } catch {
    throw new FoveaError(`${what}: expected JSON, found other text; the file may be damaged`);
  }
}

/** The value as the schema describes it. @throws FoveaError naming the first field that is wrong, and how. */
export function checkJson<S extends z.ZodType>(what: string, schema: S, value: unknown): z.output<S> {
  try {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    const field = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
    throw new FoveaError(`${what}: ${field}${explanation(issue)}`);
  } catch (error) {
    // The one thing that JSON can do to what walks it.
    if (error instanceof RangeError) throw new FoveaError(`${what}: the JSON is nested too deeply`);
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

/** Text with a line for each field and a line break at the end, as people like to read and compare it. */
export const printJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
