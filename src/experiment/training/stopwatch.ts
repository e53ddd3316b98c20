// Times of epochs. Remembered in checkpoints, so that a resumed run still knows its first epochs' times.
import type { Callback, CallbackState } from "../../nn/index.js";

export class Stopwatch implements Callback {
  #started = 0;
  #seconds: readonly number[] = [];

  /** Of each epoch, validation included. */
  get seconds(): readonly number[] {
    return this.#seconds;
  }

  onTrainBegin(): void {
    this.#seconds = [];
  }
  onEpochBegin(): void {
    this.#started = performance.now();
  }
  onEpochEnd(): void {
    this.#seconds = [...this.#seconds, (performance.now() - this.#started) / 1000];
  }

  getState(): CallbackState {
    return { values: { seconds: this.#seconds } };
  }
  setState({ values }: CallbackState): void {
    this.#seconds = values.seconds as readonly number[];
  }
}
