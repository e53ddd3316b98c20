// JSON as TypeScript types: values that JSON.parse can give, and the test for an object among them.

/** Any value that JSON can hold. Numbers may be NaN and infinite: Python's JSON writes these. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Checks whether a JSON value is an object, neither null nor a list. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON without spaces, its fields in code-point order: the same text for the same value (RFC 8785 for these values). */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalText(value[field]!)}`).join(",")}}`;
}
