// A session's line to its worker: asks one call at a time and hears of the worker's end. It knows no graph and no tensor.
import { FoveaError } from "../../core/errors.js";
import { spawnWorker, type Transferred, type WorkerHandle, type WorkerModule } from "../../platform/workers.js";
import type { CallName, Calls, FromHost, ToHost } from "./messages.js";

export class Host {
  #pending: { resolve: (answer: never) => void; reject: (error: Error) => void } | undefined;
  #failure: FoveaError | undefined;

  private constructor(readonly worker: WorkerHandle<FromHost>) {
    worker.keepAlive(false);
    worker.onMessage((message) => {
      if ("answer" in message) this.#settle((pending) => pending.resolve(message.answer as never));
      else if ("refusal" in message)
        this.#settle((pending) => pending.reject(new FoveaError(message.code, message.refusal)));
      else if ("failure" in message)
        this.#settle((pending) => pending.reject(new Error(`in the worker that computes: ${message.failure}`)));
    });
    worker.onError((error) => {
      this.#failure ??= new FoveaError("worker-failed", `the worker that computes failed: ${error.message}`, {
        cause: error,
      });
      void worker.terminate();
      this.#settle((pending) => pending.reject(this.#failure!));
    });
  }

  /** The line to a new worker, or undefined where its module does not load. */
  static async start(module: WorkerModule): Promise<Host | undefined> {
    let worker: WorkerHandle<FromHost>;
    try {
      worker = await spawnWorker<FromHost>(module, "fovea backend");
    } catch {
      return undefined;
    }
    const isReady = await new Promise<boolean>((resolve) => {
      worker.onMessage(() => resolve(true));
      worker.onError(() => resolve(false));
    });
    if (isReady) return new Host(worker);
    await worker.terminate();
    return undefined;
  }

  /** False once the worker has failed. */
  get usable(): boolean {
    return this.#failure === undefined;
  }

  /** Asks the worker; the answer to a call must have come before the next one. */
  ask<Name extends CallName>(
    call: Name,
    content: Calls[Name]["ask"],
    transfer: readonly Transferred[] = [],
  ): Promise<Calls[Name]["answer"]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.worker.post({ call, ...content } as ToHost, transfer);
      this.#pending = { resolve, reject };
      this.worker.keepAlive(true);
    });
  }

  /** Ends the worker, and with it all that it holds. */
  close(): Promise<void> {
    return this.worker.terminate();
  }

  #settle(tell: (pending: { resolve: (answer: never) => void; reject: (error: Error) => void }) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.worker.keepAlive(false);
    if (pending !== undefined) tell(pending);
  }
}
