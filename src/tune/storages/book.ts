// Studies and trials in memory, changed one step at a time: what the memory storage is, and what the journal replays
// its file into. Synchronous, so every step is atomic in its process; knows nothing of files or other processes.
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { checkCompatible, type Distribution, toExternal } from "../distribution.js";
import { type Direction, isFinished, type StudyRecord, type TrialRecord, trialRecord } from "../trial-record.js";
import { type AttributeKind, type NewTrial, OWNER, type TrialChange } from "./storage.js";

interface Chapter {
  study: StudyRecord;
  readonly trials: TrialRecord[];
  /** The first distribution that the study had for a name: later ones must be compatible with it. */
  readonly known: Map<string, Distribution>;
}

const FIELD = { user: "userAttributes", system: "systemAttributes" } as const;

export class Book {
  readonly #chapters = new Map<number, Chapter>();
  /** Place of each trial: its chapter, and its number there. */
  readonly #places: { chapter: Chapter; number: number }[] = [];
  #nextStudy = 0;

  studies(): StudyRecord[] {
    return [...this.#chapters.values()].map((chapter) => chapter.study);
  }

  trials(studyId: number): readonly TrialRecord[] {
    return [...this.#chapter(studyId).trials];
  }

  count(studyId: number): number {
    return this.#chapter(studyId).trials.length;
  }

  hasStudy(studyId: number): boolean {
    return this.#chapters.has(studyId);
  }

  trial(trialId: number): TrialRecord {
    const entry = this.#places[trialId];
    if (entry === undefined) throw new FoveaError("unknown-entry", `storage: there is no trial with the id ${trialId}`);
    return entry.chapter.trials[entry.number]!;
  }

  createStudy(name: string, directions: readonly Direction[]): StudyRecord {
    if (this.studies().some((study) => study.name === name))
      throw new FoveaError(
        "already-exists",
        `study "${name}": there is one of that name in this storage; load it or choose another name`,
      );
    const id = this.#nextStudy++;
    const study = { id, name, directions: [...directions], userAttributes: {}, systemAttributes: {} };
    this.#chapters.set(id, { study, trials: [], known: new Map() });
    return study;
  }

  deleteStudy(studyId: number): void {
    this.#chapter(studyId);
    this.#chapters.delete(studyId);
  }

  setStudyAttribute(studyId: number, kind: AttributeKind, key: string, value: Json): void {
    const chapter = this.#chapter(studyId);
    chapter.study = { ...chapter.study, [FIELD[kind]]: { ...chapter.study[FIELD[kind]], [key]: value } };
  }

  createTrial(studyId: number, trial: NewTrial): TrialRecord {
    const chapter = this.#chapter(studyId);
    const record = trialRecord({ ...trial, id: this.#places.length, number: chapter.trials.length });
    for (const [name, distribution] of Object.entries(trial.distributions)) this.#learn(chapter, name, distribution);
    this.#places.push({ chapter, number: record.number });
    chapter.trials.push(record);
    return record;
  }

  /** Applies changes to a trial that has not finished. */
  change(trialId: number, changes: readonly TrialChange[]): void {
    const entry = this.#places[trialId];
    let trial = this.#unfinished(trialId);
    for (const change of changes) {
      if (change.kind === "parameter") {
        this.#learn(entry!.chapter, change.name, change.distribution);
        trial = {
          ...trial,
          params: { ...trial.params, [change.name]: toExternal(change.distribution, change.internal) },
          distributions: { ...trial.distributions, [change.name]: change.distribution },
        };
      } else if (change.kind === "report")
        trial = { ...trial, intermediate: new Map(trial.intermediate).set(change.step, change.value) };
      else trial = { ...trial, [FIELD[change.kind]]: { ...trial[FIELD[change.kind]], [change.key]: change.value } };
    }
    entry!.chapter.trials[entry!.number] = trialRecord(trial);
  }

  /** Replaces state, values or dates of a trial that has not finished. */
  move(trialId: number, change: Partial<Pick<TrialRecord, "state" | "values" | "startedAt" | "finishedAt">>): void {
    const trial = this.#unfinished(trialId);
    const { chapter, number } = this.#places[trialId]!;
    chapter.trials[number] = trialRecord({ ...trial, ...change });
  }

  /** Checks whether the trial still is in the hands that `seen` shows. */
  unclaimedSince(seen: TrialRecord): boolean {
    const now = this.trial(seen.id);
    return now.state === seen.state && ownerOf(now) === ownerOf(seen) && !isFinished(now.state);
  }

  #learn(chapter: Chapter, name: string, distribution: Distribution): void {
    const before = chapter.known.get(name);
    if (before === undefined) chapter.known.set(name, distribution);
    else checkCompatible(name, before, distribution);
  }

  #unfinished(trialId: number): TrialRecord {
    const trial = this.trial(trialId);
    if (isFinished(trial.state))
      throw new FoveaError(
        "already-ended",
        `trial ${trial.number}: it has finished (${trial.state}) and cannot be changed`,
      );
    return trial;
  }

  #chapter(studyId: number): Chapter {
    const chapter = this.#chapters.get(studyId);
    if (chapter === undefined)
      throw new FoveaError("unknown-entry", `storage: there is no study with the id ${studyId}`);
    return chapter;
  }
}

/** Process that evaluates a trial, if there is one. */
export const ownerOf = (trial: TrialRecord): string | undefined => {
  const owner = trial.systemAttributes[OWNER];
  return typeof owner === "string" ? owner : undefined;
};
