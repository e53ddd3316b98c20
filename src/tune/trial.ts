// A trial while it is evaluated: what an objective holds. Suggesting is synchronous; what is to be remembered is
// written in the background, in order, and has been written when `report` or the trial itself is over.
import { FoveaError, shown } from "../core/errors.js";
import type { Json } from "../core/json.js";
import { ownValue, put } from "../core/lookup.js";
import {
  type Choice,
  categoricalDistribution,
  checkCompatible,
  contains,
  type Distribution,
  floatDistribution,
  intDistribution,
  isSingle,
  type RangeOptions,
  toInternal,
} from "./distribution.js";
import type { Pruner, PrunerView } from "./pruners/pruner.js";
import type { Proposal, Sampler, SamplerView } from "./samplers/sampler.js";
import type { TrialChange } from "./storages/storage.js";
import type { TrialRecord } from "./trial-record.js";

/**
 * Thrown by an objective to end its trial early; made by `trial.prune()`.
 * @example const error = new PrunedTrial();
 */
export class PrunedTrial extends Error {
  override name = "PrunedTrial";
}

/** @throws FoveaError for a key that is no text, or no value: JSON would leave it out. */
export function checkAttribute(what: string, key: unknown, value: unknown): void {
  if (typeof key !== "string" || key === "")
    throw new FoveaError("wrong-type", `${what}: expected a key as text, received ${shown(key)}`);
  if (value === undefined || typeof value === "function")
    throw new FoveaError(
      "wrong-type",
      `${what}: expected a value that JSON has for "${key}", received ${shown(value)}`,
    );
}

/** Parts of a study that its trials use. */
export interface TrialContext {
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  readonly view: SamplerView;
  readonly proposal: Proposal;
  /** The trials that the pruner may look at, brought up to date by `refresh`. */
  others(): readonly TrialRecord[];
  refresh(): Promise<void>;
  write(changes: readonly TrialChange[]): Promise<void>;
}

/**
 * A trial under evaluation: its objective asks it for parameters and reports to it.
 * @param record The trial as its storage has it.
 * @param context The study's part in it.
 * @example
 * const study = await createStudy({ direction: "minimize" });
 * const trial = await study.ask(); // a Trial; `study.optimize` makes one for each call of its objective
 * const rate = trial.suggestFloat("learningRate", 1e-4, 1e-2, { log: true });
 * trial instanceof Trial && trial.params.learningRate === rate; // true
 * await study.tell(trial, rate);
 */
