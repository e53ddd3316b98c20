// Work that is done one piece after the other, in the order of asking.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` when everything asked for earlier is over, whether that went well or not. */
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
