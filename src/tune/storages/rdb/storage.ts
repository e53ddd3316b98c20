// Studies in a relational database, in the tables of Optuna's RDBStorage: Python's Optuna and its dashboard open,
// continue and plot them, and Fovea opens theirs. A call that fails for a moment (a lost connection, a lock) is
// repeated.
import { FoveaError } from "../../../core/errors.js";
import type { Json } from "../../../core/json.js";
import { Turns } from "../../../core/turns.js";
import { checkCompatible, type Distribution, toInternal } from "../../distribution.js";
import { type Direction, isFinished, type StudyRecord, type TrialRecord } from "../../trial-record.js";
import { ownerOf } from "../book.js";
import { distributionFromJson } from "../distribution-json.js";
import { parsePythonJson } from "../python-json.js";
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
} from "../storage.js";
import type { Connection, Database, Row } from "./database.js";
import { readTrials, stateOf, stateWord, timestampOf, writeAttribute, writeChange, writeValues } from "./rows.js";
import { expectSchema, prepareSchema } from "./schema.js";

/** Seconds for which a database that does not answer is tried again, unless somebody says otherwise. */
const PATIENCE = 60;
/** The most seconds of that while it is opened: nothing is under way yet, and the address may be wrong. */
const OPENING_PATIENCE = 10;
/** Milliseconds. */
const LONGEST_PAUSE = 2000;
/** With more unfinished trials among the finished ones, all are read again. */
const MOST_GAPS = 500;

export class RdbStorage implements Storage {
  readonly #database: Database;
  readonly #patience: number;
  readonly #readOnly: boolean;
  readonly #turns = new Turns();
  /** Facts that never change any more, by study: finished trials by number, and the first distribution of each name. */
  readonly #finished = new Map<number, TrialRecord[]>();
  readonly #known = new Map<number, Map<string, Distribution>>();

  private constructor(database: Database, patience: number, readOnly: boolean) {
    this.#database = database;
    this.#patience = patience;
    this.#readOnly = readOnly;
  }

  /**
   * Uses a database; makes Optuna's tables when there are none.
   * @throws FoveaError for another schema version, and for no tables where they must exist.
   */
  static async open(
    database: Database,
    { patience = PATIENCE, existing = false, readOnly = false }: Omit<StorageOptions, "lockGrace"> = {},
  ): Promise<RdbStorage> {
    const storage = new RdbStorage(database, patience, readOnly);
    try {
      const look = () => (existing || readOnly ? expectSchema(database) : prepareSchema(database));
      await storage.#inTurn(look, Math.min(patience, OPENING_PATIENCE));
    } catch (error) {
      await database.close();
      throw error;
    }
    return storage;
  }

