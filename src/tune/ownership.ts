// Who works on which trial, and which trials nobody works on any more. A worker that dies leaves its trial running;
// here others learn so: at once when it was a process of the same machine, else when its signs of life stop.
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
  readonly interval: number;
  readonly #host: string;
  readonly #grace: number;
  /** The trials that are being evaluated right here. */
  readonly #held = new Set<number>();

  private constructor(host: string, pid: number, { interval = 30, grace = 4 * interval }: HeartbeatOptions) {
    this.name = `${host}/${pid}/${globalThis.crypto.randomUUID()}`;
    this.#host = host;
    this.interval = interval;
    this.#grace = grace;
  }

  static async create(options: HeartbeatOptions): Promise<Ownership> {
    const { host, pid } = await thisProcess();
    return new Ownership(host, pid, options);
  }

  hold(trialId: number): void {
    this.#held.add(trialId);
  }

  release(trialId: number): void {
    this.#held.delete(trialId);
  }

  /** Whether a running trial is in other, living hands. */
  isForeign(trial: TrialRecord): boolean {
    return trial.state === "running" && ownerOf(trial) !== undefined && !this.#held.has(trial.id);
  }

  /** The running trials that nobody works on any more, by number. Those without an owner are left to whoever they are. */
  async abandoned(storage: Storage, studyId: number, trials: readonly TrialRecord[]): Promise<TrialRecord[]> {
    const running = trials.filter((trial) => this.isForeign(trial));
    if (running.length === 0) return [];
    const silence = await storage.silence(studyId);
    return running.filter((trial) => {
      const owner = ownerOf(trial)!;
      if (owner === this.name) return true;
      const quiet = silence.get(trial.id) ?? 0;
      const [host, pid] = owner.split("/");
      if (host !== this.#host) return quiet > this.#grace;
      return !isProcessAlive(Number(pid)) || quiet > PATIENCE_WITH_LIVING * this.#grace;
    });
  }

  /** Gives signs of life for the trials held here, until the returned function is called. */
  beat(storage: Storage): () => void {
    const timer = setInterval(() => {
      // A lost connection is found, retried and told by whoever needs an answer.
      if (this.#held.size > 0) storage.beat([...this.#held]).catch(() => {});
    }, this.interval * 1000);
    return () => clearInterval(timer);
  }
}
