// Decoding many files on several threads: cuts the list into batches, keeps each worker busy with one, and hands the
// results over as they come. Their order changes nothing: each comes with the number of its first file.
import { wholeNumber } from "../core/options.js";
import { hardwareThreads, spawnWorkers, type WorkerHandle, type WorkerModule } from "../platform/workers.js";
import { type BatchFile, type BatchJob, type BatchResult, decodeBatch } from "./decode-batch.js";
import type { DecodeAnswer } from "./decode-worker.js";
import { decodingBudget, type MemoryBudget, type Release } from "./memory-budget.js";

const WORKER: WorkerModule = {
  path: "./decode-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" }),
};

/** A file that is not read before its turn comes. */
export interface PendingFile {
  /** The name in messages. */
  readonly name: string;
  /** Its length in bytes, so that batches are of like weight. */
  readonly size: number;
  /** A path, or a function that brings the bytes where there are no paths. */
  readonly source: string | (() => Promise<Uint8Array>);
}

export interface PoolOptions extends Omit<BatchJob, "files"> {
  /** 0 or 1: no workers, the calling thread does it. Default: what the machine has. */
  readonly threads?: number | undefined;
  /** Most files of a batch; fewer where their pixels are many. Default 64. */
  readonly batchFiles?: number | undefined;
  /** Memory that decoding large images may take. Default: the budget that all of this process share. */
  readonly budget?: MemoryBudget | undefined;
}

const BATCH_FILES = 64;
const BATCH_BYTES = 4 << 20;
/** Starting a worker takes as long as decoding about this much. */
const BYTES_WORTH_A_THREAD = 1 << 20;

/**
 * Gets a batch's result with the number of its first file. The next batch of a thread waits for what it returns, and then
 * overwrites the pixels.
 */
export type OnResult = (first: number, result: BatchResult) => void | Promise<void>;

/** Decodes all files on threads of their own, which end with it. */
export async function decodeFiles(
  files: readonly PendingFile[],
  options: PoolOptions,
  onResult: OnResult,
): Promise<void> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const batches = cutIntoBatches(files, options.batchFiles).length;
  const threads = Math.min(await threadsFor(options.threads), batches, Math.ceil(total / BYTES_WORTH_A_THREAD));
  const pool = await DecodePool.open(threads);
  try {
    await pool.decode(files, options, onResult);
  } finally {
    await pool.close();
  }
}

const threadsFor = async (threads: number | undefined): Promise<number> =>
  threads === undefined ? hardwareThreads() : wholeNumber("threads", threads, 0);

/**
 * Decoding threads that stay until they are closed. Between batches they keep no process alive.
 * @example
 * const pool = await DecodePool.open(0); // 0: this thread decodes
 * await pool.decode([{ name: "photo.png", size: 2000, source: "photo.png" }], {}, (first, { heights, widths, errors }) => {
 *   heights[0]; // 96
 * });
 * await pool.close();
 */
export class DecodePool {
  readonly #idle: WorkerHandle<DecodeAnswer>[];
  readonly #waiting: ((worker: WorkerHandle<DecodeAnswer>) => void)[] = [];
  /** Failure of a thread, after which nothing is asked of any: one that has ended never answers. */
  #failure: Error | undefined;

  private constructor(private readonly workers: readonly WorkerHandle<DecodeAnswer>[]) {
    this.#idle = [...workers];
    for (const worker of workers) worker.keepAlive(false);
  }

  /**
   * Starts the threads.
   * @param threads Number of threads; with 0 or 1 the calling thread decodes. Default: one per core of the machine.
   */
  static async open(threads?: number): Promise<DecodePool> {
    const count = await threadsFor(threads);
    if (count <= 1) return new DecodePool([]);
    return new DecodePool(await spawnWorkers<DecodeAnswer>(WORKER, "decode", count));
  }

  /**
   * Decodes all files, as many batches at a time as there are threads.
   * @param files Files to read and decode.
   * @param onResult Receives each image, or the reason why it cannot be decoded.
   */
  async decode(
    files: readonly PendingFile[],
    { threads: _, batchFiles, budget = decodingBudget, ...settings }: PoolOptions,
    onResult: OnResult,
  ): Promise<void> {
    const lines = Math.max(1, this.workers.length);
    const batches = cutIntoBatches(files, batchFiles);
    let next = 0;
    const serve = async (): Promise<void> => {
      let room: ArrayBuffer | undefined;
      while (next < batches.length) {
        const { first, count } = batches[next++]!;
        const job = { ...settings, files: await Promise.all(files.slice(first, first + count).map(fetched)) };
        const result = await this.#run({ ...job, room }, budget);
        await onResult(first, result);
        room = result.pixels.buffer;
      }
    };
    await Promise.all(Array.from({ length: Math.min(lines, batches.length) }, serve));
  }

  async #run(job: BatchJob, budget: MemoryBudget): Promise<BatchResult> {
    if (this.workers.length === 0) {
      const result = await decodeBatch(job, budget.reserve);
      // Lets timers, Ctrl-C and a page's events have their turn.
      await new Promise((resume) => setTimeout(resume));
      return result;
    }
    const worker =
      this.#idle.pop() ??
      (await new Promise<WorkerHandle<DecodeAnswer>>((resolve) => {
        this.#waiting.push(resolve);
      }));
    worker.keepAlive(true);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      return await ask(worker, job, budget);
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    } finally {
      worker.keepAlive(false);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#idle.push(worker);
      else waiting(worker);
    }
  }

  /** Ends the threads; what they are decoding gets no answer. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

interface Batch {
  readonly first: number;
  readonly count: number;
}

function cutIntoBatches(files: readonly PendingFile[], batchFiles = BATCH_FILES): Batch[] {
  const most = Math.max(1, Math.min(batchFiles, BATCH_FILES));
  const batches: Batch[] = [];
  for (let first = 0, next = 0; first < files.length; first = next) {
    for (let bytes = 0; next < files.length && next - first < most && bytes < BATCH_BYTES; next++)
      bytes += files[next]!.size;
    batches.push({ first, count: next - first });
  }
  return batches;
}

async function fetched({ name, source }: PendingFile): Promise<BatchFile> {
  return { name, source: typeof source === "string" ? source : await source() };
}

/** Gives a worker a job; what its large images take comes out of the budget that all workers share. */
function ask(worker: WorkerHandle<DecodeAnswer>, job: BatchJob, budget: MemoryBudget): Promise<BatchResult> {
  let release: Release = () => {};
  let isOver = false;
  const answered = new Promise<BatchResult>((resolve, reject) => {
    worker.onError(reject);
    worker.onMessage((answer) => {
      if ("result" in answer) resolve(answer.result);
      else if ("failure" in answer) reject(new Error(answer.failure));
      else if (answer.reserve === 0) release();
      else
        void budget.reserve(answer.reserve).then((held) => {
          release = held;
          if (isOver) release();
          else worker.post("granted");
        });
    });
    worker.post(job, job.room === undefined ? [] : [job.room]);
  });
  return answered.finally(() => {
    isOver = true;
    release();
  });
}
