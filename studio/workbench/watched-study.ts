// A study that is watched: its trials are read again when somebody asks, and told once each.
import { FoveaError } from "fovea";
import { storedBaseline, storedSpec, type TuneSpec } from "fovea/experiment";
import { loadStudy, type Study, type StudyRecord, type TrialRecord, trialFacts, withoutPassword } from "fovea/tune";
import type { ParameterFacts, StudySummary, StudyView, TrialDetails, TrialState } from "../contract/study-facts.js";
import { nameHash } from "./name-hash.js";
import type { Storages } from "./storages.js";
import { bestSoFar, curvesOf, frontOf, Space, thinned } from "./study-rows.js";

/** Points of the small line in a list. */
const LINE = 60;

/** The name of a study in addresses. */
export const studyId = (url: string, name: string): string =>
  `${
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 24) || "study"
  }-${nameHash(`${withoutPassword(url)}\n${name}`)}`;

export class WatchedStudy {
  readonly id: string;
  #trials: readonly TrialRecord[] = [];
  /** The version in which each trial has changed last. */
  #changed: number[] = [];
  #version = 0;
  readonly #space = new Space();
  #study: Study | undefined;
  #attributes: StudyRecord["userAttributes"] = {};
  #front: { readonly version: number; readonly numbers: readonly number[] } | undefined;
  #reading: Promise<void> | undefined;

  constructor(
    readonly url: string,
    readonly name: string,
    readonly storages: Storages,
  ) {
    this.id = studyId(url, name);
  }

  /** The study as it was last read. @throws FoveaError before that */
  get study(): Study {
    if (this.#study === undefined) throw new FoveaError("not-ready", `study "${this.name}" has not been read yet`);
    return this.#study;
  }

  get wasRead(): boolean {
    return this.#study !== undefined;
  }

  /** Looks again what others have done; those who ask meanwhile wait for the same look. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const storage = await this.storages.reading(this.url);
    if (this.#study?.storage === storage) await this.#study.refresh();
    else this.#study = await loadStudy({ storage, name: this.name });
    const { trials, record, userAttributes } = this.#study;
    // Attributes of a study may have been written after it was made.
    const known = (await storage.studies()).find(({ id }) => id === record.id);
    this.#attributes = known?.userAttributes ?? userAttributes;
    this.#note(trials);
  }

  #note(trials: readonly TrialRecord[]): void {
    const version = this.#version + 1;
    for (const trial of trials) {
      const before = this.#trials[trial.number];
      // A trial that has finished never changes.
      if (before === trial || (before !== undefined && isOver(before))) continue;
      this.#changed[trial.number] = version;
      this.#version = version;
      this.#space.learn(trial);
    }
    this.#trials = trials;
  }

  get spec(): TuneSpec | undefined {
    return storedSpec({ name: this.name, userAttributes: this.#attributes });
  }

  get attributes(): StudyRecord["userAttributes"] {
    return this.#attributes;
  }

  /** All trials as they were last read. */
  get trials(): readonly TrialRecord[] {
    return this.#trials;
  }

  get version(): number {
    return this.#version;
  }

  get summary(): StudySummary {
    const { directions } = this.study;
    const counts: Record<TrialState, number> = { running: 0, complete: 0, pruned: 0, fail: 0, waiting: 0 };
    let last = 0;
    for (const { state, startedAt, finishedAt } of this.#trials) {
      counts[state]++;
      last = Math.max(last, startedAt?.getTime() ?? 0, finishedAt?.getTime() ?? 0);
    }
    const line = bestSoFar(this.#trials, directions);
    const best = line.at(-1);
    const data = this.#dataPath;
    return {
      id: this.id,
      name: this.name,
      storage: withoutPassword(this.url),
      directions,
      objectives: this.objectives,
      counts,
      line: thinned(line, LINE),
      ...(best === undefined ? {} : { best }),
      ...(last === 0 ? {} : { last: new Date(last).toISOString() }),
      ...(data === undefined ? {} : { data }),
    };
  }

  /** Names of the values. */
  get objectives(): readonly string[] {
    const { directions } = this.study;
    const named = this.spec?.objective;
    if (named !== undefined) return typeof named === "string" ? [named] : named;
    return directions.map((_, i) => (directions.length === 1 ? "value" : `value ${i + 1}`));
  }

  get #dataPath(): string | undefined {
    const { spec } = this;
    if (spec === undefined) return undefined;
    return "table" in spec.data ? spec.data.table : spec.data.images;
  }

  /** The study with all that has changed since a version. */
  view(since = 0): StudyView {
    const { spec } = this;
    const parameters: readonly ParameterFacts[] = this.#space.parameters;
    const trials = this.#trials.filter(({ number }) => (this.#changed[number] ?? 0) > since);
    return {
      ...this.summary,
      seed: this.study.seed,
      rows: this.#rows(spec),
      parameters,
      front: this.front,
      total: this.#trials.length,
      trials: trials.map((trial) => this.#space.row(trial)),
      curves: curvesOf(this.#trials, this.study.directions),
      version: this.#version,
      hasSpec: spec !== undefined,
      ...(spec === undefined ? {} : { wanted: spec.trials }),
    };
  }

  /** Numbers of the trials that no other beats. */
  get front(): readonly number[] {
    if (this.#front?.version !== this.#version) this.#front = { version: this.#version, numbers: frontOf(this.study) };
    return this.#front.numbers;
  }

  #rows(spec: TuneSpec | undefined): StudyView["rows"] {
    const baseline = storedBaseline({ userAttributes: this.#attributes });
    const data = this.#dataPath;
    return [
      { label: "Objective", value: this.objectives.map((name, i) => `${this.study.directions[i]} ${name}`).join(", ") },
      ...(data === undefined ? [] : [{ label: "Data", value: data }]),
      ...(baseline === undefined
        ? []
        : [{ label: `${baseline.title}, on the validation images`, value: baseline.validation.toFixed(4) }]),
      ...(spec === undefined
        ? []
        : [
            { label: "Sampler", value: methodName(spec.sampler) },
            { label: "Pruner", value: methodName(spec.pruner) },
          ]),
      { label: "Seed", value: String(this.study.seed) },
      { label: "Storage", value: withoutPassword(this.url) },
    ];
  }

  /** A trial as it was last read. @throws FoveaError where there is none */
  record(number: number): TrialRecord {
    const trial = this.#trials[number];
    if (trial === undefined)
      throw new FoveaError(
        "unknown-entry",
        `study "${this.name}": there is no trial ${number}, it has ${this.#trials.length}`,
      );
    return trial;
  }

  details(number: number): TrialDetails {
    const { state, params, userAttributes, enqueued, intermediate, reason } = trialFacts(this.record(number));
    const { weights_sha256: weights, ...notes } = userAttributes;
    return {
      number,
      state,
      params: Object.entries(params).map(([name, value]) => ({ name, value })),
      notes: Object.entries(notes).map(([label, value]) => ({
        label: label.replaceAll("_", " "),
        value: typeof value === "string" ? value : JSON.stringify(value),
      })),
      curve: { number, steps: intermediate.map(([step]) => step), values: intermediate.map(([, value]) => value) },
      ...(typeof weights === "string" ? { weights } : {}),
      ...(reason === null ? {} : { reason }),
      isEnqueued: enqueued,
    };
  }
}

const isOver = ({ state }: TrialRecord): boolean => state !== "running" && state !== "waiting";

/** The name of a sampler or pruner, without its options. */
const methodName = (method: TuneSpec["sampler"]): string =>
  typeof method === "string" ? method : (Object.keys(method)[0] ?? "");
