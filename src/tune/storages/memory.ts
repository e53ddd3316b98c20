// Studies that live and die with this process.
import type { Json } from "../../core/json.js";
import type { Direction, StudyRecord, TrialRecord } from "../trial-record.js";
import { Book, ownerOf } from "./book.js";
import {
  type AttributeKind,
  FAIL_REASON,
  type NewTrial,
  type Outcome,
  OWNER,
  type Storage,
  type TrialChange,
} from "./storage.js";

/**
 * A storage in memory; the default of `createStudy`.
 * @example const study = await createStudy({ storage: new MemoryStorage() });
 */
export class MemoryStorage implements Storage {
  readonly #book = new Book();

  async createStudy(name: string, directions: readonly Direction[]): Promise<StudyRecord> {
    return this.#book.createStudy(name, directions);
  }

  async studies(): Promise<readonly StudyRecord[]> {
    return this.#book.studies();
  }

  async deleteStudy(studyId: number): Promise<void> {
    this.#book.deleteStudy(studyId);
  }

  async setStudyAttribute(studyId: number, kind: AttributeKind, key: string, value: Json): Promise<void> {
    this.#book.setStudyAttribute(studyId, kind, key, value);
  }

  async createTrial(studyId: number, trial: NewTrial, limit = Infinity): Promise<TrialRecord | undefined> {
    return this.#book.count(studyId) < limit ? this.#book.createTrial(studyId, trial) : undefined;
  }

  async trials(studyId: number): Promise<readonly TrialRecord[]> {
    return this.#book.trials(studyId);
  }

  async claim(trial: TrialRecord, owner: string): Promise<boolean> {
    if (!this.#book.unclaimedSince(trial)) return false;
    if (trial.state === "waiting") this.#book.move(trial.id, { state: "running", startedAt: new Date() });
    this.#book.change(trial.id, [{ kind: "system", key: OWNER, value: owner }]);
    return true;
  }

  async record(trialId: number, changes: readonly TrialChange[]): Promise<void> {
    this.#book.change(trialId, changes);
  }

  async finish(trialId: number, owner: string | undefined, outcome: Outcome): Promise<boolean> {
    const trial = this.#book.trial(trialId);
    if (trial.state !== "running" || (owner !== undefined && ownerOf(trial) !== owner)) return false;
    const { state, values, reason } = outcome;
    if (reason !== undefined) this.#book.change(trialId, [{ kind: "system", key: FAIL_REASON, value: reason }]);
    this.#book.move(trialId, { state, values, finishedAt: new Date() });
    return true;
  }

  async beat(): Promise<void> {}

  async silence(): Promise<ReadonlyMap<number, number>> {
    return new Map();
  }

  async close(): Promise<void> {}
}
