// The calls of one session: one after the other in the order of asking, and none once it is closed.
import { FoveaError } from "../core/errors.js";
import { Turns } from "../core/turns.js";

export class SessionTurns {
  readonly #turns = new Turns();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Does a call in its turn; one that failed does not stop the next. @throws FoveaError when the session is closed by then. */
  take<T>(call: () => T | Promise<T>): Promise<T> {
    return this.#turns.take(() => {
      if (this.#closed) throw new FoveaError("already-ended", "this session is closed; open a new one");
      return call();
    });
  }

  /** Frees something in its turn; a session that is closed by then has freed it already. */
  free(work: () => void | Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      if (!this.#closed) await work();
    });
  }

  /** Closes the session in its turn, once; later calls wait for the same end. */
  close(work: () => void | Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#closed) return;
      this.#closed = true;
      await work();
    });
  }
}
