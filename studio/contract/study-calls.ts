// Calls about studies: listed, opened, watched, started, gone on with, and trials that become runs.
import * as z from "zod";
import { COUNT, call, NAME, PROJECT } from "./call.js";
import type { CodeFacts, JobFacts } from "./facts.js";
import type { ImportanceFacts, StudyList, StudyView, TrialDetails } from "./study-facts.js";

const STUDY = z.string().min(1).max(300);

/** A range that is searched; from and to are the same where the parameter is fixed. */
const RANGE = z
  .strictObject({ from: z.number(), to: z.number() })
  .refine(({ from, to }) => from <= to, { error: "expected a range whose end is not before its beginning" });

/** Parameters of the ready-made search spaces. */
export const TUNED = ["learningRate", "blocks", "filters", "kernel", "dropout", "dense", "augmentation"] as const;
export type Tuned = (typeof TUNED)[number];

export const OBJECTIVES = ["accuracy", "loss", "accuracy-size", "loss-size"] as const;
export const SAMPLERS = ["tpe", "random", "grid", "quasi-random", "cma-es", "nsga2"] as const;
export const PRUNERS = ["none", "median", "halving", "hyperband"] as const;

/** Settings of a study that a newcomer can leave alone. */
const TUNE_SETTINGS = z.strictObject({
  study: z.string().min(1).max(100),
  /** A small network put together of parts, or whole networks by their names. */
  network: z.enum(["parts", "whole"]),
  /** Names of the whole networks that are compared. */
  networks: z.array(NAME).min(1).max(20),
  ranges: z.strictObject(
    Object.fromEntries(TUNED.map((name) => [name, RANGE])) as { readonly [K in Tuned]: typeof RANGE },
  ),
  objective: z.enum(OBJECTIVES),
  /** Columns of a manifest to predict, where it has several. */
  target: z.array(NAME).min(1).max(100).optional(),
  trials: z.int().min(1).max(100_000),
  epochs: z.int().min(1).max(10_000),
  batchSize: z.int().min(1).max(100_000),
  patience: z.int().min(0).max(10_000),
  sampler: z.enum(SAMPLERS),
  pruner: z.enum(PRUNERS),
  parallel: z.int().min(1).max(64),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  /** A storage of one's own, as `fovea tune run --storage` takes it. */
  storage: z.string().min(1).max(4096).optional(),
});

export type TuneSettings = z.output<typeof TUNE_SETTINGS>;

export const STUDY_CALLS = {
  /** The studies beside the project's runs, and those of storages that were opened. */
  studies: call<StudyList>()(z.strictObject({ project: PROJECT })),
  /** Opens a storage by its URL, as `fovea tune` takes it. */
  openStorage: call<StudyList>()(z.strictObject({ storage: z.string().min(1).max(4096) })),
  /** A study; with `since` only what is new from that version on. Null for one that waits for its turn to begin. */
  study: call<StudyView | null>()(z.strictObject({ study: STUDY, since: COUNT.optional() })),
  trial: call<TrialDetails>()(z.strictObject({ study: STUDY, trial: COUNT })),
  importance: call<ImportanceFacts>()(z.strictObject({ study: STUDY, objective: z.int().min(0).max(100) })),
  tune: call<JobFacts>()(z.strictObject({ project: PROJECT, settings: TUNE_SETTINGS })),
  /** Goes on with a study until it has so many trials. */
  tuneOn: call<JobFacts>()(z.strictObject({ project: PROJECT, study: STUDY, trials: z.int().min(1).max(100_000) })),
  /** Trains a complete trial again, as a run that is kept. */
  promote: call<JobFacts>()(z.strictObject({ study: STUDY, trial: COUNT })),
  /** The lines that run a study of some settings, or that did run one. */
  tuneCode: call<CodeFacts>()(
    z.strictObject({ project: PROJECT, study: STUDY.optional(), settings: TUNE_SETTINGS.optional() }),
  ),
} as const;
