// How much memory large images may take at a time, in one thread and over all decoding threads together: who wants to
// decode one asks first, and waits until others have let go.

/** Lets go of what was reserved. */
export type Release = () => void;

/** Asks for so many bytes. */
export type Reserve = (bytes: number) => Promise<Release>;

/** Images that need less are decoded without asking. */
export const SMALL_BYTES = 16 << 20;

/** Bytes that are given out in the order in which they were asked for. More than there are is given to one alone. */
export class MemoryBudget {
  #used = 0;
  readonly #waiting: { readonly bytes: number; readonly start: () => void }[] = [];

  constructor(readonly bytes: number) {}

  readonly reserve: Reserve = async (bytes) => {
    await new Promise<void>((start) => {
      this.#waiting.push({ bytes, start });
      this.#next();
    });
    let isHeld = true;
    return () => {
      if (isHeld) this.#used -= bytes;
      isHeld = false;
      this.#next();
    };
  };

  #next(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#used > 0 && this.#used + next.bytes > this.bytes) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.start();
    }
  }
}

/** What decoding may take in this process: a dozen large photos at a time, or one image of the largest kind. */
export const decodingBudget = new MemoryBudget(2 * 2 ** 30);
