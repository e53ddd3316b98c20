// facts.json: the facts of a run as a file, images included, so that its report can be drawn again without data or
// model. Bytes are base64, other arrays of numbers are lists.
import { z } from "zod";
import { FoveaError } from "../core/errors.js";
import { checkJson, parseJson } from "../formats/json.js";
import type { RunFacts } from "../report/facts.js";
import { base64 } from "../report/images/data-uri.js";

const BYTES = "$bytes";
/** NaN and infinities, which JSON has not: a training that diverged has a report too. */
const NUMBER = "$number";

/** Enough to tell the file from others; what is inside, this version has written. */
const FILE = z.looseObject({ version: z.literal(1), facts: z.looseObject({ name: z.string() }) });

export const writeFacts = (facts: RunFacts): string =>
  JSON.stringify({ version: 1, facts }, (_, value: unknown) => {
    if (value instanceof Uint8Array) return { [BYTES]: base64(value) };
    if (typeof value === "number" && !Number.isFinite(value)) return { [NUMBER]: String(value) };
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  });

/** @throws FoveaError when the text is no facts.json. */
export function readFacts(text: string, name = "facts.json"): RunFacts {
  const { facts } = checkJson(name, FILE, parseJson(name, text));
  return revived(facts) as unknown as RunFacts;
}

function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.every((one) => typeof one === "number") ? value : value.map(revived);
  if (NUMBER in value) return Number(value[NUMBER]);
  if (BYTES in value) return bytesFrom(String(value[BYTES]));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]));
}

function bytesFrom(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new FoveaError("facts.json: expected base64, found other text; the file may be damaged");
  }
}
