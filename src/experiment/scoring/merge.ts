// Parts of a scoring as one table: the bytes that a single process would have written. Parts are joined only where all shards
// are there, none twice, of one model, one version, the same settings and the same images, and each as it was written.
import { FoveaError } from "../../core/errors.js";
import type { Files } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { hashedPieces } from "../../platform/hashing.js";
import { writeHashed } from "./score.js";
import {
  differenceOf,
  factsPath,
  headOf,
  readScoreFacts,
  type ScoreFacts,
  type ScoreHead,
  writeScoreFacts,
} from "./score-facts.js";
import { formOf } from "./score-forms.js";

/** A merged table. */
export interface Merged {
  /** Path of the merged table. */
  readonly out: string;
  /** Number of its rows, one per image. */
  readonly rows: number;
  /** Rows with a reason in place of an answer. */
  readonly refused: number;
  /** Number of parts. */
  readonly shards: number;
  /** SHA-256 of the model's file. */
  readonly model: string;
  /** SHA-256 of the merged table. */
  readonly sha256: string;
}

interface Part {
  readonly path: string;
  readonly facts: ScoreFacts;
}

/**
 * Merges the parts of all shards.
 * @param paths the parts in any order, each with its facts beside it
 * @param out a file of the same form
 * @param files Disk of the parts; default the machine's.
 * @throws FoveaError naming the part that is missing, there twice, of another scoring or changed; nothing is written then
 * @example
 * const opened = await openModel("runs/pets", { threads: 1 });
 * const source = await openScoreSource("photos");
 * for (const shard of ["1/2", "2/2"]) await scoreImages(opened, source, `part-${shard[0]}.csv`, { shard: shardOf(shard), threads: 0 });
 * const { rows } = await mergeScores(["part-1.csv", "part-2.csv"], "all.csv"); // 3
 * await opened.model.close();
 */
export async function mergeScores(paths: readonly string[], out: string, files: Files = filesHere): Promise<Merged> {
  const form = formOf(out);
  const parts = await Promise.all(paths.map((path) => partAt(files, path)));
  const [first] = parts;
  if (first === undefined)
    throw new FoveaError("empty-input", "score merge: expected the parts of all shards, received none");
  if (form.name !== first.facts.form)
    throw new FoveaError("unknown-format", `${out}: the parts are .${first.facts.form} files; name the merged file so`);
  checkAlike(parts);
  const ordered = inOrder(parts);
  for (const part of ordered) await checkContent(files, part);
  const { sha256, bytes } = await writeHashed(
    files,
    out,
    form.joined(
      files,
      ordered.map(({ path }) => path),
    ),
  );
  const rows = ordered.reduce((sum, { facts }) => sum + facts.rows, 0);
  const refused = ordered.reduce((sum, { facts }) => sum + facts.refused, 0);
  const head: ScoreHead = { ...headOf(first.facts), shard: { index: 1, count: 1 } };
  await writeScoreFacts(files, out, { ...head, rows, refused, sha256, bytes });
  return { out, rows, refused, shards: ordered.length, model: head.model, sha256 };
}

async function partAt(files: Files, path: string): Promise<Part> {
  const facts = await readScoreFacts(files, path);
  if (facts !== undefined) return { path, facts };
  const advice = (await files.exists(path)) ? `bring ${factsPath(path)}, which score writes` : "score its shard";
  throw new FoveaError("not-found", `${path}: this part has no facts beside it; ${advice}`);
}

function checkAlike(parts: readonly Part[]): void {
  const [first, ...others] = parts;
  for (const { path, facts } of others) {
    const difference = differenceOf(headOf(facts), headOf(first!.facts), ["shard"]);
    if (difference !== undefined)
      throw new FoveaError(
        "mismatched-parts",
        `${path} is of ${difference} than ${first!.path}; merge the parts of one scoring`,
      );
    const { count } = first!.facts.shard;
    if (facts.shard.count !== count)
      throw new FoveaError(
        "mismatched-parts",
        `${path} is one of ${facts.shard.count} shards, ${first!.path} one of ${count}; merge the parts of one scoring`,
      );
  }
}

/** Parts by their numbers. @throws FoveaError for a shard that is there twice, or missing */
function inOrder(parts: readonly Part[]): readonly Part[] {
  const { count } = parts[0]!.facts.shard;
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const { index } = part.facts.shard;
    const other = byIndex.get(index);
    if (other !== undefined)
      throw new FoveaError(
        "duplicate",
        `${part.path} and ${other.path} are both shard ${index} of ${count}; leave one of them out`,
      );
    byIndex.set(index, part);
  }
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const shown = missing.slice(0, 10).join(", ") + (missing.length > 10 ? ` and ${missing.length - 10} more` : "");
    throw new FoveaError(
      "mismatched-parts",
      `of ${count} shards ${missing.length === 1 ? "one is" : `${missing.length} are`} missing: ${shown}; score and add them`,
    );
  }
  return [...byIndex].sort(([a], [b]) => a - b).map(([, part]) => part);
}

const CHUNK = 1 << 20;

async function checkContent(files: Files, { path, facts }: Part): Promise<void> {
  const hash = await hashedPieces();
  const file = await files.openFile(path);
  try {
    for (let at = 0; at < file.size; at += CHUNK) hash.update(await file.read(at, Math.min(CHUNK, file.size - at)));
  } finally {
    await file.close();
  }
  if ((await hash.digest()) !== facts.sha256)
    throw new FoveaError(
      "file-changed",
      `${path} was changed after it was scored; remove it with ${factsPath(path)} and score its shard again`,
    );
}
