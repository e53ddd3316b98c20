// Scoring: a model's answers about any number of images, a shard at a time. Blocks of images are decoded while the block
// before is computed; a block that is done is noted, so that a process that was killed goes on, and the same work done twice
// gives the same bytes.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { checkOptions } from "../../core/options.js";
import { VERSION } from "../../core/version.js";
import type { Files } from "../../platform/files/files.js";
import { isHeld } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { hashedPieces } from "../../platform/hashing.js";
import { UnreachableObject } from "../../platform/objects.js";
import { loggedModel } from "../decisions/index.js";
import {
  type Answerer,
  type AskedFile,
  answererOf,
  type HashedSamples,
  type OpenedModel,
  PooledImages,
  type PredictOptions,
} from "../models/index.js";
import { ProgressFile } from "./progress-file.js";
import {
  differenceOf,
  factsPath,
  headOf,
  readScoreFacts,
  refuseOther,
  type ScoreFacts,
  type ScoreHead,
  writeScoreFacts,
} from "./score-facts.js";
import { formOf, type RowBatches } from "./score-forms.js";
import type { ScoreRow } from "./score-rows.js";
import type { ScoreSource } from "./score-source.js";
import { BLOCK, type BlockRange, blocksOf, imagesOfBlock, type Shard } from "./shard.js";

/** Options of `scoreImages`. */
export interface ScoreOptions extends Pick<PredictOptions, "top" | "raw" | "calibration" | "rules"> {
  /** The share of the images. Default: all of them. */
  readonly shard?: Shard;
  /** Decoding threads; 0 for none besides the calling one. Default: what the machine has. */
  readonly threads?: number;
  /** Further facts that change answers and are noted with the part, such as the scale of pixels that a user named. Default: none. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** Disk that parts are written to. Default: the machine's. */
  readonly files?: Files;
  /**
   * Receives the images of the shard that have rows, and all of them. Default: none.
   * @param done Images that have rows.
   * @param total All images of the shard.
   */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the work after a block; rows that are written stay. Default: none. */
  readonly signal?: AbortSignal;
}

const OPTIONS = [
  "top",
  "raw",
  "calibration",
  "rules",
  "shard",
  "threads",
  "settings",
  "files",
  "onProgress",
  "signal",
] as const;

/** A part that is there. */
export interface Scored extends ScoreFacts {
  /** Path of the part. */
  readonly out: string;
  /** True where an earlier process had done it. */
  readonly wasDone: boolean;
  /** Rows that an earlier process had left. */
  readonly resumed: number;
}

/** Blocks that are decoded ahead of the one that is computed. */
const AHEAD = 2;
/** Images that are listed at a time, for the memory of long lists. */
const LISTED = 512 * BLOCK;
/** Threads take as long to start as some files to decode. */
const WORTH_THREADS = 256;

/**
 * Scores a shard of images into a table, with its facts beside it.
 * @param out a file that ends in .csv, .jsonl or .parquet; a part that is done is left as it is
 * @param opened A model of images, as `openModel` gives it.
 * @param source The images, as `openScoreSource` gives them.
 * @throws FoveaError for a model without images, outputs that the form cannot hold, a file of another scoring in the way, and
 * a store of objects that cannot be reached; the same call then goes on
 * @example
 * const opened = await openModel("runs/pets", { threads: 1 });
 * const source = await openScoreSource("photos");
 * await scoreImages(opened, source, "part-03.csv", { shard: shardOf("3/16"), threads: 0 });
 * await opened.model.close();
 */
export async function scoreImages(
  opened: OpenedModel,
  source: ScoreSource,
  out: string,
  options: ScoreOptions = {},
): Promise<Scored> {
  checkOptions("scoreImages", options, OPTIONS);
  const { shard = { index: 1, count: 1 }, files = filesHere } = options;
  const form = formOf(out);
  const { preprocessing } = opened;
  if (preprocessing === undefined)
    throw new FoveaError(
      "unsuited-model",
      `${opened.file} takes no images, which score is about; ask it by fovea predict`,
    );
  const { top, raw, calibration, rules } = options;
  const answerer = answererOf(opened, defined({ top, raw, calibration, rules, fill: source.count >= BLOCK }));
  const lock = await files.tryLock(`${out}.lock`);
  try {
    if (isHeld(lock))
      throw new FoveaError(
        "in-use",
        `${out} is being written by ${lock.heldBy}; wait for it, or give another shard and --out`,
      );
    const maker = form.maker(answerer);
    const head = await headFor(opened, source, form.name, shard, options);
    const done = await finished(files, out, head);
    if (done !== undefined) return { ...done, out, wasDone: true, resumed: done.rows };
    const range = blocksOf(source.count, shard);
    const progress = await ProgressFile.open(files, out, head, range.first);
    if ((await files.exists(out)) && progress.next === range.first && range.end > range.first)
      throw new FoveaError(
        "already-exists",
        `${out} is there already, and no score wrote it; name another file by --out, or remove it`,
      );
    const resumed = rowsBefore(progress.next, range, source.count);
    const left = rowsBefore(range.end, range, source.count) - resumed;
    const pool = await PooledImages.open(preprocessing, left < WORTH_THREADS ? 0 : options.threads);
    try {
      const answered = answeredBlocks(answerer, pool, source, { first: progress.next, end: range.end });
      for await (const block of answered) {
        await progress.add(maker.rows(block));
        options.onProgress?.(
          rowsBefore(progress.next, range, source.count),
          rowsBefore(range.end, range, source.count),
        );
        options.signal?.throwIfAborted();
      }
    } finally {
      await pool.close();
    }
    const facts = await written(files, out, (rows) => form.pieces(maker.columns, rows), head, progress, range);
    return { ...facts, out, wasDone: false, resumed };
  } finally {
    if (!isHeld(lock)) await lock.release();
    await answerer.close();
  }
}

