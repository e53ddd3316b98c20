// Limit of the memory that large images take at a time, in one thread and over all decoding threads together: the
// decoder of one reserves memory first, and waits until others have released theirs.

/** Releases the reserved bytes. */
export type Release = () => void;

/** Reserves so many bytes. */
export type Reserve = (bytes: number) => Promise<Release>;

/** Images that need no more are decoded without a reservation. */
export const SMALL_BYTES = 16 << 20;

/** Bytes that are reserved in the order of the requests. A request for more than there are waits to be alone. */
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

/** A dozen large photos at a time, or one image of the largest kind. */
const USUAL_BYTES = 2 * 2 ** 30;

/** Memory that decoding may take in this process where nobody sets a limit. */
export const decodingBudget = new MemoryBudget(USUAL_BYTES);

/** The budget of a limit in bytes, which is never above the usual one. */
export const budgetWithin = (bytes: number | undefined): MemoryBudget =>
  bytes === undefined || bytes >= USUAL_BYTES ? decodingBudget : new MemoryBudget(bytes);
