// Work that is done one piece after the other.
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does some work when all before it has ended; what fails holds up nothing after it. */
  next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Ends when all work so far has ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
