// Fields of JSON that anybody may have written, by their expected type: what is missing or of another type becomes a value
// that readers notice.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { parseJson } from "../../formats/json.js";
import type { AttributeValue } from "./model.js";

/** The number of a field; NaN where it is none. Numbers in quotes count. */
export function numberOf(object: JsonObject, field: string): number {
  const value = ownValue(object, field);
  return typeof value === "string" && value.trim() !== ""
    ? Number(value)
    : typeof value === "number"
      ? value
      : Number.NaN;
}

/** The text of a field; undefined where it is none. Numbers are taken as text. */
export function textOf(object: JsonObject, field: string): string | undefined {
  const value = ownValue(object, field);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

/** The list of a field; an empty one where it is none. */
export const listOf = (object: JsonObject, field: string): readonly Json[] => {
  const value = ownValue(object, field);
  return Array.isArray(value) ? value : [];
};

/** The objects in the list of a field. */
export const objectsOf = (object: JsonObject, field: string): readonly JsonObject[] =>
  listOf(object, field).filter(isJsonObject);

/** The object of a field; an empty one where it is none. */
export const objectOf = (object: JsonObject, field: string): JsonObject => {
  const value = ownValue(object, field);
  return isJsonObject(value) ? value : {};
};

/** Numbers of a list; undefined where it is no list or holds anything else. */
export const numbersOf = (value: Json | undefined): readonly number[] | undefined =>
  Array.isArray(value) && value.every((element) => typeof element === "number")
    ? (value as readonly number[])
    : undefined;

/** The fields that are text, numbers, true or false. */
export const attributesOf = (object: JsonObject): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, AttributeValue] =>
      ["string", "number", "boolean"].includes(typeof entry[1]),
    ),
  );

/** Bytes of a JSON file; names of classes and attributes are keys of it. */
export const jsonOf = (path: string, bytes: Uint8Array): Json => parseJson(path, bytes, { names: true });

/** A JSON text as the bytes of a file. */
export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);
