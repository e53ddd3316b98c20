// Decoding many files on several threads: cuts the list into batches, keeps each worker busy with one, and hands the
// results over as they come. What order they come in changes nothing: each knows its place.
import { wholeNumber } from "../core/options.js";
import { hardwareThreads, spawnWorkers, type WorkerHandle, type WorkerModule } from "../platform/workers.js";
import { type BatchFile, type BatchJob, type BatchResult, decodeBatch } from "./decode-batch.js";
import type { DecodeAnswer } from "./decode-worker.js";
import { decodingBudget, type Release } from "./memory-budget.js";

const WORKER: WorkerModule = {
  path: "./decode-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" }),
};

/** A file that is not read before its turn comes. */
export interface PendingFile {
  readonly name: string;
  /** Its length in bytes, so that batches are of like weight. */
  readonly size: number;
  /** A path, or a function that brings the bytes where there are no paths. */
  readonly source: string | (() => Promise<Uint8Array>);
}

export interface PoolOptions extends Omit<BatchJob, "files"> {
  /** 0 or 1: no workers, the calling thread does it. Default: what the machine has. */
  readonly threads?: number | undefined;
}

const BATCH_FILES = 64;
const BATCH_BYTES = 4 << 20;
/** Starting a worker takes as long as decoding about this much. */
const BYTES_WORTH_A_THREAD = 1 << 20;

/** Decodes all files; `onResult` gets each batch's result with the place of its first file. */
export async function decodeFiles(
  files: readonly PendingFile[],
  options: PoolOptions,
  onResult: (first: number, result: BatchResult) => void,
): Promise<void> {
  const batches = cutIntoBatches(files);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const wanted = options.threads === undefined ? await hardwareThreads() : wholeNumber("threads", options.threads, 0);
  const threads = Math.min(wanted, batches.length, Math.ceil(total / BYTES_WORTH_A_THREAD));
  const { threads: _, ...settings } = options;
  const jobFor = async ({ first, count }: Batch): Promise<BatchJob> => ({
    ...settings,
    files: await Promise.all(files.slice(first, first + count).map(fetched)),
  });
  if (threads <= 1) {
    for (const batch of batches) {
      onResult(batch.first, await decodeBatch(await jobFor(batch)));
      // Lets timers, Ctrl-C and a page's events have their turn.
      await new Promise((resume) => setTimeout(resume));
    }
    return;
  }
  const workers = await spawnWorkers<DecodeAnswer>(WORKER, "decode", threads);
  let next = 0;
  const serve = async (worker: WorkerHandle<DecodeAnswer>): Promise<void> => {
    while (next < batches.length) {
      const batch = batches[next++]!;
      onResult(batch.first, await ask(worker, await jobFor(batch)));
    }
  };
  try {
    await Promise.all(workers.map(serve));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

interface Batch {
  readonly first: number;
  readonly count: number;
}

function cutIntoBatches(files: readonly PendingFile[]): Batch[] {
  const batches: Batch[] = [];
  for (let first = 0, next = 0; first < files.length; first = next) {
    for (let bytes = 0; next < files.length && next - first < BATCH_FILES && bytes < BATCH_BYTES; next++)
      bytes += files[next]!.size;
    batches.push({ first, count: next - first });
  }
  return batches;
}

async function fetched({ name, source }: PendingFile): Promise<BatchFile> {
  return { name, source: typeof source === "string" ? source : await source() };
}

/** Gives a worker a job; what its large images take comes out of the budget that all workers share. */
function ask(worker: WorkerHandle<DecodeAnswer>, job: BatchJob): Promise<BatchResult> {
  let release: Release = () => {};
  let isOver = false;
  const answered = new Promise<BatchResult>((resolve, reject) => {
    worker.onError(reject);
    worker.onMessage((answer) => {
      if ("result" in answer) resolve(answer.result);
      else if ("failure" in answer) reject(new Error(answer.failure));
      else if (answer.reserve === 0) release();
      else
        void decodingBudget.reserve(answer.reserve).then((held) => {
          release = held;
          if (isOver) release();
          else worker.post("granted");
        });
    });
    worker.post(job);
  });
  return answered.finally(() => {
    isOver = true;
    release();
  });
}
