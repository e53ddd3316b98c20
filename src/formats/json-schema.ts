// Schemas for JSON whose keys are names out of somebody's data. Zod's own record() and json() drop a key "__proto__"; these
// keep every key, as own properties.
import * as z from "zod";
import type { Json } from "../core/json.js";

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return true;
  return typeof value === "object" && Object.values(value).every(isJson);
}

/** Any JSON, as it is. */
export const anyJson = z.custom<Json>(isJson, "expected JSON");

/** An object with any names of at least one character, each with a value that the schema describes. */
export const namedValues = <S extends z.ZodType>(schema: S) =>
  z
    .custom<Readonly<Record<string, unknown>>>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      "expected an object",
    )
    .transform((object, context): Readonly<Record<string, z.output<S>>> => {
      const entries = Object.entries(object).map(([name, value]): [string, z.output<S>] => {
        if (name === "")
          context.issues.push({ code: "custom", input: object, message: "expected a name, found an empty one" });
        const result = schema.safeParse(value, { reportInput: true });
        if (result.success) return [name, result.data];
        for (const issue of result.error.issues)
          context.issues.push({ ...issue, path: [name, ...issue.path], input: issue.input } as never);
        return [name, undefined as z.output<S>];
      });
      return Object.fromEntries(entries);
    });
