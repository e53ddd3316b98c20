// Worker threads behind one interface: worker_threads in Node, Web Workers in a browser, the same messages in both.
// A worker is a real module file; what is said to it is its owner's business.
import { FoveaError } from "../core/errors.js";
import { isNode, nodeModule } from "./node.js";

type Threads = typeof import("node:worker_threads");

/** What may move with a message instead of being copied. */
export type Transferred = ArrayBuffer | MessagePort;

/** The owner's end of a worker. */
export interface WorkerHandle<Received = unknown> {
  /** Sends a message; what is in `transfer` moves and is gone here. */
  post(message: unknown, transfer?: readonly Transferred[]): void;
  /** Sets who hears the worker's messages. Set it at once after spawnWorker: what comes earlier is lost. */
  onMessage(handler: (message: Received) => void): void;
  /** Sets who hears of an error that the worker did not catch, or of its unexpected end. */
  onError(handler: (error: Error) => void): void;
  /** Whether this worker alone keeps a Node process from ending (true at first). Browsers have no such notion. */
  keepAlive(yes: boolean): void;
  /** Ends the worker at once, whatever it is doing. */
  terminate(): Promise<void>;
}

/** The worker's own end. */
export interface WorkerScope<Received = unknown> {
  post(message: unknown, transfer?: readonly Transferred[]): void;
  onMessage(handler: (message: Received) => void): void;
  /** Ends this worker. */
  close(): void;
}

/**
 * Starts the module at `url` as a worker.
 * @example const worker = await spawnWorker<Answer>(workerUrl, "decode 1"); // workerUrl: its module beside import.meta.url
 */
export async function spawnWorker<Received = unknown>(url: URL, name: string): Promise<WorkerHandle<Received>> {
  return isNode ? spawnThread(await nodeModule<Threads>("worker_threads"), url, name) : spawnWebWorker(url, name);
}

/**
 * Starts several workers, named `NAME 0`, `NAME 1`, ... They all run, or none does: where one cannot be started, the
 * others are ended and the error says so.
 */
export async function spawnWorkers<Received = unknown>(
  url: URL,
  name: string,
  count: number,
): Promise<WorkerHandle<Received>[]> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, number) => spawnWorker<Received>(url, `${name} ${number}`)),
  );
  const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = started.find((result) => result.status === "rejected");
  if (failure === undefined) return workers;
  await Promise.all(workers.map((worker) => worker.terminate()));
  throw new FoveaError(`a thread could not be started: ${(failure.reason as Error).message}; try fewer threads`, {
    cause: failure.reason,
  });
}

function spawnThread<Received>(threads: Threads, url: URL, name: string): WorkerHandle<Received> {
  const worker = newThread(threads, url, name);
  let ending = false;
  let holds = true;
  const keepAlive = (yes: boolean): void => {
    holds = yes;
    if (yes) worker.ref();
    else worker.unref();
  };
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as never),
    onMessage: (handler) => {
      worker.removeAllListeners("message").on("message", handler);
      // Node lets a thread that somebody listens to hold the process again.
      keepAlive(holds);
    },
    onError: (handler) => {
      worker.removeAllListeners("error").on("error", handler);
      worker.removeAllListeners("exit").on("exit", (code) => {
        if (!ending) handler(new Error(`worker "${name}" ended unexpectedly with code ${code}`));
      });
    },
    keepAlive,
    terminate: async () => {
      ending = true;
      // Its last error concerns nobody any more, and without a listener it would end the process.
      worker.removeAllListeners("error").on("error", () => {});
      await worker.terminate();
    },
  };
}

/** Node's words for flags that a thread cannot have. */
const REFUSED_FLAGS = /invalid execArgv flags: (.*)$/;

/**
 * Starts a thread with the flags of its process. Node checks flags that are listed but inherits those of V8 and others
 * unchecked, so they are listed only where one must go: `--input-type` speaks of the text behind --eval, no file has it.
 */
function newThread(threads: Threads, url: URL, name: string): import("node:worker_threads").Worker {
  const inherited = process.execArgv;
  const withoutType = inherited.filter((flag) => !flag.startsWith("--input-type"));
  if (withoutType.length === inherited.length) return new threads.Worker(url, { name });
  return newThreadWith(withoutType, threads, url, name);
}

function newThreadWith(
  flags: string[],
  threads: Threads,
  url: URL,
  name: string,
): import("node:worker_threads").Worker {
  try {
    return new threads.Worker(url, { name, execArgv: flags });
  } catch (error) {
    const refused = REFUSED_FLAGS.exec((error as Error).message)?.[1]?.split(", ") ?? [];
    const accepted = flags.filter((flag) => !refused.includes(flag));
    if (accepted.length === flags.length) throw error;
    return newThreadWith(accepted, threads, url, name);
  }
}

function spawnWebWorker<Received>(url: URL, name: string): WorkerHandle<Received> {
  const worker = new Worker(url, { type: "module", name });
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    onMessage: (handler) => {
      worker.onmessage = (event: MessageEvent<Received>) => handler(event.data);
    },
    onError: (handler) => {
      worker.onerror = (event) =>
        handler(new Error(event.message || `worker "${name}" could not be loaded from ${url}`));
    },
    keepAlive: () => {},
    terminate: async () => worker.terminate(),
  };
}

/** Called once in a worker's module: the line to its owner. */
export async function workerScope<Received = unknown>(): Promise<WorkerScope<Received>> {
  if (isNode) {
    const port = (await nodeModule<Threads>("worker_threads")).parentPort;
    if (port === null) throw new Error("workerScope was called outside a worker");
    return {
      post: (message, transfer = []) => port.postMessage(message, transfer as never),
      onMessage: (handler) => void port.removeAllListeners("message").on("message", handler),
      close: () => port.close(),
    };
  }
  const scope = globalThis as unknown as {
    postMessage(message: unknown, transfer: readonly Transferred[]): void;
    onmessage: ((event: MessageEvent<Received>) => void) | null;
    close(): void;
  };
  return {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    onMessage: (handler) => {
      scope.onmessage = (event) => handler(event.data);
    },
    close: () => scope.close(),
  };
}

/** How many threads this machine runs at once. */
export async function hardwareThreads(): Promise<number> {
  if (isNode) return (await nodeModule<typeof import("node:os")>("os")).availableParallelism();
  return navigator.hardwareConcurrency || 1;
}
