// The program of a study, be it of a spec or a module: name, directions, methods, schedule and objective. Opens the
// study it belongs to, and sees to it that one study never mixes two definitions.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { isJsonObject } from "../../core/json.js";
import { RECORDED_JOURNAL, type RecordedJournal } from "../../formats/run/recipe.js";
import { isOfSystem } from "../../platform/files.js";
import {
  createStudy,
  type Direction,
  type Json,
  type Objective,
  type OptimizeOptions,
  type Pruner,
  type Sampler,
  type Storage,
  type Study,
  type Trial,
} from "../../tune/index.js";
import { artifactAddress } from "./artifact-store.js";
import { defineStudy } from "./definition.js";
import { prunerOf, samplerOf } from "./methods.js";
import type { Params } from "./space.js";
import { asList, definitionOf, type ImagesSpec, readSpec, readStoredSpec, type TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";
import { type TrialHow, trainTrial } from "./trial-training.js";

/** User attributes of a study: what it takes to go on with it, or to rebuild a trial. */
export const STUDY_ATTRIBUTES = {
  spec: "fovea:spec",
  data: "fovea:data",
  module: "fovea:module",
  baseline: "fovea:baseline",
  journal: "fovea:journal",
} as const;

/** Number and order of a study's trials. */
export interface StudySchedule {
  /** Number of trials at which the study ends, those of earlier sessions included. */
  readonly trials: number;
  /** Seconds after which no further trial starts. */
  readonly timeout?: number;
  /** Trials that are under way at the same time, which share the machine's threads. */
  readonly parallel: number;
  /**
   * True where a trial's parameters are chosen by all trials that have ended by then: quicker, and not repeatable. False where
   * trial k sees the trials up to number k - `parallel`.
   */
  readonly asynchronous: boolean;
}

/** A study that can be run: objective, methods and schedule, made of a spec or of a module. */
export interface StudyProgram extends StudySchedule {
  /** Name of the study. */
  readonly study: string;
  /** Direction of each value. */
  readonly directions: readonly Direction[];
  /** Names of the values. */
  readonly objectives: readonly string[];
  /** Method that chooses parameters. */
  readonly sampler: Sampler;
  /** Method that ends trials early. */
  readonly pruner: Pruner;
  /** Seed of the sampler. */
  readonly seed: number;
  /** Trials to evaluate first: values for some or all parameters. */
  readonly enqueue: readonly Params[];
  /** Address of the storage, such as `journal://study.log`; absent where it is to be the study's own folder. */
  readonly storage?: string;
  /** Place for the models of complete trials. */
  readonly artifacts?: string;
  /** The part of all this that the study remembers. */
  readonly attributes: Readonly<Record<string, Json>>;
  /**
   * The function that evaluates trials, for `study.optimize`.
   * @param how threads and callbacks of each trial
   */
  readonly objective: (how: TrialHow) => Objective;
  /** The errors that fail a trial only; every other one ends the run. */
  readonly catch: NonNullable<OptimizeOptions["catch"]>;
  /** Of a spec; modules keep theirs to themselves. */
  readonly data?: StudyData;
}

/** Default export of a module of the user's own: a study in TypeScript or JavaScript. */
export interface TuneModule extends Partial<StudySchedule> {
  /** Name of the study. */
  readonly study: string;
  /** Default "minimize". */
  readonly direction?: Direction | readonly Direction[];
  /** Names of the values. Default: "value". */
  readonly objectives?: readonly string[];
  /** Method that chooses parameters. Default: TPE. */
  readonly sampler?: Sampler;
  /** Method that ends trials early. Default: none. */
  readonly pruner?: Pruner;
  /** Seed of the sampler. Default 0. */
  readonly seed?: number;
  /** Trials to evaluate first: values for some or all parameters. Default: none. */
  readonly enqueue?: readonly Params[];
  /** Address of the storage, such as `journal://study.log`. Default: `defaultStorage` of the study. */
  readonly storage?: string;
  /** The errors that fail a trial only, as `study.optimize` takes them. Default: none, so that any error ends the run. */
  readonly catch?: OptimizeOptions["catch"];
  /**
   * Evaluates a trial.
   * @param trial which gives parameters by its `suggest` functions
   * @param how with `threads`, the trial's share of the machine
   */
  readonly objective: (trial: Trial, how: { readonly threads?: number }) => ReturnType<Objective>;
}

/**
 * The program of a module: the defaults of `TuneModule` filled in. The study remembers the hash of the module's file, so that
 * another module cannot go on with it.
 * @param module the module's default export
 * @param file name and SHA-256 of the module's own file
 * @throws FoveaError for an export without a name and an objective
 * @example
 * const module = { study: "parabola", trials: 5, objective: (trial) => (trial.suggestFloat("x", -10, 10) - 2) ** 2 };
 * const program = moduleProgram(module, { name: "parabola.js", sha256: "0".repeat(64) });
 * const study = await openProgram(program, new MemoryStorage());
 * await runStudy(study, program);
 * study.bestValue;
 */
export function moduleProgram(module: unknown, file: { readonly name: string; readonly sha256: string }): StudyProgram {
  const wanted = module as Partial<TuneModule> | undefined;
  if (typeof wanted !== "object" || typeof wanted.objective !== "function" || typeof wanted.study !== "string")
    throw new FoveaError(
      "program-failed",
      `${file.name}: expected a default export with "study" (a name) and "objective" (a function), as TuneModule has them`,
    );
  const { study, direction = "minimize", objective, trials = 100, parallel = 1, asynchronous = false } = wanted;
  const directions = asList(direction);
  const defaults = directions.length === 1 ? ["value"] : directions.map((_, i) => `value ${i + 1}`);
  return {
    study,
    directions,
    objectives: wanted.objectives ?? defaults,
    sampler: wanted.sampler ?? samplerOf("tpe"),
    pruner: wanted.pruner ?? prunerOf("none"),
    seed: wanted.seed ?? 0,
    enqueue: wanted.enqueue ?? [],
    trials,
    parallel,
    asynchronous,
    ...defined({ timeout: wanted.timeout, storage: wanted.storage }),
    attributes: { [STUDY_ATTRIBUTES.module]: file },
    catch: wanted.catch ?? [],
    objective:
      ({ threads }) =>
      (trial) =>
        objective(trial, defined({ threads })),
  };
}

/**
 * The program of a spec on its data.
 * @param spec as `readSpec` gives it
 * @param data as `loadStudyData` loads them for the spec
 * @throws FoveaError when the space, the model or a method cannot be as the spec has it.
 */
export async function specProgram(spec: TuneSpec, data: StudyData): Promise<StudyProgram> {
  const { study, trials, timeout, parallel, asynchronous, sampler, pruner, seed, enqueue } = spec;
  // A storage's address may have a password in it, and a study need not be told where it is.
  const { storage, ...settings } = spec;
  const artifacts = spec.artifacts === undefined ? undefined : await artifactAddress(spec.artifacts);
  // The task of images may have been told from their targets; it stays the study's.
  const known = "images" in spec.data ? { data: { ...spec.data, ...defined({ task: data.task?.kind }) } } : {};
  const remembered = { ...settings, ...known, ...defined({ artifacts }) };
  const definition = await defineStudy(spec, data);
  return {
    study,
    directions: definition.objectives.map(({ direction }) => direction),
    objectives: definition.objectives.map(({ key }) => key),
    sampler: samplerOf(sampler, spec.space),
    pruner: prunerOf(pruner),
    seed,
    enqueue,
    trials,
    parallel,
    asynchronous,
    ...defined({ timeout, storage, artifacts }),
    attributes: {
      [STUDY_ATTRIBUTES.spec]: remembered as unknown as Json,
      [STUDY_ATTRIBUTES.data]: data.sha256,
      ...(data.images?.journal && { [STUDY_ATTRIBUTES.journal]: data.images.journal }),
      ...(data.baseline && {
        [STUDY_ATTRIBUTES.baseline]: { title: data.baseline.title, validation: data.baseline.figures.validation },
      }),
    },
    // A model that only some parameters allow, or that diverges, is what a search may meet: known errors, told in a
    // sentence. Any other error is a fault, which the next trial would meet again; so is one that the system had first.
    catch: (error) => error instanceof FoveaError && !isOfSystem(error),
    objective: (how) => (trial) => trainTrial(definition, trial, how),
    data,
  };
}

/**
 * Makes the study of a program, or opens the one of that name to go on with it. The study remembers the newest spec, for
 * workers; `remember: false` for them, who have options of their own.
 * @param program of a spec or a module
 * @param storage an open storage, in which the study is or will be
 * @throws FoveaError when that one was begun with another definition, other data or another module.
 */
export async function openProgram(
  program: StudyProgram,
  storage: Storage,
  { remember = true }: { readonly remember?: boolean } = {},
): Promise<Study> {
  const { study: name, directions, sampler, pruner, seed, enqueue, attributes } = program;
  const known = (await storage.studies()).find((stored) => stored.name === name);
  if (known !== undefined) checkSame(name, known.userAttributes, attributes);
  const study = await createStudy({ name, directions, sampler, pruner, seed, storage });
  for (const [key, value] of Object.entries(attributes)) {
    const before = known?.userAttributes[key];
    const isNewer = remember && key === STUDY_ATTRIBUTES.spec && JSON.stringify(before) !== JSON.stringify(value);
    if (before === undefined || isNewer) await study.setUserAttribute(key, value);
  }
  // Those that the study has not had yet: in one that goes on, what was added to the spec.
  for (const params of enqueue) await study.enqueueTrial(params, { skipIfExists: true });
  return study;
}

type Attributes = Readonly<Record<string, Json>>;

function checkSame(name: string, before: Attributes, now: Attributes): void {
  const { spec, data, module } = STUDY_ATTRIBUTES;
  const differs = (what: string) =>
    new FoveaError(
      "record-mismatch",
      `study "${name}": it was begun with ${what}; give this one another name with --study`,
    );
  if ((before[module] === undefined) !== (now[module] === undefined) && (before[spec] ?? before[module]) !== undefined)
    throw differs(before[module] === undefined ? "a JSON spec" : "a module");
  if (before[data] !== undefined && before[data] !== now[data]) throw differs("other data");
  if (before[spec] === undefined || now[spec] === undefined) return;
  const stored = readStoredSpec(before[spec], `study "${name}"`);
  const wanted = readSpec(now[spec]);
  const was = definitionOf(stored) as Attributes;
  const is = definitionOf("images" in stored.data ? asOld(wanted, stored.data.task) : wanted) as Attributes;
  const part = Object.keys(is).find((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]));
  if (part !== undefined) throw differs(`another "${part}"`);
}

