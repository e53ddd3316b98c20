// The folder of a run: its files, written whole or not at all. Other files define the contents.
import { FoveaError } from "../../core/errors.js";
import { isEventFile } from "../../formats/run/tensorboard.js";
import { type Callback, csvLogger } from "../../nn/index.js";
import { type Files, isHeld } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { isTemporary } from "../../platform/leftovers.js";
import type { Lock } from "../../platform/locks.js";
import { joinPath } from "../../platform/paths.js";

/** The names of a run's files. */
export const RUN_FILES = {
  recipe: "recipe.json",
  checkpoint: "checkpoint.safetensors",
  history: "history.csv",
  model: "model.keras",
  metrics: "metrics.json",
  images: "images.json",
  reference: "reference.json",
  facts: "facts.json",
  report: "report.html",
} as const;
export type RunFile = keyof typeof RUN_FILES;

/** Writes a file whole or not at all; a test may pass one that fails. */
export type WriteFile = (path: string, content: Uint8Array | string) => Promise<void>;

export interface FolderOptions {
  /** File system of the folder. Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
  /** Writer of its files. Default: that of `files`. */
  readonly write?: WriteFile;
}

/** The file that the process at work on a run holds. */
const LOCK = ".fovea-lock";
/** Temporary files of a run as Fovea named them before they said whose they are. */
const OLD_TEMPORARY = /^\.(?:recipe|checkpoint|history|model|metrics|images|facts|report)\.[a-z]+\.\d+-\d+\.tmp$/;
/** The file that names the charts which the run has drawn; others in their folder are somebody else's. */
const DRAWN = ".drawn.json";

/**
 * The folder of a run. Each file is written whole or not at all, and one process at a time may train in it.
 * @param path path of the folder
 * @example
 * const folder = await RunFolder.open("runs/pets");
 * if (await folder.has("report")) console.log(folder.file("report"), (await folder.text("history")).length);
 */
export class RunFolder {
  #lock: Lock | undefined;

  /** File system of the folder. */
  readonly files: Files;
  /** Writer of the run's files, which writes a file whole or not at all. */
  readonly write: WriteFile;

  constructor(
    readonly path: string,
    { files = filesHere, write = files.writeAtomic }: FolderOptions = {},
  ) {
    this.files = files;
    this.write = write;
  }

  /**
   * A folder for a new run, claimed for this process until `release`.
   * @param path path of the folder, made when absent
   * @throws FoveaError when something is there already, or another process has claimed it.
   */
  static async create(path: string, options: FolderOptions = {}): Promise<RunFolder> {
    const run = new RunFolder(path, options);
    const { files } = run;
    await RunFolder.checkFree(path, files);
    await files.makeDirectory(path);
    await run.claim();
    try {
      // An earlier holder of the claim may have put something there since the first check.
      await RunFolder.checkFree(path, files);
      return run;
    } catch (error) {
      await run.release();
      throw error;
    }
  }

  /**
   * Checks that a new run may be written.
   * @param path path of the folder
   * @param files file system that is looked at. Default: Node's disk, in a page the browser's private file system
   * @throws FoveaError unless `path` is free or an empty folder
   */
  static async checkFree(path: string, files: Files = filesHere): Promise<void> {
    const facts = await files.stat(path);
    if (facts === undefined) return;
    const isFree = facts.isDirectory && (await files.listDirectory(path)).every(({ name }) => isUnfinished(name));
    if (!isFree)
      throw new FoveaError(
        "already-exists",
        `${path} exists already; choose another folder with --out, or continue with --resume ${path}`,
      );
  }

  /**
   * Claims the run for this process, which alone may train it, and removes what a killed one was in the middle of
   * writing.
   * @throws FoveaError when another process, or another training of this one, is at work on it.
   */
  async claim(): Promise<void> {
    const result = await this.files.tryLock(joinPath(this.path, LOCK));
    if (isHeld(result))
      throw new FoveaError(
        "in-use",
        `${this.path} is being trained by ${result.heldBy}; wait until that ends, or choose another folder` +
          (result.remedy === undefined ? "" : ` (${result.remedy})`),
      );
    this.#lock = result;
    await this.#sweep();
  }

