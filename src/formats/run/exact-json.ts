// JSON that keeps every number: NaN, the infinities and -0, which JSON itself drops or blurs. They are written as
// {"$number": "NaN"}; keys of real objects that begin with "$" get one more, so that nothing is mistaken for them.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";

const SPECIAL = "$number";

/** The value as JSON text that `parseExactly` reads back to the bit. */
export const stringifyExactly = (value: Json): string =>
  JSON.stringify(value, (_, one: Json) => {
    if (typeof one === "number" && (!Number.isFinite(one) || Object.is(one, -0)))
      return { [SPECIAL]: Object.is(one, -0) ? "-0" : String(one) };
    return isJsonObject(one) ? withKeys(one, (key) => (key.startsWith("$") ? `$${key}` : key)) : one;
  });

/** Reads what `stringifyExactly` has written. @throws SyntaxError when it is no JSON. */
export const parseExactly = (text: string): Json =>
  JSON.parse(text, (_, one: Json) => {
    if (!isJsonObject(one)) return one;
    const special = one[SPECIAL];
    if (typeof special === "string") return Number(special);
    return withKeys(one, (key) => (key.startsWith("$$") ? key.slice(1) : key));
  });

const withKeys = (object: JsonObject, rename: (key: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [rename(key), value]));