/** A spec as a study has it that remembers no task. */
function asOld(spec: TuneSpec, known: ImagesSpec["task"]): TuneSpec {
  if (known !== undefined || "table" in spec.data) return spec;
  const { task: _, ...data } = spec.data;
  return { ...spec, data };
}

/**
 * The spec that a study remembers, if it was begun with one.
 * @param study an open study, or its record in a storage
 * @throws FoveaError when it cannot be read
 */
export function storedSpec(study: Pick<Study, "name" | "userAttributes">): TuneSpec | undefined {
  const stored = study.userAttributes[STUDY_ATTRIBUTES.spec];
  return stored === undefined ? undefined : readStoredSpec(stored, `study "${study.name}"`);
}

/** Entries of the label journal that a study was begun with; null where there were none. */
export function storedJournal({ userAttributes }: Pick<Study, "userAttributes">): RecordedJournal | null {
  return RECORDED_JOURNAL.safeParse(userAttributes[STUDY_ATTRIBUTES.journal]).data ?? null;
}

/**
 * The figure, on the validation images, of the best answer without a look at any image; undefined where a study has none.
 * @example
 * const study = await createStudy();
 * const baseline = { title: "Accuracy of always saying cat", validation: 0.4 }; // as runs of specs note it
 * await study.setUserAttribute(STUDY_ATTRIBUTES.baseline, baseline);
 * storedBaseline(study).validation; // 0.4
 * storedSpec(study); // undefined, since the study was not begun with a spec
 */
export function storedBaseline({
  userAttributes,
}: Pick<Study, "userAttributes">): { readonly title: string; readonly validation: number } | undefined {
  const stored = userAttributes[STUDY_ATTRIBUTES.baseline];
  if (!isJsonObject(stored)) return undefined;
  const { title, validation } = stored;
  return typeof title === "string" && typeof validation === "number" ? { title, validation } : undefined;
}