  /** Gives the claim back. */
  async release(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  /**
   * The folder of an earlier run, finished or not. It is not claimed.
   * @param path path of the folder
   * @throws FoveaError for a folder without a recipe
   */
  static async open(path: string, options: FolderOptions = {}): Promise<RunFolder> {
    const run = new RunFolder(path, options);
    if (!(await run.has("recipe")))
      throw new FoveaError(
        "unknown-format",
        `${path} is not the folder of a run: expected ${RUN_FILES.recipe} in it, as train makes it`,
      );
    return run;
  }

  /**
   * Makes the first of `base-1`, `base-2`, ... that is not there; no two processes get the same.
   * @param base beginning of the path
   * @param files file system in which it is made. Default: Node's disk, in a page the browser's private file system
   * @returns the path of the folder
   */
  static async freeName(base: string, files: Files = filesHere): Promise<string> {
    for (let n = 1; ; n++) if (await files.claimDirectory(`${base}-${n}`)) return `${base}-${n}`;
  }

  /**
   * Path of one of the run's files, written or not.
   * @param which key of the file in `RUN_FILES`
   */
  file(which: RunFile): string {
    return joinPath(this.path, RUN_FILES[which]);
  }
  /**
   * True where the run has written a file.
   * @param which key of the file in `RUN_FILES`
   */
  has(which: RunFile): Promise<boolean> {
    return this.files.exists(this.file(which));
  }
  /**
   * Reads one of the run's files.
   * @param which key of the file in `RUN_FILES`
   * @throws FoveaError for a file that is not there
   */
  bytes(which: RunFile): Promise<Uint8Array> {
    return this.files.readBytes(this.file(which));
  }
  /**
   * Reads one of the run's files as text.
   * @param which key of the file in `RUN_FILES`
   * @throws FoveaError for a file that is not there
   */
  text(which: RunFile): Promise<string> {
    return this.files.readText(this.file(which));
  }
  /**
   * Writes one of the run's files, whole or not at all.
   * @param which key of the file in `RUN_FILES`
   * @param content the whole content
   */
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
    const older = (where: string): Promise<string[]> => drawnBefore(this.files, where);
    await this.files.replaceFiles(folder, { files, older, write: this.write });
    return names.map((name) => joinPath(folder, name));
  }
  async #sweep(): Promise<void> {
    await this.files.sweepLeftovers(this.path);
    const entries = await this.files.listDirectory(this.path);
    const left = entries.filter(({ name, isDirectory }) => !isDirectory && OLD_TEMPORARY.test(name));
    for (const { name } of left) await this.files.removeFile(joinPath(this.path, name));
  }
  /**
   * Removes what the run wrote before its first checkpoint, gives the claim back, and removes the folder unless there
   * are other files in it.
   */
  async discard(): Promise<void> {
    for (const which of ["recipe", "history"] as const) await this.files.removeFile(this.file(which));
    const validation = joinPath(this.path, VALIDATION);
    for (const folder of [validation, this.path])
      for (const { name, isDirectory } of (await this.files.exists(folder))
        ? await this.files.listDirectory(folder)
        : [])
        if (!isDirectory && isEventFile(name)) await this.files.removeFile(joinPath(folder, name));
    await this.files.removeEmptyDirectory(validation);
    await this.release();
    await this.files.removeEmptyDirectory(this.path);
  }
}

/** Folder of the events of validation. */
export const VALIDATION = "validation";

/** The charts that the run has drawn into a folder, by its own list. */
async function drawnBefore(files: Files, folder: string): Promise<string[]> {
  const path = joinPath(folder, DRAWN);
  if (!(await files.exists(path))) return [];
  try {
    const names: unknown = JSON.parse(await files.readText(path));
    return Array.isArray(names) ? [DRAWN, ...names.filter((name) => /^[\w-]+\.svg$/.test(String(name)))] : [DRAWN];
  } catch (error) {
    if (error instanceof SyntaxError) return [DRAWN];
    throw error;
  }
}

/** Checks whether a name is a lock or a temporary file: a folder with nothing else in it has no run yet. */
const isUnfinished = (name: string): boolean =>
  name === LOCK || name === `${LOCK}.break` || isTemporary(name) || OLD_TEMPORARY.test(name);