/** Writes the part, then its facts, then removes the progress: a process may be killed between any two. */
async function written(
  files: Files,
  out: string,
  pieces: (rows: RowBatches) => AsyncIterable<Uint8Array>,
  head: ScoreHead,
  progress: ProgressFile,
  range: BlockRange,
): Promise<ScoreFacts> {
  if (progress.next !== range.end)
    throw new FoveaError("damaged-file", `${out}: blocks are missing; run the same command again`);
  let rows = 0;
  let refused = 0;
  async function* counted(): AsyncGenerator<readonly ScoreRow[]> {
    for await (const batch of progress.rows()) {
      rows += batch.length;
      refused += batch.filter(isRefused).length;
      yield batch;
    }
  }
  const { sha256, bytes } = await writeHashed(files, out, pieces(counted()));
  const facts: ScoreFacts = { ...head, rows, refused, sha256, bytes };
  await writeScoreFacts(files, out, facts);
  await progress.remove();
  return facts;
}

/** Writes a file piece by piece, whole or not at all, and hashes it on the way. */
export async function writeHashed(
  files: Files,
  path: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const file = await files.beginFile(path);
  try {
    let bytes = 0;
    const hash = await hashedPieces();
    for await (const piece of pieces) {
      await file.write(piece, bytes);
      hash.update(piece);
      bytes += piece.length;
    }
    await file.commit();
    return { sha256: await hash.digest(), bytes };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** A row of a table ends in the reason; an object has a field for it. */
const isRefused = (row: ScoreRow): boolean =>
  Array.isArray(row) ? row.at(-1) !== null : "error" in (row as JsonObject);

const rowsBefore = (block: number, { first }: BlockRange, images: number): number =>
  Math.min(block * BLOCK, images) - Math.min(first * BLOCK, images);

/** The facts of a part that is there whole; undefined where it is to be scored. @throws FoveaError for one of another scoring */
async function finished(files: Files, out: string, head: ScoreHead): Promise<ScoreFacts | undefined> {
  const facts = await readScoreFacts(files, out);
  if (facts === undefined) return undefined;
  const difference = differenceOf(headOf(facts), head);
  if (difference !== undefined) throw refuseOther(`${out}, as ${factsPath(out)} says,`, difference);
  const size = (await files.stat(out))?.size;
  if (size === undefined) return undefined;
  if (size !== facts.bytes)
    throw new FoveaError(
      "file-changed",
      `${out} was changed after it was scored; remove it with ${factsPath(out)} to score again`,
    );
  return facts;
}

async function headFor(
  opened: OpenedModel,
  source: ScoreSource,
  form: ScoreHead["form"],
  shard: Shard,
  { top, raw, calibration, rules, settings = {}, files = filesHere }: ScoreOptions,
): Promise<ScoreHead> {
  const { model } = await loggedModel(opened, files);
  const [output, ...others] = opened.original.outputShapes;
  const task = output !== undefined && others.length === 0 ? opened.task?.kind : undefined;
  const told: Json = JSON.parse(JSON.stringify({ top, raw, calibration, rules, ...settings }));
  return {
    version: 1,
    fovea: VERSION,
    model,
    weights: await opened.original.weightsSha256(),
    ...defined({ task }),
    form,
    settings: told as ScoreHead["settings"],
    images: { count: source.count, sha256: source.sha256 },
    block: BLOCK,
    shard: { ...shard },
  };
}

/** Blocks with their answers in order; some are decoded ahead. */
async function* answeredBlocks(
  answerer: Answerer,
  pool: PooledImages,
  source: ScoreSource,
  { first, end }: BlockRange,
): AsyncGenerator<{ readonly samples: HashedSamples; readonly batch: Awaited<ReturnType<Answerer["answer"]>> }> {
  const waiting: Promise<HashedSamples>[] = [];
  let listed: { readonly from: number; readonly files: readonly AskedFile[] } = { from: 0, files: [] };
  const begin = async (block: number): Promise<void> => {
    const images = imagesOfBlock(block, source.count);
    if (images.end > listed.from + listed.files.length || images.first < listed.from)
      listed = {
        from: images.first,
        files: await source.range(images.first, Math.min(images.first + LISTED, end * BLOCK, source.count)),
      };
    const files = listed.files.slice(images.first - listed.from, images.end - listed.from);
    const reading = pool.read(files, (error) => error instanceof UnreachableObject);
    // Heard when its turn comes; until then it is no failure that nobody handles.
    reading.catch(() => undefined);
    waiting.push(reading);
  };
  let next = first;
  for (let block = first; block < end; block++) {
    while (next < end && next <= block + AHEAD) await begin(next++);
    const samples = await waiting.shift()!;
    yield { samples, batch: await answerer.answer(samples) };
  }
}
