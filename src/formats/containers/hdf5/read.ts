// Reads HDF5 files from anywhere. A damaged or malicious one can make the library loop, abort or run out of memory, so
// it works in a thread that lives for one file and is ended when its time is up. Where no thread can be had (a page
// whose workers do not find h5wasm) it works in this one, and nothing but its own checks bounds its time.
import { FoveaError } from "../../../core/errors.js";
import { spawnWorker, type WorkerHandle, type WorkerModule } from "../../../platform/workers.js";
import { unpackedLimit } from "../limits.js";
import type { Hdf5Answer, Hdf5Job } from "./hdf5-worker.js";
import { parseHdf5 } from "./parse.js";
import type { Hdf5Group } from "./tree.js";

const WORKER: WorkerModule = {
  path: "./hdf5-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./hdf5-worker.js", import.meta.url), { type: "module" }),
};

const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
const BASE_TIME_MS = 20_000;
const BYTES_PER_MS = 10_000;

/** Checks whether `bytes` begin as an HDF5 file does. */
export const looksLikeHdf5 = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, at) => bytes[at] === byte);

export interface ReadHdf5Options {
  /** Name of the file in errors. */
  readonly name?: string;
  /** The most bytes of the file, and of all its arrays and text together. Default: `unpackedLimit` of the file. */
  readonly maxBytes?: number;
  /** Time after which reading is given up, in milliseconds. Default 20 seconds, and one more for every 10 MB. */
  readonly timeLimit?: number;
}

/**
 * Reads a whole HDF5 file. `bytes` stay as they are; the result does not hold on to them.
 * @throws FoveaError when the file is damaged, claims more than it may, or holds what is not supported.
 */
export async function readHdf5(bytes: Uint8Array, options: ReadHdf5Options = {}): Promise<Hdf5Group> {
  const {
    name = "the file",
    maxBytes = unpackedLimit(bytes.length),
    timeLimit = BASE_TIME_MS + bytes.length / BYTES_PER_MS,
  } = options;
  if (!looksLikeHdf5(bytes))
    throw new FoveaError("unknown-format", `${name}: expected an HDF5 file, found other bytes`);
  if (bytes.length > maxBytes)
    throw new FoveaError(
      "too-large",
      `${name}: this HDF5 file has ${bytes.length} bytes, more than the ${maxBytes} bytes allowed`,
    );
  const damaged = (cause: unknown): FoveaError =>
    new FoveaError("damaged-file", `${name} cannot be read: the file is damaged; get another copy of it`, { cause });
  const worker = await startWorker();
  if (worker === undefined)
    try {
      return (await parseHdf5(bytes, name, maxBytes)).root;
    } catch (error) {
      throw error instanceof FoveaError ? error : damaged(error);
    }
  try {
    const answer = await ask(worker, { bytes, name, maxBytes }, timeLimit);
    if ("parsed" in answer) return answer.parsed.root;
    throw "refusal" in answer ? new FoveaError(answer.code, answer.refusal) : damaged(answer);
  } finally {
    await worker.terminate();
  }
}

/** A worker that has loaded the library, or undefined where that cannot be had. */
async function startWorker(): Promise<WorkerHandle<Hdf5Answer> | undefined> {
  let worker: WorkerHandle<Hdf5Answer>;
  try {
    worker = await spawnWorker<Hdf5Answer>(WORKER, "hdf5");
  } catch {
    return undefined;
  }
  const ready = await new Promise<boolean>((resolve) => {
    worker.onMessage(() => resolve(true));
    worker.onError(() => resolve(false));
  });
  if (ready) return worker;
  await worker.terminate();
  return undefined;
}

/** Messages of the worker to the job; its silence for too long, or its end, is a failure. */
async function ask(worker: WorkerHandle<Hdf5Answer>, job: Hdf5Job, timeLimit: number): Promise<Hdf5Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = await new Promise<Hdf5Answer>((resolve) => {
    const fail = (failure: string): void => resolve({ failure });
    timer = setTimeout(fail, timeLimit, `reading took longer than ${timeLimit} ms`);
    worker.onMessage(resolve);
    worker.onError((error) => fail(error.message));
    worker.post(job);
  });
  clearTimeout(timer);
  return answer;
}
