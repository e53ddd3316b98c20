// Facts of a part that was scored, in a file beside it (`part.csv.json`): which model answered under which settings about
// which images. By them a part is known as done, and parts are known to be of one whole.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { canonicalText } from "../../core/json.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { SHA256 } from "../../formats/run/recipe.js";
import { TASK_KINDS } from "../../formats/run/task.js";
import type { Files } from "../../platform/files/files.js";
import { MOST_SHARDS } from "./shard.js";

const count = z.int().min(0);

const HEAD = z.strictObject({
  version: z.literal(1),
  /** Version of Fovea that answered. */
  fovea: z.string(),
  /** SHA-256 of the model's file and of its weights. */
  model: SHA256,
  weights: SHA256,
  task: z.enum(TASK_KINDS).optional(),
  form: z.enum(["csv", "jsonl", "parquet"]),
  /** Options that change an answer: rules of decisions, calibration, scale of pixels, names of classes. */
  settings: z.record(z.string(), z.json()),
  images: z.strictObject({ count, sha256: SHA256 }),
  /** Images of a block. */
  block: z.int().min(1),
  shard: z.strictObject({ index: z.int().min(1).max(MOST_SHARDS), count: z.int().min(1).max(MOST_SHARDS) }),
});

const FACTS = HEAD.extend({
  rows: count,
  /** Rows with a reason in place of an answer. */
  refused: count,
  /** SHA-256 and length of the part. */
  sha256: SHA256,
  bytes: count,
});

/** Facts that are known before the first image: what a part that goes on must agree with. */
export type ScoreHead = z.output<typeof HEAD>;
/** Facts of a finished part. */
export type ScoreFacts = z.output<typeof FACTS>;

/** Path of the facts of a part. */
export const factsPath = (part: string): string => `${part}.json`;

/** The facts beside a part; undefined where there are none. @throws FoveaError for a file that has none in it */
export async function readScoreFacts(files: Files, part: string): Promise<ScoreFacts | undefined> {
  const path = factsPath(part);
  if (!(await files.exists(path))) return undefined;
  return checkJson(path, FACTS, parseJson(path, await files.readBytes(path), { names: true }));
}

export const writeScoreFacts = (files: Files, part: string, facts: ScoreFacts): Promise<void> =>
  files.writeAtomic(factsPath(part), `${JSON.stringify(facts, null, 1)}\n`);

/** The head of facts or of a line. */
export const checkHead = (what: string, value: unknown): ScoreHead => checkJson(what, HEAD, value);

/** A field as text that does not depend on the order of keys. */
const textOf = (field: ScoreHead[keyof ScoreHead]): string => (field === undefined ? "" : canonicalText(field));

/** Words for the fields in which two scorings may differ. */
const WORDS: readonly (readonly [keyof ScoreHead, string])[] = [
  ["fovea", "another version of Fovea"],
  ["model", "another model"],
  ["weights", "a model with other weights"],
  ["task", "another task"],
  ["form", "another form of table"],
  ["settings", "other settings"],
  ["images", "other images"],
  ["block", "blocks of another size"],
  ["shard", "another shard"],
];

/**
 * The first difference of two heads, in words; undefined for none.
 * @param except fields that may differ
 */
export function differenceOf(
  a: ScoreHead,
  b: ScoreHead,
  except: readonly (keyof ScoreHead)[] = [],
): string | undefined {
  const isOther = (field: keyof ScoreHead): boolean => textOf(a[field]) !== textOf(b[field]);
  return WORDS.find(([field]) => !except.includes(field) && isOther(field))?.[1];
}

/** The head among facts. @throws FoveaError for facts that are none */
export function headOf({ rows: _r, refused: _f, sha256: _s, bytes: _b, ...head }: ScoreFacts): ScoreHead {
  return head;
}

/** Refuses a part of another scoring. */
export const refuseOther = (what: string, difference: string): FoveaError =>
  new FoveaError(
    "record-mismatch",
    `${what} is of ${difference}; name another file by --out, or remove it to score again`,
  );
