// facts.json: the facts of a run as a file, images included, so that its report can be drawn again without data or
// model. Bytes are base64, other arrays of numbers are lists.
import { checkJson, parseJson } from "../../formats/json.js";
import type { RunFacts } from "../../report/facts.js";
import { base64 } from "../../report/images/data-uri.js";
import { BYTES, FACTS_FILE, NUMBER } from "./facts-schema.js";

export const writeFacts = (facts: RunFacts): string =>
  JSON.stringify({ version: 1, facts }, (_, value: unknown) => {
    if (value instanceof Uint8Array) return { [BYTES]: base64(value) };
    if (typeof value === "number" && !Number.isFinite(value)) return { [NUMBER]: String(value) };
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  });

/** @throws FoveaError naming the file and the first field that is missing or wrong. */
export const readFacts = (text: string, name = "facts.json"): RunFacts =>
  checkJson(name, FACTS_FILE, parseJson(name, text)).facts;
