// JSON that keeps every number: NaN, the infinities and -0, which JSON itself drops or blurs. They are written as
// {"$number": "NaN"}; keys of real objects that begin with "$" get one more, so that nothing is mistaken for them.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";

const SPECIAL = "$number";

/** The value as JSON text that `parseExactly` reads back to the bit. */
export const stringifyExactly = (value: Json): string =>
  JSON.stringify(value, (_, item: Json) => {
    if (typeof item === "number" && (!Number.isFinite(item) || Object.is(item, -0)))
      return { [SPECIAL]: Object.is(item, -0) ? "-0" : String(item) };
    return isJsonObject(item) ? withKeys(item, (key) => (key.startsWith("$") ? `$${key}` : key)) : item;
  });

/** Reads what `stringifyExactly` has written. @throws SyntaxError when it is no JSON. */
export const parseExactly = (text: string): Json =>
  JSON.parse(text, (_, item: Json) => {
    if (!isJsonObject(item)) return item;
    const special = item[SPECIAL];
    if (typeof special === "string") return Number(special);
    return withKeys(item, (key) => (key.startsWith("$$") ? key.slice(1) : key));
  });

const withKeys = (object: JsonObject, rename: (key: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [rename(key), value]));
