// A study: trials that share objectives, a search space and a storage. Asks samplers for trials, tells storages how
// they went, and knows the best. Running objectives is optimize.ts.
import { FoveaError, shown } from "../core/errors.js";
import type { Json } from "../core/json.js";
import { checkOptions, flag } from "../core/options.js";
import { Turns } from "../core/turns.js";
import type { Choice } from "./distribution.js";
import { enqueuedParams, FIXED, samplerView, shareProposal, visibleTrials, type Window } from "./history.js";
import { checkAdded, emptyTrial } from "./new-trial.js";
import { type Callback, type Objective, optimize, reasonOf, type Schedule } from "./optimize.js";
import { failed, outcomeOf, type Told } from "./outcome.js";
import { type HeartbeatOptions, Ownership } from "./ownership.js";
import { lossesOf, paretoFront } from "./pareto.js";
import type { Pruner } from "./pruners/pruner.js";
import type { Proposal, Sampler, SamplerView } from "./samplers/sampler.js";
import { type NewTrial, OWNER, type Storage } from "./storages/storage.js";
import { checkAttribute, Trial } from "./trial.js";
import type { Direction, StudyRecord, TrialRecord } from "./trial-record.js";

/** The system attribute that keeps a study's seed. */
export const SEED = "fovea:seed";
/** Number of times that a trial has been begun; after `MOST_LIVES` deaths of its workers it fails. */
const LIVES = "fovea:lives";
const MOST_LIVES = 3;

/** Options of `optimize`: trials to evaluate, time, trials at once, and callbacks. */
export type OptimizeOptions = Schedule<Study>;
/** A function that `optimize` calls after each trial. */
export type StudyCallback = Callback<Study>;

/** Options of `enqueueTrial`. */
export interface EnqueueOptions {
  /** Notes of the user with the trial. Default: none. */
  readonly userAttributes?: Readonly<Record<string, Json>>;
  /** True where nothing is queued if a trial has the same values. Default false. */
  readonly skipIfExists?: boolean;
}

export interface StudyParts {
  readonly storage: Storage;
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  readonly seed: number;
  /** True where the storage knows the seed. The study writes an unknown seed with the first trial, not before. */
  readonly seedIsKept: boolean;
  readonly heartbeat: HeartbeatOptions;
}

/**
 * A study: trials that share objectives, a search space and a storage; `createStudy` makes it.
 * @example
 * const study = await createStudy({ direction: "maximize", seed: 1 });
 * const trial = await study.ask();
 * await study.tell(trial, 1 - trial.suggestFloat("x", -1, 1) ** 2);
 * study.bestParams;
 */
export class Study {
  /** The study's name in its storage. */
  readonly name: string;
  /** The better direction of each objective. */
  readonly directions: readonly Direction[];
  /** The seed of all randomness. */
  readonly seed: number;
  readonly #parts: StudyParts;
  readonly #ownership: Ownership;
  /** Trials start one after the other: two that start at once would take up the same one. */
  readonly #starts = new Turns();
  #record: StudyRecord;
  #seedIsKept: boolean;
  #trials: readonly TrialRecord[];
  #stopped = false;

  private constructor(record: StudyRecord, trials: readonly TrialRecord[], parts: StudyParts, ownership: Ownership) {
    this.name = record.name;
    this.directions = record.directions;
    this.seed = parts.seed;
    this.#record = record;
    this.#trials = trials;
    this.#parts = parts;
    this.#seedIsKept = parts.seedIsKept;
    this.#ownership = ownership;
  }

  /**
   * Opens a study that its storage knows; for `createStudy` and `loadStudy`.
   * @param record The study as its storage has it.
   * @param parts Storage, sampler, pruner, seed and heartbeat.
   */
  static async open(record: StudyRecord, parts: StudyParts): Promise<Study> {
    const ownership = await Ownership.create(parts.storage, parts.heartbeat);
    return new Study(record, await parts.storage.trials(record.id), parts, ownership);
  }

