// JSON out of files that anybody may have written: parsed with its place named, checked against a schema, and what is
// wrong told in one sentence.
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
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const field = path.length === 0 ? "" : `${path.join(".")}: `;
  throw new FoveaError(`${what}: ${field}${message}`);
}

/** Text with a line for each field and a line break at the end, as people like to read and compare it. */
export const printJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
