// Ownership of running trials by workers, and the search for trials whose worker has died, for these stay "running".
// A dead process of the same machine is noticed at once, any other when its signs of life stop.
import { FoveaError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { isProcessAlive, thisProcess } from "../platform/processes.js";
import { ownerOf } from "./storages/book.js";
import type { Storage } from "./storages/storage.js";
import type { TrialRecord } from "./trial-record.js";

/** Seconds between signs of life of a running trial, and seconds without one after which it counts as abandoned. */
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
  /** The trials that are being evaluated right here, and those that have been told: what was read before may be old. */
  readonly #held = new Set<number>();
  readonly #told = new Set<number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(storage: Storage, host: string, pid: number, { interval, grace }: Required<HeartbeatOptions>) {
    this.name = `${host}/${pid}/${globalThis.crypto.randomUUID()}`;
    this.#storage = storage;
    this.#host = host;
    this.#interval = interval;
    this.#grace = grace;
  }

  /** @throws FoveaError for seconds that are no duration */
  static async create(storage: Storage, options: HeartbeatOptions): Promise<Ownership> {
    checkOptions("heartbeat", options, ["interval", "grace"]);
    const { interval = 30, grace = 4 * interval } = options;
    if (!(interval > 0 && grace >= 0))
      throw new FoveaError(
        "out-of-range",
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

  /** A held trial has been told how it went. */
  end(trialId: number): void {
    this.#told.add(trialId);
    this.release(trialId);
  }

  /** A held trial is left to whoever takes it up. */
  release(trialId: number): void {
    this.#held.delete(trialId);
    if (this.#held.size === 0) this.releaseAll();
  }

  releaseAll(): void {
    this.#held.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Checks whether a running trial is in other hands, living or dead. */
  isForeign(trial: TrialRecord): boolean {
    const owner = ownerOf(trial);
    return trial.state === "running" && owner !== undefined && owner !== this.name;
  }

  /** Checks whether a running trial is one of our own that was left. */
  #isLeft(trial: TrialRecord): boolean {
    const isOwn = trial.state === "running" && ownerOf(trial) === this.name;
    return isOwn && !this.#held.has(trial.id) && !this.#told.has(trial.id);
  }

  /** The running trials that nobody works on any more, by number. Those without an owner are left to whoever they are. */
  async abandoned(studyId: number, trials: readonly TrialRecord[]): Promise<TrialRecord[]> {
    const left = trials.filter((trial) => this.#isLeft(trial));
    const foreign = trials.filter((trial) => this.isForeign(trial));
    if (foreign.length === 0) return left;
    const silence = await this.#storage.silence(studyId);
    const dead = foreign.filter((trial) => this.#isDead(trial, silence.get(trial.id) ?? 0));
    return [...left, ...dead].sort((a, b) => a.number - b.number);
  }

  /** @param quiet seconds since the owner's last sign of life */
  #isDead(trial: TrialRecord, quiet: number): boolean {
    const [host, pid] = ownerOf(trial)!.split("/");
    if (host !== this.#host) return quiet > this.#grace;
    return !isProcessAlive(Number(pid)) || quiet > PATIENCE_WITH_LIVING * this.#grace;
  }
}
