// Studies in one growing file, in the format of Optuna's JournalStorage: Python's Optuna opens, continues and plots
// them, and we theirs. Every change is made under the file's lock, after reading what others have added.
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { Turns } from "../../core/turns.js";
import type { SharedLog } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import type { Direction, StudyRecord, TrialRecord } from "../trial-record.js";
import { Book, ownerOf } from "./book.js";
import {
  applyLine,
  changeLine,
  createStudyLine,
  createTrialLine,
  type LogLine,
  OPERATION,
  stateLine,
  studyAttributeLine,
} from "./journal-log.js";
import { parsePythonJson, writePythonJson } from "./python-json.js";
import {
  type AttributeKind,
  FAIL_REASON,
  type NewTrial,
  type Outcome,
  OWNER,
  readOnlyError,
  type Storage,
  StorageError,
  type StorageOptions,
  type TrialChange,
} from "./storage.js";

/** The system attribute with a running trial's last sign of life, in milliseconds since 1970. */
const HEARTBEAT = "fovea:heartbeat";

const OPENING_BRACE = 0x7b;
const LINE_BREAK = 10;

type Fields = Omit<LogLine, "worker_id">;

export class JournalStorage implements Storage {
  readonly #log: SharedLog;
  readonly #worker = globalThis.crypto.randomUUID();
  #book = new Book();
  /** Bytes and lines of the file that are in the book. */
  #offset = 0;
  #line = 0;
  readonly #turns = new Turns();

  readonly #readOnly: boolean;

  private constructor(log: SharedLog, readOnly: boolean) {
    this.#log = log;
    this.#readOnly = readOnly;
  }

  /**
   * Opens a journal; makes an empty one when there is none, unless it is opened for reading only.
   * @throws FoveaError when the file is something else.
   */
  static async open(
    path: string,
    { lockGrace, readOnly = false, files = filesHere }: Pick<StorageOptions, "lockGrace" | "readOnly" | "files"> = {},
  ): Promise<JournalStorage> {
    const log = await files.openLog(path, { lockGrace, readOnly });
    // The next write cuts an incomplete last line off, so this must be a journal and no other file.
    const [first = OPENING_BRACE] = await log.head(1);
    if (first !== OPENING_BRACE)
      throw new FoveaError(
        "unknown-format",
        `${path}: expected Optuna's journal, which begins with "{"; is this another file?`,
      );
    const storage = new JournalStorage(log, readOnly);
    await storage.#read(() => {});
    return storage;
  }