  createStudy(name: string, directions: readonly Direction[]): Promise<StudyRecord> {
    return this.#transaction(async (connection) => {
      const [taken] = await connection.query("SELECT study_id FROM studies WHERE study_name = ?", [name]);
      if (taken !== undefined)
        throw new FoveaError(
          "already-exists",
          `study "${name}": there is one of that name in this storage; load it or choose another name`,
        );
      const [row] = await connection.query("INSERT INTO studies (study_name) VALUES (?) RETURNING study_id", [name]);
      const id = Number(row!.study_id);
      for (const [objective, direction] of directions.entries())
        await connection.query("INSERT INTO study_directions (direction, study_id, objective) VALUES (?, ?, ?)", [
          direction.toUpperCase(),
          id,
          objective,
        ]);
      return { id, name, directions: [...directions], userAttributes: {}, systemAttributes: {} };
    });
  }

  studies(): Promise<readonly StudyRecord[]> {
    return this.#inTurn(async () => {
      const rows = await this.#database.query("SELECT study_id, study_name FROM studies ORDER BY study_id");
      const directions = await this.#database.query(
        "SELECT study_id, direction FROM study_directions ORDER BY study_id, objective",
      );
      const [user, system] = [await this.#studyAttributes("user"), await this.#studyAttributes("system")];
      return rows.map((row) => ({
        id: Number(row.study_id),
        name: String(row.study_name),
        directions: directions
          .filter((direction) => direction.study_id === row.study_id)
          .map((direction) => String(direction.direction).toLowerCase() as Direction),
        userAttributes: attributesOf(user, row),
        systemAttributes: attributesOf(system, row),
      }));
    });
  }

  deleteStudy(studyId: number): Promise<void> {
    return this.#transaction(async (connection) => {
      for (const table of [
        "params",
        "values",
        "intermediate_values",
        "user_attributes",
        "system_attributes",
        "heartbeats",
      ])
        await connection.query(
          `DELETE FROM trial_${table} WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = ?)`,
          [studyId],
        );
      for (const table of ["trials", "study_directions", "study_user_attributes", "study_system_attributes", "studies"])
        await connection.query(`DELETE FROM ${table} WHERE study_id = ?`, [studyId]);
      // SQLite gives the number to the next study.
      this.#finished.delete(studyId);
      this.#known.delete(studyId);
    });
  }

  setStudyAttribute(studyId: number, kind: AttributeKind, key: string, value: Json): Promise<void> {
    return this.#transaction((connection) =>
      writeAttribute(connection, `study_${kind}_attributes`, "study_id", studyId, key, value),
    );
  }

  createTrial(studyId: number, trial: NewTrial, limit = Infinity): Promise<TrialRecord | undefined> {
    return this.#transaction(async (connection) => {
      // Others that create a trial wait here, so that numbers have no gaps.
      const { forUpdate } = this.#database.dialect;
      await connection.query(`SELECT study_id FROM studies WHERE study_id = ? ${forUpdate}`, [studyId]);
      const [counted] = await connection.query("SELECT COUNT(*) AS count FROM trials WHERE study_id = ?", [studyId]);
      const number = Number(counted!.count);
      if (number >= limit) return undefined;
      const [row] = await connection.query(
        `INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
         VALUES (?, ?, ?, ?, ?) RETURNING trial_id`,
        [number, studyId, stateWord(trial.state), timestampOf(trial.startedAt), timestampOf(trial.finishedAt)],
      );
      const id = Number(row!.trial_id);
      if (trial.values !== undefined) await writeValues(connection, id, trial.values);
      for (const change of changesOf(trial)) await this.#write(connection, studyId, id, change);
      if (trial.state === "running") await this.#beat(connection, [id]);
      return { ...trial, id, number };
    });
  }

  trials(studyId: number): Promise<readonly TrialRecord[]> {
    return this.#inTurn(async () => {
      const finished = this.#finished.get(studyId) ?? [];
      // All that is not known to be finished: beyond the known numbers, and the gaps among them.
      const gaps = missingBelow(finished);
      const orMissing = gaps.length === 0 ? "" : ` OR t.number IN (${placesFor(gaps)})`;
      const read =
        gaps.length > MOST_GAPS
          ? await readTrials(this.#database, "t.study_id = ?", [studyId])
          : await readTrials(this.#database, `t.study_id = ? AND (t.number >= ?${orMissing})`, [
              studyId,
              finished.length,
              ...gaps,
            ]);
      const all = finished.slice();
      for (const trial of read) {
        all[trial.number] ??= trial;
        if (isFinished(trial.state)) finished[trial.number] ??= trial;
      }
      this.#finished.set(studyId, finished);
      return all;
    });
  }

  claim(trial: TrialRecord, owner: string): Promise<boolean> {
    return this.#transaction(async (connection) => {
      const now = await this.#lock(connection, trial.id);
      if (now.state !== trial.state || now.owner !== ownerOf(trial) || isFinished(now.state)) return false;
      if (now.state === "waiting")
        await connection.query("UPDATE trials SET state = 'RUNNING', datetime_start = ? WHERE trial_id = ?", [
          timestampOf(new Date()),
          trial.id,
        ]);
      await writeChange(connection, trial.id, { kind: "system", key: OWNER, value: owner });
      await this.#beat(connection, [trial.id]);
      return true;
    });
  }

  record(trialId: number, changes: readonly TrialChange[]): Promise<void> {
    return this.#transaction(async (connection) => {
      const { state, studyId, number } = await this.#lock(connection, trialId);
      if (isFinished(state))
        throw new FoveaError("already-ended", `trial ${number}: it has finished (${state}) and cannot be changed`);
      for (const change of changes) await this.#write(connection, studyId, trialId, change);
    });
  }

  finish(trialId: number, owner: string | undefined, outcome: Outcome): Promise<boolean> {
    let attempts = 0;
    return this.#transaction(async (connection) => {
      const now = await this.#lock(connection, trialId);
      const mine = owner === undefined || now.owner === owner;
      // The answer to the first attempt may have been lost, not the attempt.
      if (++attempts > 1 && mine && owner !== undefined && now.state === outcome.state) return true;
      if (now.state !== "running" || !mine) return false;
      if (outcome.values !== undefined) await writeValues(connection, trialId, outcome.values);
      if (outcome.reason !== undefined)
        await writeChange(connection, trialId, { kind: "system", key: FAIL_REASON, value: outcome.reason });
      await connection.query("UPDATE trials SET state = ?, datetime_complete = ? WHERE trial_id = ?", [
        stateWord(outcome.state),
        timestampOf(new Date()),
        trialId,
      ]);
      return true;
    });
  }

  async beat(trialIds: readonly number[]): Promise<void> {
    if (trialIds.length === 0) return;
    await this.#transaction((connection) => this.#beat(connection, trialIds));
  }

  silence(studyId: number): Promise<ReadonlyMap<number, number>> {
    return this.#inTurn(async () => {
      const rows = await this.#database.query(
        `SELECT h.trial_id, ${this.#database.dialect.secondsSince("h.heartbeat")} AS seconds
         FROM trial_heartbeats h JOIN trials t ON t.trial_id = h.trial_id
         WHERE t.study_id = ? AND t.state = 'RUNNING'`,
        [studyId],
      );
      return new Map(rows.map((row) => [Number(row.trial_id), Math.max(0, Number(row.seconds))]));
    });
  }

  async close(): Promise<void> {
    await this.#turns.over();
    await this.#database.close();
  }

  #studyAttributes(kind: AttributeKind): Promise<readonly Row[]> {
    return this.#database.query(`SELECT study_id, "key", value_json FROM study_${kind}_attributes`);
  }

  async #lock(connection: Connection, trialId: number) {
    const { forUpdate } = this.#database.dialect;
    const [row] = await connection.query(`SELECT state, study_id, number FROM trials WHERE trial_id = ? ${forUpdate}`, [
      trialId,
    ]);
    if (row === undefined) throw new FoveaError("unknown-entry", `storage: there is no trial with the id ${trialId}`);
    const [owner] = await connection.query(
      `SELECT value_json FROM trial_system_attributes WHERE trial_id = ? AND "key" = ?`,
      [trialId, OWNER],
    );
    return {
      state: stateOf(row.state),
      studyId: Number(row.study_id),
      number: Number(row.number),
      owner: owner === undefined ? undefined : (parsePythonJson(String(owner.value_json)) as string),
    };
  }

  async #write(connection: Connection, studyId: number, trialId: number, change: TrialChange): Promise<void> {
    if (change.kind === "parameter") {
      const known = await this.#firstDistribution(connection, studyId, change.name);
      if (known !== undefined) checkCompatible(change.name, known, change.distribution);
    }
    await writeChange(connection, trialId, change);
  }

  async #firstDistribution(connection: Connection, studyId: number, name: string): Promise<Distribution | undefined> {
    const known = this.#known.get(studyId) ?? new Map<string, Distribution>();
    this.#known.set(studyId, known);
    const first = known.get(name);
    if (first !== undefined) return first;
    const [row] = await connection.query(
      `SELECT p.distribution_json FROM trial_params p JOIN trials t ON t.trial_id = p.trial_id
       WHERE t.study_id = ? AND p.param_name = ? LIMIT 1`,
      [studyId, name],
    );
    if (row === undefined) return undefined;
    const distribution = distributionFromJson(String(row.distribution_json));
    known.set(name, distribution);
    return distribution;
  }

  async #beat(connection: Connection, trialIds: readonly number[]): Promise<void> {
    await connection.query(
      `INSERT INTO trial_heartbeats (trial_id, heartbeat)
       SELECT trial_id, CURRENT_TIMESTAMP FROM trials
       WHERE trial_id IN (${placesFor(trialIds)}) AND state = 'RUNNING'
       ON CONFLICT (trial_id) DO UPDATE SET heartbeat = CURRENT_TIMESTAMP`,
      trialIds,
    );
  }

  async #transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#readOnly) throw readOnlyError(this.#database.label);
    return this.#inTurn(() => this.#database.transaction(work));
  }

  #inTurn<T>(work: () => Promise<T>, patience = this.#patience): Promise<T> {
    return this.#turns.take(() => this.#persistently(work, patience));
  }

  async #persistently<T>(work: () => Promise<T>, patience: number): Promise<T> {
    const began = performance.now();
    for (let pause = 10; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await work();
      } catch (cause) {
        if (cause instanceof FoveaError) throw cause;
        const { message } = cause as Error;
        if (!this.#database.isPassing(cause)) throw new StorageError(`${this.#database.label}: ${message}`, { cause });
        if (performance.now() - began > patience * 1000)
          throw new StorageError(
            `${this.#database.label}: the database has not answered for ${patience} seconds (${message}); the study can be resumed when it does`,
            { cause },
          );
      }
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

function* changesOf(trial: NewTrial): Generator<TrialChange> {
  for (const [name, value] of Object.entries(trial.params)) {
    const distribution = trial.distributions[name]!;
    yield { kind: "parameter", name, internal: toInternal(name, distribution, value), distribution };
  }
  for (const [step, value] of trial.intermediate) yield { kind: "report", step, value };
  for (const [key, value] of Object.entries(trial.userAttributes)) yield { kind: "user", key, value };
  for (const [key, value] of Object.entries(trial.systemAttributes)) yield { kind: "system", key, value };
}

function attributesOf(rows: readonly Row[], study: Row): Record<string, Json> {
  const mine = rows.filter((row) => row.study_id === study.study_id);
  return Object.fromEntries(mine.map((row) => [String(row.key), parsePythonJson(String(row.value_json))]));
}

const placesFor = (values: readonly unknown[]): string => values.map(() => "?").join();

/** The indices below the array's length that have no element. */
function missingBelow(sparse: readonly unknown[]): number[] {
  const missing: number[] = [];
  for (let i = 0; i < sparse.length; i++) if (sparse[i] === undefined) missing.push(i);
  return missing;
}
