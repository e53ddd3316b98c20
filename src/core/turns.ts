// Work that is done one piece after the other, in the order of asking.

/**
 * Work that would get in its own way, done one piece after the other. A piece that fails holds up none after it.
 * @example
 * const turns = new Turns();
 * const written = [];
 * const write = async (text) => written.push(text);
 * await Promise.all([turns.take(() => write("first")), turns.take(() => write("second"))]);
 * written; // ["first", "second"]
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Does `work` when everything asked for earlier is over, whether that went well or not.
   * @returns what the work returns @throws what the work throws
   */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Fulfilled when nothing is left to do. */
  async over(): Promise<void> {
    await this.#last;
  }
}
