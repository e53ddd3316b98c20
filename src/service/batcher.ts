// Dynamic batching: requests that arrive within a few milliseconds are computed together, as many batches at a time as there
// are workers. What waits is bounded, and a request that is given up leaves the queue.
import { ServiceError } from "./service-error.js";

/** Work that waits. */
interface Item<In, Out> {
  readonly input: In;
  readonly rows: number;
  readonly lane: string;
  readonly arrived: number;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions<In, Out> {
  /** Batches that are computed at a time. */
  readonly workers: number;
  /** Samples of a batch; a single request may have more. */
  readonly batch: number;
  /** Milliseconds that a sample waits for others. */
  readonly delay: number;
  /** Samples that are admitted at a time. */
  readonly queue: number;
  /** Computes a batch of one lane. @returns an outcome for each input */
  readonly compute: (worker: number, lane: string, inputs: readonly In[]) => Promise<readonly Out[]>;
  /** Told of each batch: its samples and seconds. */
  readonly onBatch?: (rows: number, seconds: number) => void;
}

/** Weight of the latest batch in the measured rate. */
const RECENT = 0.2;

export class Batcher<In, Out> {
  readonly #options: BatcherOptions<In, Out>;
  readonly #waiting: Item<In, Out>[] = [];
  readonly #idle: number[];
  #admitted = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Samples a second of one worker. */
  #rate = 0;

  constructor(options: BatcherOptions<In, Out>) {
    this.#options = options;
    this.#idle = Array.from({ length: options.workers }, (_, worker) => worker);
  }

  /** Samples that are admitted. */
  get rows(): number {
    return this.#admitted;
  }

  /**
   * Admits samples, to be called before anything is done for them.
   * @returns gives their place back
   * @throws ServiceError 413 for more than ever fit, 429 where the queue is full, with the seconds until it has emptied
   */
  admit(rows: number): () => void {
    const { queue, workers } = this.#options;
    if (rows > queue)
      throw new ServiceError(
        413,
        "too-large",
        `expected at most ${queue} samples in a request, received ${rows}; send several requests`,
      );
    if (this.#admitted + rows > queue) {
      const seconds = this.#rate > 0 ? this.#admitted / (this.#rate * workers) : 1;
      throw new ServiceError(
        429,
        "overloaded",
        `${this.#admitted} samples wait already, and at most ${queue} may; try again later`,
        Math.max(1, Math.min(60, Math.ceil(seconds))),
      );
    }
    this.#admitted += rows;
    let isHeld = true;
    return () => {
      if (isHeld) this.#admitted -= rows;
      isHeld = false;
    };
  }

  /** Computes admitted samples with others of their lane. @throws the reason of a signal that is aborted before */
  submit(input: In, rows: number, lane: string, signal: AbortSignal): Promise<Out> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const leave = (): void => {
        const at = this.#waiting.indexOf(item);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal.reason);
      };
      const over = <T>(tell: (value: T) => void) => {
        return (value: T): void => {
          signal.removeEventListener("abort", leave);
          tell(value);
        };
      };
      const arrived = performance.now();
      const item: Item<In, Out> = { input, rows, lane, arrived, resolve: over(resolve), reject: over(reject) };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(item);
      this.#look();
    });
  }

  /** Begins batches that are full or have waited long enough, and sets the time of the next look. */
  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { batch, delay } = this.#options;
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [first] = this.#waiting as [Item<In, Out>];
      const lane = this.#waiting.filter(({ lane }) => lane === first.lane);
      const rest = first.arrived + delay - performance.now();
      if (lane.reduce((sum, { rows }) => sum + rows, 0) < batch && rest > 0) {
        this.#timer = setTimeout(() => this.#look(), rest);
        return;
      }
      const taken: Item<In, Out>[] = [];
      let rows = 0;
      for (const item of lane) {
        if (taken.length > 0 && rows + item.rows > batch) break;
        taken.push(item);
        rows += item.rows;
      }
      for (const item of taken) this.#waiting.splice(this.#waiting.indexOf(item), 1);
      void this.#compute(this.#idle.pop()!, taken, rows);
    }
  }

  async #compute(worker: number, items: readonly Item<In, Out>[], rows: number): Promise<void> {
    const started = performance.now();
    try {
      const inputs = items.map(({ input }) => input);
      const outcomes = await this.#options.compute(worker, items[0]!.lane, inputs);
      const seconds = (performance.now() - started) / 1000;
      this.#rate += (rows / Math.max(1e-6, seconds) - this.#rate) * (this.#rate === 0 ? 1 : RECENT);
      this.#options.onBatch?.(rows, seconds);
      for (const [at, item] of items.entries()) item.resolve(outcomes[at]!);
    } catch (error) {
      for (const item of items) item.reject(error);
    } finally {
      this.#idle.push(worker);
      this.#look();
    }
  }
}
