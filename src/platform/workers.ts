// Worker threads behind one interface: worker_threads in Node, Web Workers in a browser, the same messages in both.
// A worker is a real module file; what is said to it is its owner's business.
import { FoveaError } from "../core/errors.js";
import { isNode, nodeModule } from "./node.js";

type Threads = typeof import("node:worker_threads");

/** Objects that may move with a message instead of being copied. */
export type Transferred = ArrayBuffer | MessagePort;

/** The owner's end of a worker. */
export interface WorkerHandle<Received = unknown> {
  /** Sends a message; what is in `transfer` moves and is gone here. */
  post(message: unknown, transfer?: readonly Transferred[]): void;
  /** Sets who hears the worker's messages. Set it at once after spawnWorker: what comes earlier is lost. */
  onMessage(handler: (message: Received) => void): void;
  /** Sets who hears of an error that the worker did not catch, or of its unexpected end. */
  onError(handler: (error: Error) => void): void;
  /** Sets whether this worker alone keeps a Node process from ending (true at first). Browsers have no such notion. */
  keepAlive(yes: boolean): void;
  /** Ends the worker at once, whatever it is doing. */
  terminate(): Promise<void>;
}

/**
 * A module that a worker runs. Bundlers see a worker only where
 * `new Worker(new URL(NAME, import.meta.url), { type: "module" })` is one expression with nothing but literals in it,
 * so the module's owner writes that out. A page with a separate entry beside it for each worker (`fovea/workers/...`)
 * works as well, since NAME is `./FILE-worker.js`.
 */
export interface WorkerModule {
  /** The module's path from its owner's, and the owner's `import.meta.url`: the address of Node's thread. */
  readonly path: string;
  readonly from: string;
  /** Makes the Web Worker. */
  readonly web: () => Worker;
}

/** The worker's own end. */
export interface WorkerScope<Received = unknown> {
  post(message: unknown, transfer?: readonly Transferred[]): void;
  onMessage(handler: (message: Received) => void): void;
  /** Ends this worker. */
  close(): void;
}

/**
 * Starts a module as a worker.
 * @param name of the thread, for debuggers and messages.
 * @example
 * const worker = await spawnWorker<Answer>({ path: "./decode-worker.js", from: import.meta.url, web }, "decode 1");
 */
export async function spawnWorker<Received = unknown>(
  module: WorkerModule,
  name: string,
): Promise<WorkerHandle<Received>> {
  if (!isNode) return overWebWorker(module.web(), name);
  return spawnThread(await nodeModule<Threads>("worker_threads"), new URL(module.path, module.from), name);
}

/**
 * Starts several workers, named `NAME 0`, `NAME 1`, ... They all run, or none does: where one cannot be started, the
 * others are ended and the error says so.
 */
export async function spawnWorkers<Received = unknown>(
  module: WorkerModule,
  name: string,
  count: number,
): Promise<WorkerHandle<Received>[]> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, number) => spawnWorker<Received>(module, `${name} ${number}`)),
  );
  const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = started.find((result) => result.status === "rejected");
  if (failure === undefined) return workers;
  await Promise.all(workers.map((worker) => worker.terminate()));
  throw new FoveaError(
    "worker-failed",
    `a thread could not be started: ${(failure.reason as Error).message}; try fewer threads`,
    {
      cause: failure.reason,
    },
  );
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

/**
 * Limits of a thread's heap. Its young generation holds the garbage of batches until it is swept, up to 48 MB by default;
 * a few are as fast, since pixels and weights are no part of it.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 3 };

/** Node's words for flags that a thread cannot have. */
const REFUSED_FLAGS = /invalid execArgv flags: (.*)$/;

/**
 * Starts a thread with the flags of its process. Node checks flags that are listed but inherits those of V8 and others
 * unchecked, so they are listed only where one must go: `--input-type` speaks of the text behind --eval, no file has it.
 */
function newThread(threads: Threads, url: URL, name: string): import("node:worker_threads").Worker {
  const inherited = process.execArgv;
  const withoutType = inherited.filter((flag) => !flag.startsWith("--input-type"));
  if (withoutType.length === inherited.length)
    return new threads.Worker(url, { name, resourceLimits: RESOURCE_LIMITS });
  return newThreadWith(withoutType, threads, url, name);
}

function newThreadWith(
  flags: string[],
  threads: Threads,
  url: URL,
  name: string,
): import("node:worker_threads").Worker {
  try {
    return new threads.Worker(url, { name, resourceLimits: RESOURCE_LIMITS, execArgv: flags });
  } catch (error) {
    const refused = REFUSED_FLAGS.exec((error as Error).message)?.[1]?.split(", ") ?? [];
    const accepted = flags.filter((flag) => !refused.includes(flag));
    if (accepted.length === flags.length) throw error;
    return newThreadWith(accepted, threads, url, name);
  }
}

function overWebWorker<Received>(worker: Worker, name: string): WorkerHandle<Received> {
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    onMessage: (handler) => {
      worker.onmessage = (event: MessageEvent<Received>) => handler(event.data);
    },
    onError: (handler) => {
      worker.onerror = (event) => handler(new Error(event.message || `the module of worker "${name}" did not load`));
    },
    keepAlive: () => {},
    terminate: async () => worker.terminate(),
  };
}

/**
 * Does a worker's work: called once, by its module. What `main` throws, at once or later, reaches the owner's onError.
 * It is no top-level await, which bundlers cannot put into the classic scripts that they make of workers.
 * @example workerMain<Job>((scope) => scope.onMessage((job) => scope.post(answerTo(job))));
 */
export function workerMain<Received = unknown>(main: (scope: WorkerScope<Received>) => void | Promise<void>): void {
  workerScope<Received>()
    .then(main)
    .catch((error: unknown) =>
      setTimeout(() => {
        throw error;
      }),
    );
}

async function workerScope<Received = unknown>(): Promise<WorkerScope<Received>> {
  if (isNode) {
    const port = (await nodeModule<Threads>("worker_threads")).parentPort;
    if (port === null) throw new Error("workerMain was called outside a worker");
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

/** Number of threads that this machine runs at once. */
export async function hardwareThreads(): Promise<number> {
  if (isNode) return (await nodeModule<typeof import("node:os")>("os")).availableParallelism();
  return navigator.hardwareConcurrency || 1;
}