  createStudy(name: string, directions: readonly Direction[]): Promise<StudyRecord> {
    return this.#change(
      () => [createStudyLine(name, directions)],
      () => this.#book.studies().at(-1)!,
    );
  }

  studies(): Promise<readonly StudyRecord[]> {
    return this.#read(() => this.#book.studies());
  }

  deleteStudy(studyId: number): Promise<void> {
    return this.#change(
      () => [{ op_code: OPERATION.deleteStudy, study_id: studyId }],
      () => {},
    );
  }

  setStudyAttribute(studyId: number, kind: AttributeKind, key: string, value: Json): Promise<void> {
    return this.#change(
      () => [studyAttributeLine(studyId, kind, key, value)],
      () => {},
    );
  }

  createTrial(studyId: number, trial: NewTrial, limit = Infinity): Promise<TrialRecord | undefined> {
    let added = false;
    return this.#change(
      () => {
        added = this.#book.count(studyId) < limit;
        return added ? [createTrialLine(studyId, trial)] : [];
      },
      () => (added ? this.#book.trials(studyId).at(-1) : undefined),
    );
  }

  trials(studyId: number): Promise<readonly TrialRecord[]> {
    return this.#read(() => this.#book.trials(studyId));
  }

  claim(trial: TrialRecord, owner: string): Promise<boolean> {
    let mine = false;
    return this.#change(
      () => {
        mine = this.#book.unclaimedSince(trial);
        if (!mine) return [];
        const start = trial.state === "waiting" ? [stateLine(trial.id, "running", undefined)] : [];
        return [...start, ...[[OWNER, owner] as const, [HEARTBEAT, Date.now()] as const].map(note(trial.id))];
      },
      () => mine,
    );
  }

  record(trialId: number, changes: readonly TrialChange[]): Promise<void> {
    return this.#change(
      () => changes.map((change) => changeLine(trialId, change)),
      () => {},
    );
  }

  finish(trialId: number, owner: string | undefined, outcome: Outcome): Promise<boolean> {
    let mine = false;
    return this.#change(
      () => {
        const trial = this.#book.trial(trialId);
        mine = trial.state === "running" && (owner === undefined || ownerOf(trial) === owner);
        if (!mine) return [];
        const reason = outcome.reason === undefined ? [] : [note(trialId)([FAIL_REASON, outcome.reason])];
        return [...reason, stateLine(trialId, outcome.state, outcome.values)];
      },
      () => mine,
    );
  }

  beat(trialIds: readonly number[]): Promise<void> {
    const running = (id: number): boolean => this.#book.trial(id).state === "running";
    return this.#change(
      () => trialIds.filter(running).map((id) => note(id)([HEARTBEAT, Date.now()])),
      () => {},
    );
  }

  silence(studyId: number): Promise<ReadonlyMap<number, number>> {
    return this.#read(() => {
      const running = this.#book.trials(studyId).filter((trial) => trial.state === "running");
      return new Map(
        running.map((trial) => {
          const last = trial.systemAttributes[HEARTBEAT] ?? trial.startedAt?.getTime() ?? Date.now();
          return [trial.id, (Date.now() - Number(last)) / 1000];
        }),
      );
    });
  }

  close(): Promise<void> {
    return this.#turns.over();
  }

  #read<T>(look: () => T): Promise<T> {
    return this.#turns.take(async () => {
      await this.#catchUp();
      return look();
    });
  }

  /** Appends lines that were made knowing everything before them; if one does not fit, none is written. */
  async #change<T>(make: () => readonly Fields[], look: () => T): Promise<T> {
    if (this.#readOnly) throw readOnlyError(this.#log.path);
    return this.#turns.take(() =>
      this.#log.exclusively(async () => {
        await this.#catchUp();
        const lines = make().map((fields) => ({ ...fields, worker_id: this.#worker }) as LogLine);
        if (lines.length === 0) return look();
        const bytes = new TextEncoder().encode(lines.map((line) => `${writePythonJson(line)}\n`).join(""));
        try {
          for (const line of lines) applyLine(this.#book, line);
          await reach(() => this.#log.append(bytes, this.#offset));
        } catch (error) {
          // The book may be ahead of the file now.
          this.#beginAnew();
          throw error;
        }
        this.#offset += bytes.length;
        this.#line += lines.length;
        return look();
      }),
    );
  }

  /** Applies what others have appended since. */
  async #catchUp(): Promise<void> {
    const bytes = await reach(() => this.#log.readLines(this.#offset));
    // Line by line: a text of all of them may be longer than texts can be.
    const decoder = new TextDecoder();
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(LINE_BREAK, start);
      this.#apply(decoder.decode(bytes.subarray(start, end)));
      start = end + 1;
    }
    this.#offset += bytes.length;
  }

  /** Applies a line of the file. @throws FoveaError for one that is none of a journal */
  #apply(text: string): void {
    this.#line++;
    if (text.trim() === "") return;
    try {
      applyLine(this.#book, parsePythonJson(text) as unknown as LogLine);
    } catch (error) {
      // A line that did not fit was an error for its writer, and is nothing to others.
      if (error instanceof FoveaError) return;
      const line = this.#line;
      // The lines before it are in the book, and would come in again.
      this.#beginAnew();
      throw new FoveaError(
        "malformed-file",
        `${this.#log.path}, line ${line}: expected a line of Optuna's journal, found ${JSON.stringify(text.slice(0, 60))}; is this another file, or was it damaged?`,
        { cause: error },
      );
    }
  }

  /** Forgets what was read; the next call reads the file from its beginning. */
  #beginAnew(): void {
    this.#book = new Book();
    this.#offset = 0;
    this.#line = 0;
  }
}

/** Reaches the file: what its disk refuses, such as a line more on a full one, ends the study's run and not only a trial. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof FoveaError ? new StorageError(error.message, { cause: error }) : error;
  }
}

const note =
  (trialId: number) =>
  ([key, value]: readonly [string, Json]): Fields =>
    changeLine(trialId, { kind: "system", key, value });
