// Executors of a session's programs: worker threads over one shared memory, or, without shared memory, the calling
// thread itself. Both run the same code and so compute the same bits.
import { FoveaError } from "../../core/errors.js";
import { spawnWorkers, type WorkerHandle, type WorkerModule } from "../../platform/workers.js";
import { type FromWorker, instantiate, type Run, type ToWorker } from "./messages.js";

const WORKER: WorkerModule = {
  path: "./compute-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./compute-worker.js", import.meta.url), { type: "module" }),
};

export interface Executor {
  readonly threads: number;
  /** False when a thread has died. */
  readonly usable: boolean;
  load(program: number, module: WebAssembly.Module): void;
  unload(program: number): void;
  /** Runs a program on all threads; `scratch(thread)` is where each may write. */
  run(program: number, scratch: (thread: number) => number): Promise<void>;
  close(): Promise<void>;
}

/** Runs on the calling thread, which is busy meanwhile. */
export class InlineExecutor implements Executor {
  readonly threads = 1;
  readonly usable = true;
  readonly #programs = new Map<number, Run>();
  constructor(readonly memory: WebAssembly.Memory) {}

  load(program: number, module: WebAssembly.Module): void {
    this.#programs.set(program, instantiate(module, this.memory));
  }
  unload(program: number): void {
    this.#programs.delete(program);
  }
  async run(program: number, scratch: (thread: number) => number): Promise<void> {
    this.#programs.get(program)!(0, scratch(0));
  }
  async close(): Promise<void> {}
}

/** Runs on worker threads; the calling thread stays free. */
export class WorkerExecutor implements Executor {
  #pending: { left: number; resolve: () => void; reject: (error: Error) => void } | undefined;
  #failure: Error | undefined;

  private constructor(
    readonly memory: WebAssembly.Memory,
    readonly workers: readonly WorkerHandle<FromWorker>[],
  ) {
    for (const worker of workers) {
      worker.keepAlive(false);
      worker.onMessage((message) => {
        if (message.say === "failed")
          this.#fail(new FoveaError("worker-failed", `a compute thread failed: ${message.reason}`));
        else if (this.#pending !== undefined && --this.#pending.left === 0)
          this.#settle((pending) => pending.resolve());
      });
      worker.onError((error) =>
        this.#fail(new FoveaError("worker-failed", `a compute thread failed: ${error.message}`, { cause: error })),
      );
    }
  }

  static async start(memory: WebAssembly.Memory, threads: number): Promise<WorkerExecutor> {
    return new WorkerExecutor(memory, await spawnWorkers<FromWorker>(WORKER, "fovea compute", threads));
  }

  get threads(): number {
    return this.workers.length;
  }

  get usable(): boolean {
    return this.#failure === undefined;
  }

  load(program: number, module: WebAssembly.Module): void {
    for (const worker of this.workers) this.#post(worker, { say: "load", program, module, memory: this.memory });
  }

  unload(program: number): void {
    for (const worker of this.workers) this.#post(worker, { say: "unload", program });
  }

  run(program: number, scratch: (thread: number) => number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#pending = { left: this.threads, resolve, reject };
      this.workers.forEach((worker, thread) => {
        worker.keepAlive(true);
        this.#post(worker, { say: "run", program, thread, scratch: scratch(thread) });
      });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  #post(worker: WorkerHandle<FromWorker>, message: ToWorker): void {
    worker.post(message);
  }

  /** A thread that failed may have left the others waiting for it: the session cannot go on, and no thread is of use. */
  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    void this.close();
    this.#settle((pending) => pending.reject(error));
  }

  #settle(tell: (pending: { resolve: () => void; reject: (error: Error) => void }) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    for (const worker of this.workers) worker.keepAlive(false);
    if (pending !== undefined) tell(pending);
  }
}
