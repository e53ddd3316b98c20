// A line of a decision log: one answer of a model about one photo, with the hashes of both. Each line has its number, the
// SHA-256 of the line before it and its own, so that a change, a gap and a swap are found with their place.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { SHA256 } from "../../formats/run/recipe.js";
import { TASK_KINDS } from "../../formats/run/task.js";
import { sha256Hex } from "../../platform/hashing.js";

/** The most bytes of a line: an answer with some ten thousand classes. */
export const MOST_LINE_BYTES = 4 << 20;

/** The hash that the first line has in place of one before it. */
export const NO_LINE = "0".repeat(64);

const told = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

/** A decision: what `predict --json` says of a photo, with hashes. Further fields of an answer are kept as they are. */
const DECISION = z.looseObject({
  /** SHA-256 of the model's file. */
  model: SHA256,
  /** SHA-256 of its weights, as a run has it. */
  weights: SHA256.optional(),
  /** SHA-256 of the photo's file; absent where it cannot be read. For rows of a table that of the table. */
  image: SHA256.optional(),
  /** Name of the photo when the model was asked, for readers. */
  file: z.string(),
  task: z.enum(TASK_KINDS).optional(),
  /** True for an answer that may be used as it is. */
  accepted: z.boolean(),
  top: z.array(z.object({ class: z.string(), probability: z.number() })).optional(),
  labels: z.array(z.object({ label: z.string(), probability: z.number(), given: z.boolean() })).optional(),
  value: told.optional(),
  values: z.array(told).optional(),
  names: z.array(z.string()).optional(),
  boxes: z.array(z.looseObject({ label: z.string() })).optional(),
  mask: z.looseObject({ areas: z.array(z.looseObject({ class: z.string(), percent: z.number() })) }).optional(),
  error: z.string().optional(),
});

const LINE = DECISION.extend({
  /** Number of the line, from 1. */
  line: z.int().min(1),
  /** SHA-256 of the line before, without its line break. */
  previous: SHA256,
  /** When the line was added. */
  time: z.iso.datetime({ offset: true }),
});

/** A decision about a photo to be logged: fields of `DECISION`, and all other fields of its answer. */
export interface DecisionEntry {
  /** SHA-256 of the model's file. */
  readonly model: string;
  /** SHA-256 of the model's weights; absent where its file does not say it. */
  readonly weights?: string | undefined;
  /** SHA-256 of the photo's bytes; absent where it could not be read. */
  readonly image?: string | undefined;
  /** Path or name of the photo. */
  readonly file: string;
  /** False where a person is to look. */
  readonly accepted: boolean;
  readonly [field: string]: unknown;
}
/** A decision with its place in a log. */
export type LoggedDecision = z.output<typeof LINE>;

const encoder = new TextEncoder();
const hashOf = (text: string): Promise<string> => sha256Hex(encoder.encode(text));

/** Its own hash is the last field of a line. */
const OWN_HASH = /,"sha256":"([0-9a-f]{64})"\}$/;

/** Place of a line in its log. */
export interface LinePlace {
  readonly line: number;
  readonly previous: string;
  readonly time: string;
}

/**
 * A decision as a line without its break, and the line's hash.
 * @throws FoveaError for what could not be read back
 */
export async function writeLine(
  { line, previous, time }: LinePlace,
  decision: DecisionEntry,
): Promise<{ readonly text: string; readonly hash: string }> {
  checkJson("decision log", DECISION, decision);
  const taken = ["line", "previous", "time", "sha256"].find((name) => name in decision);
  if (taken !== undefined)
    throw new FoveaError(
      "unusable-name",
      `decision log: an answer cannot have a field ${taken}, which a line has itself; rename it`,
    );
  const content = JSON.stringify({ line, previous, time, ...decision });
  const text = `${content.slice(0, -1)},"sha256":"${await hashOf(content)}"}`;
  if (encoder.encode(text).length > MOST_LINE_BYTES)
    throw new FoveaError(
      "too-large",
      `decision log: the answer about ${decision.file} takes more than ${MOST_LINE_BYTES} bytes; ask for fewer classes with --top`,
    );
  return { text, hash: await hashOf(text) };
}

/** A line that was read: its place and hash. */
export interface ReadLine {
  readonly line: number;
  readonly previous: string;
  readonly hash: string;
}

/** @returns undefined for bytes that are no whole line, or whose own hash is another */
export async function readLine(bytes: Uint8Array): Promise<ReadLine | undefined> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const found = OWN_HASH.exec(text);
  if (found === null) return undefined;
  const content = `${text.slice(0, found.index)}}`;
  if ((await hashOf(content)) !== found[1]) return undefined;
  try {
    const { line, previous } = checkJson("line", LINE, parseJson("line", content, { names: true }));
    return { line, previous, hash: await sha256Hex(bytes) };
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** The decision in a line. @throws FoveaError naming the file and line, and what is wrong with it */
export function decisionIn(where: string, bytes: Uint8Array): LoggedDecision {
  return checkJson(where, LINE, parseJson(where, bytes, { names: true }));
}
