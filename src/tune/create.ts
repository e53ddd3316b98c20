// Creation of studies, and their loading from a storage. The only file that knows the defaults.
import { FoveaError, oneOf, shown } from "../core/errors.js";
import { checkOptions, having } from "../core/options.js";
import { keyOf } from "../core/random.js";
import type { HeartbeatOptions } from "./ownership.js";
import { nopPruner, type Pruner } from "./pruners/pruner.js";
import type { Sampler } from "./samplers/sampler.js";
import { tpeSampler } from "./samplers/tpe/tpe.js";
import { MemoryStorage } from "./storages/memory.js";
import { openStorage } from "./storages/open.js";
import type { Storage } from "./storages/storage.js";
import { SEED, Study } from "./study.js";
import type { Direction, StudyRecord } from "./trial-record.js";

/** Options of `createStudy` and `loadStudy`. */
export interface StudyOptions {
  /** The study's name in its storage. Default "study". */
  readonly name?: string;
  /** A URL as `openStorage` takes it, or a storage. Default: memory. */
  readonly storage?: string | Storage;
  /** The source of proposals. Default: TPE. */
  readonly sampler?: Sampler;
  /** The rule that ends hopeless trials early. Default: none. */
  readonly pruner?: Pruner;
  /** Seed of all randomness. Default: the study's, or 0 for a new one. */
  readonly seed?: number;
  /** Signs of life of workers, by which others notice their death. Default: every 30 s, dead after 120 s without. */
  readonly heartbeat?: HeartbeatOptions;
}

/** Options of `createStudy`. */
export interface NewStudyOptions extends StudyOptions {
  /** The better direction of the value. Default "minimize". */
  readonly direction?: Direction;
  /** The better direction of each objective, in place of `direction`. Default: one objective. */
  readonly directions?: readonly Direction[];
}

const STUDY_OPTIONS = ["name", "storage", "sampler", "pruner", "seed", "heartbeat"];

function checkedName({ name = "study" }: StudyOptions): string {
  if (typeof name === "string" && name !== "") return name;
  throw new FoveaError("wrong-type", `expected a study's name as text, received ${shown(name)}`);
}

/**
 * Makes a study, or opens the study with this name and continues it.
 * @throws FoveaError when the one that exists has other directions or another seed.
 * @example
 * const study = await createStudy({ name: "cnn", direction: "maximize", storage: "journal://cnn.log", seed: 1 });
 */
export async function createStudy(options: NewStudyOptions = {}): Promise<Study> {
  checkOptions("createStudy", options, [...STUDY_OPTIONS, "direction", "directions"]);
  const { direction = "minimize", directions = [direction] } = options;
  const name = checkedName(options);
  if (!Array.isArray(directions))
    throw new FoveaError("wrong-type", `study "${name}": expected directions as a list, received ${shown(directions)}`);
  if (directions.length === 0)
    throw new FoveaError("empty-input", `study "${name}": expected at least one direction, received none`);
  for (const goal of directions) oneOf(`study "${name}": direction`, goal, ["minimize", "maximize"]);
  const asked = options.directions ?? (options.direction === undefined ? undefined : [options.direction]);
  return withStorage(options, async (storage) => {
    const existing = await find(storage, name);
    if (existing !== undefined && asked !== undefined && asked.join() !== existing.directions.join())
      throw new FoveaError(
        "record-mismatch",
        `study "${name}": it exists with ${existing.directions.join(", ")}, now ${asked.join(", ")} was passed; choose another name`,
      );
    if (existing !== undefined) return open(storage, existing, options);
    const created = await createOrFind(storage, name, directions);
    const study = await open(storage, created, options);
    if (created.systemAttributes[SEED] === undefined)
      await storage.setStudyAttribute(created.id, "system", SEED, study.seed);
    return study;
  });
}

async function createOrFind(storage: Storage, name: string, directions: readonly Direction[]): Promise<StudyRecord> {
  try {
    return await storage.createStudy(name, directions);
  } catch (error) {
    // Another process may have been a moment quicker.
    const existing = await find(storage, name);
    if (existing !== undefined) return existing;
    throw error;
  }
}

/**
 * Opens a study that exists.
 * @throws FoveaError that lists the studies there are when it does not.
 * @example
 * const storage = await openStorage("memory://");
 * await createStudy({ name: "first", storage });
 * const study = await loadStudy({ name: "first", storage });
 */
export async function loadStudy(options: StudyOptions): Promise<Study> {
  checkOptions("loadStudy", options, STUDY_OPTIONS);
  const name = checkedName(options);
  return withStorage(options, async (storage) => {
    const studies = await storage.studies();
    const existing = studies.find((study) => study.name === name);
    if (existing !== undefined) return open(storage, existing, options);
    const names = studies.map((study) => `"${study.name}"`);
    throw new FoveaError(
      "unknown-entry",
      `study "${name}": it is not in this storage, which has ${names.length === 0 ? "no studies" : names.join(", ")}`,
    );
  });
}

/** Does `work` in the storage that is meant. One that was opened here is closed again when there is no study. */
async function withStorage(
  { storage, seed, sampler, pruner }: StudyOptions,
  work: (storage: Storage) => Promise<Study>,
): Promise<Study> {
  // Before anything is written: a study keeps its seed for good.
  if (seed !== undefined) keyOf(seed);
  if (storage !== undefined && typeof storage !== "string")
    having("storage", "a URL or a storage that was opened", storage, "createTrial");
  if (sampler !== undefined) having("sampler", "a sampler such as tpeSampler()", sampler, "propose");
  if (pruner !== undefined) having("pruner", "a pruner such as medianPruner()", pruner, "shouldPrune");
  if (storage === undefined) return work(new MemoryStorage());
  if (typeof storage !== "string") return work(storage);
  const opened = await openStorage(storage);
  try {
    return await work(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

const find = async (storage: Storage, name: string): Promise<StudyRecord | undefined> =>
  (await storage.studies()).find((study) => study.name === name);

async function open(storage: Storage, record: StudyRecord, options: StudyOptions): Promise<Study> {
  const known = record.systemAttributes[SEED];
  if (known !== undefined && options.seed !== undefined && known !== options.seed)
    throw new FoveaError(
      "record-mismatch",
      `study "${record.name}": it was begun with seed ${String(known)}, now ${options.seed} was passed; leave the seed out to continue it`,
    );
  const seed = options.seed ?? (typeof known === "number" ? known : 0);
  return Study.open(record, {
    storage,
    sampler: options.sampler ?? tpeSampler(),
    pruner: options.pruner ?? nopPruner(),
    seed,
    seedIsKept: known !== undefined,
    heartbeat: options.heartbeat ?? {},
  });
}