  /** All trials by number, as of the last call that touched the storage; `refresh` looks again. */
  get trials(): readonly TrialRecord[] {
    return this.#trials;
  }

  /** The better direction of the one objective. @throws FoveaError for several objectives. */
  get direction(): Direction {
    if (this.directions.length > 1)
      throw new FoveaError(
        "unsuited-option",
        `study "${this.name}": it has ${this.directions.length} objectives; use directions`,
      );
    return this.directions[0]!;
  }

  /** Notes of the user. */
  get userAttributes(): Readonly<Record<string, Json>> {
    return this.#record.userAttributes;
  }

  /** The storage's own record: what facts and reports are made from. */
  get record(): StudyRecord {
    return this.#record;
  }

  /** The source of proposals. */
  get sampler(): Sampler {
    return this.#parts.sampler;
  }

  /** The storage that remembers the study. */
  get storage(): Storage {
    return this.#parts.storage;
  }

  /** The complete trial with the best value, the earliest of equals. @throws FoveaError when none is complete. */
  get bestTrial(): TrialRecord {
    if (this.directions.length > 1)
      throw new FoveaError(
        "unsuited-option",
        `study "${this.name}": several objectives have no one best trial; use bestTrials`,
      );
    let best: TrialRecord | undefined;
    for (const trial of this.#trials)
      if (
        trial.state === "complete" &&
        (best === undefined || lossesOf(trial, this.directions)[0]! < lossesOf(best, this.directions)[0]!)
      )
        best = trial;
    if (best === undefined) throw new FoveaError("unfinished", `study "${this.name}": no trial is complete yet`);
    return best;
  }

  /** The complete trials that no other is better than in every objective (the Pareto front). */
  get bestTrials(): readonly TrialRecord[] {
    return paretoFront(this.#trials, this.directions);
  }

  /** The value of `bestTrial`. */
  get bestValue(): number {
    return this.bestTrial.values![0]!;
  }

  /** The parameters of `bestTrial`. */
  get bestParams(): Readonly<Record<string, Choice>> {
    return this.bestTrial.params;
  }

  /** Reads again what other programs have written. */
  async refresh(): Promise<void> {
    this.#trials = await this.storage.trials(this.#record.id);
  }

  /**
   * Starts a trial: one that was abandoned or enqueued, else a new one. It sees everything that has finished.
   * Every asked trial must be told, or left.
   */
  ask(): Promise<Trial> {
    return this.#starts.take(async () => {
      await this.refresh();
      return (await this.#start(undefined, Infinity))!;
    });
  }

  /**
   * `ask` for schedules: the trial sees what `window` allows. `undefined` when the study has `limit` trials already
   * and none of them can be taken up.
   */
  start(window: Window, limit: number): Promise<Trial | undefined> {
    return this.#starts.take(() => this.#start(window, limit));
  }

  async #start(window: Window, limit: number): Promise<Trial | undefined> {
    await this.#keepSeed();
    const record = (await this.#takeUp()) ?? (await this.#create(limit));
    if (record === undefined) return undefined;
    const { sampler, pruner } = this.#parts;
    const view = samplerView(this, pruner, this.#trials, record, window);
    const proposal = await this.#propose(view, record);
    if (sampler.looksAtRunning && window !== 1) await this.storage.record(record.id, shareProposal(proposal.params));
    const known = this.#trials;
    let others: readonly TrialRecord[] | undefined = window === undefined ? known : undefined;
    return new Trial(record, {
      sampler,
      pruner,
      view,
      proposal,
      others: () => {
        others ??= visibleTrials(known, record.number, window);
        return others;
      },
      refresh: async () => {
        if (window !== undefined) return;
        await this.refresh();
        others = this.#trials;
      },
      write: (changes) => this.storage.record(record.id, changes),
    });
  }

  /**
   * Looks again, for schedules: the number of the trial that `start` would give, and the trials that others are busy
   * with.
   */
  async survey(): Promise<{ readonly next: number; readonly foreign: readonly TrialRecord[] }> {
    await this.refresh();
    const abandoned = await this.#abandoned();
    const waiting = this.#trials.filter((trial) => trial.state === "waiting");
    const next = Math.min(this.#trials.length, ...[...abandoned, ...waiting].map((trial) => trial.number));
    const foreign = this.#trials.filter((trial) => this.#ownership.isForeign(trial) && !abandoned.includes(trial));
    return { next, foreign };
  }

  /**
   * Ends a trial: with its value (one per objective), as pruned (its last report becomes its value), or as failed.
   * Values that are no numbers make it fail, with the reason kept.
   * @param trial A trial that `ask` gave.
   * @param told A value, a value for each objective, or `{ state: "pruned" }` and the like.
   * @returns the record, or `undefined` when somebody else had taken the trial over.
   */
  async tell(trial: Trial, told: Told): Promise<TrialRecord | undefined> {
    checkTrial("study.tell", trial);
    if (told === undefined)
      throw new FoveaError(
        "missing-option",
        'study.tell: expected a value, values, { state: "pruned" } or { state: "fail", reason }, received none',
      );
    await trial.flush();
    const outcome = outcomeOf(trial, told, this.directions.length);
    const mine = await this.storage.finish(trial.id, this.#ownership.name, outcome);
    this.#ownership.end(trial.id);
    await this.refresh();
    return mine ? this.#trials[trial.number] : undefined;
  }

  /**
   * Gives up a trial without a result; a worker, also this one, takes it up again later.
   * @param trial A trial that `ask` gave.
   */
  leave(trial: Trial): void {
    checkTrial("study.leave", trial);
    this.#ownership.release(trial.id);
  }

  /**
   * Queues a trial with given values for some or all parameters; the next `ask` takes it. With `skipIfExists` only when
   * no trial has these values already, or was queued with them.
   * @param params Values by the parameters' names; the sampler chooses the others.
   * @example
   * const study = await createStudy();
   * await study.enqueueTrial({ learningRate: 1e-3 }); // the next trial suggests 0.001
   */
  async enqueueTrial(params: Readonly<Record<string, Choice>>, options: EnqueueOptions = {}): Promise<void> {
    checkRecord("study.enqueueTrial", "parameters by name", params);
    checkOptions("study.enqueueTrial", options, ["userAttributes", "skipIfExists"]);
    const { userAttributes = {} } = options;
    const skipIfExists = flag("study.enqueueTrial: skipIfExists", options.skipIfExists, false);
    checkRecord("study.enqueueTrial", "userAttributes by name", userAttributes);
    if (skipIfExists && this.#trials.some((trial) => sameParams(enqueuedParams(trial) ?? trial.params, params))) return;
    const systemAttributes = { [FIXED]: params };
    await this.storage.createTrial(this.#record.id, { ...emptyTrial("waiting"), userAttributes, systemAttributes });
    await this.refresh();
  }

  /**
   * Adds a trial that was evaluated elsewhere, or anything of it that is known.
   * @param trial Values, parameters with their distributions, and what else is known.
   * @throws FoveaError for values or parameters that no trial of this study could have
   * @example
   * const study = await createStudy();
   * await study.addTrial({ values: [0.31], params: { x: 2 }, distributions: { x: floatDistribution("x", 0, 5) } });
   * study.bestParams.x; // 2
   */
  async addTrial(trial: Partial<NewTrial>): Promise<void> {
    checkOptions("study.addTrial", trial, Object.keys(emptyTrial("fail")));
    const { values, state = values === undefined ? "fail" : "complete" } = trial;
    const added = { ...emptyTrial(state), ...trial };
    checkAdded(added, this.directions.length);
    await this.storage.createTrial(this.#record.id, added);
    await this.refresh();
  }

  /** Writes a note of the user: `key` is its name, `value` any JSON. */
  async setUserAttribute(key: string, value: Json): Promise<void> {
    checkAttribute("study.setUserAttribute", key, value);
    await this.storage.setStudyAttribute(this.#record.id, "user", key, value);
    const userAttributes = { ...this.#record.userAttributes, [key]: value };
    this.#record = { ...this.#record, userAttributes };
  }

  /**
   * Evaluates an objective again and again; see `OptimizeOptions`.
   * @param objective The value of a trial, or one for each objective; may be a promise.
   * @example await (await createStudy()).optimize(async (trial) => trial.suggestFloat("x", -5, 5) ** 2, { trials: 20 });
   */
  async optimize(objective: Objective, options: OptimizeOptions): Promise<void> {
    this.#stopped = false;
    await optimize(this, objective, options);
  }

  /** Lets a running `optimize` end after the trials that are under way. */
  stop(): void {
    this.#stopped = true;
  }

  /** True after `stop`. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Releases the storage's file or connections. The next worker then takes over trials without a result. */
  close(): Promise<void> {
    this.#ownership.releaseAll();
    return this.storage.close();
  }

  /** Proposal of the sampler; where the sampler throws, the trial fails, since nobody can ever evaluate it. */
  async #propose(view: SamplerView, { id }: TrialRecord): Promise<Proposal> {
    try {
      return this.sampler.propose(view);
    } catch (error) {
      await this.storage.finish(id, this.#ownership.name, failed(reasonOf(error)));
      this.#ownership.end(id);
      throw error;
    }
  }

  async #keepSeed(): Promise<void> {
    if (this.#seedIsKept) return;
    await this.storage.setStudyAttribute(this.#record.id, "system", SEED, this.seed);
    this.#seedIsKept = true;
  }

  #abandoned(): Promise<TrialRecord[]> {
    return this.#ownership.abandoned(this.#record.id, this.#trials);
  }

  /** An abandoned or waiting trial, made our own. */
  async #takeUp(): Promise<TrialRecord | undefined> {
    const waiting = this.#trials.filter((trial) => trial.state === "waiting");
    const candidates = [...(await this.#abandoned()), ...waiting].sort((a, b) => a.number - b.number);
    for (const trial of candidates) {
      if (!(await this.storage.claim(trial, this.#ownership.name))) continue;
      const lives = Number(trial.systemAttributes[LIVES] ?? (trial.state === "running" ? 1 : 0)) + 1;
      if (lives > MOST_LIVES) {
        await this.#giveUp(trial, lives - 1);
        continue;
      }
      await this.storage.record(trial.id, [{ kind: "system", key: LIVES, value: lives }]);
      this.#ownership.hold(trial.id);
      return trial;
    }
    return undefined;
  }

  async #giveUp(trial: TrialRecord, lives: number): Promise<void> {
    await this.storage.finish(trial.id, this.#ownership.name, failed(`its worker died ${lives} times`));
    this.#ownership.end(trial.id);
  }

  async #create(limit: number): Promise<TrialRecord | undefined> {
    const systemAttributes = { [OWNER]: this.#ownership.name };
    const trial = { ...emptyTrial("running"), startedAt: new Date(), systemAttributes };
    const record = await this.storage.createTrial(this.#record.id, trial, limit);
    if (record !== undefined) this.#ownership.hold(record.id);
    return record;
  }
}

function checkTrial(what: string, trial: unknown): void {
  if (!(trial instanceof Trial))
    throw new FoveaError("wrong-type", `${what}: expected a trial of ask(), received ${shown(trial)}`);
}

function checkRecord(what: string, expected: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new FoveaError("wrong-type", `${what}: expected ${expected}, received ${shown(value)}`);
}

function sameParams(a: Readonly<Record<string, Choice>>, b: Readonly<Record<string, Choice>>): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && Object.is(a[name], b[name]))
  );
}
