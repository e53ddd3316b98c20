// The folder of a run: which files are in it, and how they are written, whole or not at all. What they mean is for
// others to say.
import { FoveaError } from "../../core/errors.js";
import { isEventFile } from "../../formats/run/tensorboard.js";
import { type Callback, csvLogger } from "../../nn/index.js";
import {
  claimDirectory,
  exists,
  listDirectory,
  makeDirectory,
  readBytes,
  readText,
  removeEmptyDirectory,
  removeFile,
  stat,
  writeAtomic,
} from "../../platform/files.js";
import { replaceFiles } from "../../platform/folders.js";
import { isTemporary, sweepLeftovers } from "../../platform/leftovers.js";
import { describeHolder, isLock, type Lock, tryLock } from "../../platform/locks.js";
import { joinPath } from "../../platform/paths.js";

/** The names of a run's files. */
export const RUN_FILES = {
  recipe: "recipe.json",
  checkpoint: "checkpoint.safetensors",
  history: "history.csv",
  model: "model.keras",
  metrics: "metrics.json",
  images: "images.json",
  facts: "facts.json",
  report: "report.html",
} as const;
export type RunFile = keyof typeof RUN_FILES;

/** Writes a file whole or not at all; a test may pass one that fails. */
export type WriteFile = (path: string, content: Uint8Array | string) => Promise<void>;

/** The file that the process at work on a run holds. */
const LOCK = ".fovea-lock";
/** Temporary files of a run as Fovea named them before they said whose they are. */
const OLD_TEMPORARY = /^\.(?:recipe|checkpoint|history|model|metrics|images|facts|report)\.[a-z]+\.\d+-\d+\.tmp$/;
/** The file that names the charts which the run has drawn; others in their folder are somebody else's. */
const DRAWN = ".drawn.json";

export class RunFolder {
  #lock: Lock | undefined;

  constructor(
    readonly path: string,
    readonly write: WriteFile = writeAtomic,
  ) {}

  /**
   * A folder for a new run, claimed for this process until `release`.
   * @throws FoveaError when something is there already, or another process has claimed it.
   */
  static async create(path: string, write?: WriteFile): Promise<RunFolder> {
    await RunFolder.checkFree(path);
    await makeDirectory(path);
    const run = new RunFolder(path, write);
    await run.claim();
    try {
      // An earlier holder of the claim may have put something there since the first check.
      await RunFolder.checkFree(path);
      return run;
    } catch (error) {
      await run.release();
      throw error;
    }
  }

  /** @throws FoveaError unless `path` is free or an empty folder. */
  static async checkFree(path: string): Promise<void> {
    const facts = await stat(path);
    if (facts === undefined) return;
    const isFree = facts.isDirectory && (await listDirectory(path)).every(({ name }) => isUnfinished(name));
    if (!isFree)
      throw new FoveaError(`${path} exists already; choose another folder with --out, or go on with --resume ${path}`);
  }

  /**
   * Claims the run for this process, which alone may train it, and removes what a killed one was in the middle of
   * writing.
   * @throws FoveaError when another process, or another training of this one, is at work on it.
   */
  async claim(): Promise<void> {
    const result = await tryLock(joinPath(this.path, LOCK));
    if (!isLock(result))
      throw new FoveaError(
        `${this.path} is being trained by ${await describeHolder(result)}; wait until that ends, or choose another ` +
          `folder (if there is no such process, remove ${joinPath(this.path, LOCK)})`,
      );
    this.#lock = result;
    await this.#sweep();
  }

  /** Gives the claim back. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  /** The folder of an earlier run. @throws FoveaError when it is none. */
  static async open(path: string, write?: WriteFile): Promise<RunFolder> {
    const run = new RunFolder(path, write);
    if (!(await run.has("recipe")))
      throw new FoveaError(`${path} is not the folder of a run: expected ${RUN_FILES.recipe} in it, as train makes it`);
    return run;
  }

  /** Makes the first of `base-1`, `base-2`, ... that is not there; no two processes get the same. */
  static async freeName(base: string): Promise<string> {
    for (let n = 1; ; n++) if (await claimDirectory(`${base}-${n}`)) return `${base}-${n}`;
  }

  file(which: RunFile): string {
    return joinPath(this.path, RUN_FILES[which]);
  }
  has(which: RunFile): Promise<boolean> {
    return exists(this.file(which));
  }
  bytes(which: RunFile): Promise<Uint8Array> {
    return readBytes(this.file(which));
  }
  text(which: RunFile): Promise<string> {
    return readText(this.file(which));
  }
  save(which: RunFile, content: Uint8Array | string): Promise<void> {
    return this.write(this.file(which), content);
  }
  /** A callback that writes history.csv. */
  historyLogger(): Callback {
    return csvLogger(this.file("history"), { write: this.write });
  }
  /** Writes `charts/NAME.svg` for each in place of those of before, all of them or none. @returns their paths. */
  async saveCharts(charts: readonly { readonly name: string; readonly svg: string }[]): Promise<string[]> {
    const folder = joinPath(this.path, "charts");
    const drawn = new Map(charts.map(({ name, svg }) => [`${name}.svg`, svg]));
    const names = [...drawn.keys()];
    const files = new Map([...drawn, [DRAWN, `${JSON.stringify(names)}\n`]]);
    await replaceFiles(folder, { files, older: drawnBefore, write: this.write });
    return names.map((name) => joinPath(folder, name));
  }
  async #sweep(): Promise<void> {
    await sweepLeftovers(this.path);
    const entries = await listDirectory(this.path);
    const left = entries.filter(({ name, isDirectory }) => !isDirectory && OLD_TEMPORARY.test(name));
    for (const { name } of left) await removeFile(joinPath(this.path, name));
  }
  /**
   * Removes what the run wrote before its first checkpoint, gives the claim back, and removes the folder unless somebody
   * has put something else there.
   */
  async discard(): Promise<void> {
    for (const which of ["recipe", "history"] as const) await removeFile(this.file(which));
    const validation = joinPath(this.path, VALIDATION);
    for (const folder of [validation, this.path])
      for (const { name, isDirectory } of (await exists(folder)) ? await listDirectory(folder) : [])
        if (!isDirectory && isEventFile(name)) await removeFile(joinPath(folder, name));
    await removeEmptyDirectory(validation);
    await this.release();
    await removeEmptyDirectory(this.path);
  }
}

/** Folder of the events of validation. */
export const VALIDATION = "validation";

/** The charts that the run has drawn into a folder, by its own list. */
async function drawnBefore(folder: string): Promise<string[]> {
  const path = joinPath(folder, DRAWN);
  if (!(await exists(path))) return [];
  try {
    const names: unknown = JSON.parse(await readText(path));
    return Array.isArray(names) ? [DRAWN, ...names.filter((name) => /^[\w-]+\.svg$/.test(String(name)))] : [DRAWN];
  } catch (error) {
    if (error instanceof SyntaxError) return [DRAWN];
    throw error;
  }
}

/** Tells whether a name is a lock or a temporary file: a folder with nothing else in it has no run yet. */
const isUnfinished = (name: string): boolean =>
  name === LOCK || name === `${LOCK}.break` || isTemporary(name) || OLD_TEMPORARY.test(name);
