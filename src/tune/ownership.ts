// Who works on which trial, and which trials nobody works on any more. A worker that dies leaves its trial running;
// here others learn so: at once when it was a process of the same machine, else when its signs of life stop.
import { FoveaError } from "../core/errors.js";
import { isProcessAlive, thisProcess } from "../platform/processes.js";
import { ownerOf } from "./storages/book.js";
import type { Storage } from "./storages/storage.js";
import type { TrialRecord } from "./trial-record.js";

/** How often running trials give a sign of life, and after how long without one they count as abandoned. */
export interface HeartbeatOptions {
  /** Seconds; default 30. */
  readonly interval?: number;
  /** Seconds; default four intervals. An objective that blocks the process for longer seems dead to other machines. */
  readonly grace?: number;
}

/** On one machine a living process is believed for so many grace periods: it may only be busy, or its number reused. */
const PATIENCE_WITH_LIVING = 10;

/** One opened study as an owner of trials. */
export class Ownership {
  readonly name: string;
  readonly #storage: Storage;
  readonly #host: string;
  readonly #interval: number;
  readonly #grace: number;
  /** The trials that are being evaluated right here. */
  readonly #held = new Set<number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(storage: Storage, host: string, pid: number, { interval, grace }: Required<HeartbeatOptions>) {
    this.name = `${host}/${pid}/${globalThis.crypto.randomUUID()}`;
    this.#storage = storage;
    this.#host = host;
    this.#interval = interval;
    this.#grace = grace;
  }

  /** @throws FoveaError for seconds that are no duration */
  static async create(storage: Storage, { interval = 30, grace = 4 * interval }: HeartbeatOptions): Promise<Ownership> {
    if (!(interval > 0 && grace >= 0))
      throw new FoveaError(
        `heartbeat: expected an interval above 0 and a grace from 0 seconds, received ${interval} and ${grace}`,
      );
    const { host, pid } = await thisProcess();
    return new Ownership(storage, host, pid, { interval, grace });
  }

  /** From now on gives signs of life for a trial. */
  hold(trialId: number): void {
    this.#held.add(trialId);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => {
      // A lost connection is found, retried and told by whoever needs an answer.
      this.#storage.beat([...this.#held]).catch(() => {});
    }, this.#interval * 1000);
    // A trial that nobody tells must not keep its process from ending.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  release(trialId: number): void {
    this.#held.delete(trialId);
    if (this.#held.size === 0) this.releaseAll();
  }

  releaseAll(): void {
    this.#held.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether a running trial is in other, living hands. */
  isForeign(trial: TrialRecord): boolean {
    return trial.state === "running" && ownerOf(trial) !== undefined && !this.#held.has(trial.id);
  }

  /** The running trials that nobody works on any more, by number. Those without an owner are left to whoever they are. */
  async abandoned(studyId: number, trials: readonly TrialRecord[]): Promise<TrialRecord[]> {
    const running = trials.filter((trial) => this.isForeign(trial));
    if (running.length === 0) return [];
    const silence = await this.#storage.silence(studyId);
    return running.filter((trial) => {
      const owner = ownerOf(trial)!;
      if (owner === this.name) return true;
      const quiet = silence.get(trial.id) ?? 0;
      const [host, pid] = owner.split("/");
      if (host !== this.#host) return quiet > this.#grace;
      return !isProcessAlive(Number(pid)) || quiet > PATIENCE_WITH_LIVING * this.#grace;
    });
  }
}