export class Trial {
  /** The storage's identifier. */
  readonly id: number;
  /** The number within the study, from 0. */
  readonly number: number;
  readonly #context: TrialContext;
  readonly #record: TrialRecord;
  readonly #params: Record<string, Choice> = {};
  readonly #distributions: Record<string, Distribution> = {};
  readonly #userAttributes: Record<string, Json>;
  readonly #intermediate = new Map<number, number>();
  readonly #noted: Record<string, Json>;
  #pending: TrialChange[] = [];
  #written: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** For `Study.ask`. A record with parameters is a trial taken up again: it keeps them, and forgets its reports. */
  constructor(record: TrialRecord, context: TrialContext) {
    this.id = record.id;
    this.number = record.number;
    this.#record = record;
    this.#context = context;
    this.#userAttributes = { ...record.userAttributes };
    this.#noted = { ...context.proposal.attributes };
    for (const [key, value] of Object.entries(this.#noted)) this.#remember({ kind: "system", key, value });
  }

  /** Parameters that have been suggested so far. */
  get params(): Readonly<Record<string, Choice>> {
    return this.#params;
  }

  /** Notes of the user. */
  get userAttributes(): Readonly<Record<string, Json>> {
    return this.#userAttributes;
  }

  /** Reports so far, by step. */
  get intermediate(): ReadonlyMap<number, number> {
    return this.#intermediate;
  }

  /**
   * A float from low to high, both possible; with `log` spaced by its logarithm, with `step` a multiple away from low.
   * @param name The parameter's name, the same in all trials.
   * @param low The lowest value.
   * @param high The highest value, at least `low`.
   * @throws FoveaError for a range that is none, or a name that means something else in this study.
   * @example
   * const trial = await (await createStudy()).ask();
   * trial.suggestFloat("learningRate", 1e-4, 1e-2, { log: true });
   */
  suggestFloat(name: string, low: number, high: number, options: RangeOptions = {}): number {
    return this.suggest(name, floatDistribution(name, low, high, options)) as number;
  }

  /**
   * A whole number from low to high, both possible.
   * @param name The parameter's name, the same in all trials.
   * @param low The lowest value.
   * @param high The highest value, at least `low`.
   * @throws as `suggestFloat`.
   */
  suggestInt(name: string, low: number, high: number, options: RangeOptions = {}): number {
    return this.suggest(name, intDistribution(name, low, high, options)) as number;
  }

  /**
   * One of the choices.
   * @param name The parameter's name, the same in all trials.
   * @param choices Texts, finite numbers, booleans or null, the same in all trials.
   * @throws as `suggestFloat`.
   * @example
   * const trial = await (await createStudy()).ask();
   * trial.suggestCategorical("activation", ["relu", "tanh"]);
   */
  suggestCategorical<const C extends Choice>(name: string, choices: readonly C[]): C {
    return this.suggest(name, categoricalDistribution(name, choices)) as C;
  }

  /**
   * A value of a distribution. The first call with a name decides; later ones return the same value.
   * @param name The parameter's name.
   * @param distribution The values that it may take.
   */
  suggest(name: string, distribution: Distribution): Choice {
    if (typeof name !== "string" || name === "")
      throw new FoveaError("wrong-type", `trial.suggest: expected a parameter's name as text, received ${shown(name)}`);
    if (!["float", "int", "categorical"].includes(distribution?.type))
      throw new FoveaError(
        "wrong-type",
        `trial.suggest: parameter "${name}": expected a distribution such as floatDistribution(...), received ${shown(distribution)}`,
      );
    const before = ownValue(this.#distributions, name);
    if (before !== undefined) {
      checkCompatible(name, before, distribution);
      return ownValue(this.#params, name)!;
    }
    const known = this.#firstDistribution(name);
    if (known !== undefined) checkCompatible(name, known, distribution);
    const value = this.#choose(name, distribution);
    put(this.#params, name, value);
    put(this.#distributions, name, distribution);
    this.#remember({ kind: "parameter", name, internal: toInternal(name, distribution, value), distribution });
    return value;
  }

  /**
   * Reports how the objective stands, for pruners and curves; the first report of a step counts.
   * @param value lower or higher is better, as the study says
   * @param step 0, 1, 2...: an epoch, mostly
   * @returns when it has been written and other trials' reports are known
   */
  async report(value: number, step: number): Promise<void> {
    if (this.#context.view.directions.length > 1)
      throw new FoveaError("unsuited-option", "trial.report: only studies with one objective have intermediate values");
    if (!Number.isSafeInteger(step) || step < 0)
      throw new FoveaError(
        "out-of-range",
        `trial.report: expected a step that is a whole number from 0, received ${step}`,
      );
    if (typeof value !== "number")
      throw new FoveaError("wrong-type", `trial.report: expected a number, received ${JSON.stringify(value)}`);
    if (this.#intermediate.has(step)) return;
    this.#intermediate.set(step, value);
    this.#remember({ kind: "report", step, value });
    await this.flush();
    await this.#context.refresh();
  }

  /**
   * Checks whether the study's pruner would end this trial now.
   * @example
   * const trial = await (await createStudy()).ask();
   * await trial.report(0.5, 0);
   * if (trial.shouldPrune()) throw trial.prune();
   */
  shouldPrune(): boolean {
    const { pruner, view } = this.#context;
    if (view.directions.length > 1)
      throw new FoveaError("unsuited-option", "trial.shouldPrune: only studies with one objective have pruning");
    const prunerView: PrunerView = {
      studyName: view.studyName,
      direction: view.directions[0]!,
      number: this.number,
      intermediate: this.#intermediate,
      attributes: this.#noted,
      trials: this.#context.others().filter((trial) => trial.number !== this.number),
      note: (key, value) => {
        put(this.#noted, key, value);
        this.#remember({ kind: "system", key, value });
      },
    };
    return pruner.shouldPrune(prunerView);
  }

  /** The error to throw to end this trial as pruned. */
  prune(): PrunedTrial {
    return new PrunedTrial(`trial ${this.number} was pruned`);
  }

  /**
   * Stores a note of the user with the trial, any JSON.
   * @param key The note's name.
   * @param value Any JSON.
   */
  setUserAttribute(key: string, value: Json): void {
    checkAttribute("trial.setUserAttribute", key, value);
    put(this.#userAttributes, key, value);
    this.#remember({ kind: "user", key, value });
  }

  /**
   * Notes a file that belongs to the trial, as Optuna notes its artifacts. The file itself is the caller's business.
   * @param id under which a store has it: for Optuna's file system store the path below its folder
   * @param filename The file's name, for people.
   * @param mimetype Default `application/octet-stream`.
   */
  addArtifact(id: string, filename: string, mimetype = "application/octet-stream"): void {
    for (const text of [id, filename, mimetype])
      if (typeof text !== "string" || text === "")
        throw new FoveaError(
          "wrong-type",
          `trial.addArtifact: expected an id, a file's name and a type as texts, received ${shown(text)}`,
        );
    const meta = { artifact_id: id, filename, mimetype, encoding: null };
    this.#remember({ kind: "system", key: `artifacts:${id}`, value: JSON.stringify(meta) });
  }

  /** Fulfilled when all that was suggested, reported and noted has been written. @throws what went wrong, once. */
  async flush(): Promise<void> {
    await this.#written;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  #remember(change: TrialChange): void {
    this.#pending.push(change);
    if (this.#pending.length > 1) return;
    // One write for everything that the objective says before it next waits.
    this.#written = this.#written.then(async () => {
      const changes = this.#pending;
      this.#pending = [];
      try {
        await this.#context.write(changes);
      } catch (error) {
        this.#failure ??= { error };
      }
    });
  }

  #firstDistribution(name: string): Distribution | undefined {
    const stored = ownValue(this.#record.distributions, name);
    if (stored !== undefined) return stored;
    for (const { distributions } of this.#context.view.trials) {
      const first = ownValue(distributions, name);
      if (first !== undefined) return first;
    }
    return undefined;
  }

  #choose(name: string, distribution: Distribution): Choice {
    const fits = (value: Choice | undefined): value is Choice =>
      value !== undefined && contains(distribution, toInternal(name, distribution, value));
    const fixed = ownValue(this.#context.view.fixed, name);
    if (fixed !== undefined) {
      if (fits(fixed)) return fixed;
      throw new FoveaError(
        "out-of-range",
        `parameter "${name}": the trial was enqueued with ${JSON.stringify(fixed)}, which is not between ${distribution.type === "categorical" ? "the choices" : `${distribution.low} and ${distribution.high}`}`,
      );
    }
    const stored = ownValue(this.#record.params, name);
    if (stored !== undefined && fits(stored)) return stored;
    if (isSingle(distribution))
      return distribution.type === "categorical" ? distribution.choices[0]! : distribution.low;
    const { proposal, sampler, view } = this.#context;
    const proposed = ownValue(proposal.params, name);
    if (proposed !== undefined && fits(proposed)) return proposed;
    return sampler.sample(view, name, distribution);
  }
}
