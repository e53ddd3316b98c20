// The folder of a run: which files are in it, and how they are written, whole or not at all. What they mean is for
// others to say.
import { FoveaError } from "../core/errors.js";
import { type Callback, csvLogger } from "../nn/index.js";
import {
  exists,
  listDirectory,
  makeDirectory,
  readBytes,
  readText,
  removeDirectory,
  removeFile,
  stat,
  writeAtomic,
} from "../platform/files.js";
import { joinPath } from "../platform/paths.js";

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

export class RunFolder {
  constructor(
    readonly path: string,
    readonly write: WriteFile = writeAtomic,
  ) {}

  /** A folder for a new run. @throws FoveaError when something is there already. */
  static async create(path: string, write?: WriteFile): Promise<RunFolder> {
    await RunFolder.checkFree(path);
    await makeDirectory(path);
    return new RunFolder(path, write);
  }

  /** @throws FoveaError unless `path` is free or an empty folder. */
  static async checkFree(path: string): Promise<void> {
    const facts = await stat(path);
    if (facts === undefined) return;
    if (!facts.isDirectory || (await listDirectory(path)).length > 0)
      throw new FoveaError(`${path} exists already; choose another folder with --out, or go on with --resume ${path}`);
  }

  /** The folder of an earlier run. @throws FoveaError when it is none. */
  static async open(path: string, write?: WriteFile): Promise<RunFolder> {
    const run = new RunFolder(path, write);
    if (!(await run.has("recipe")))
      throw new FoveaError(`${path} is not the folder of a run: expected ${RUN_FILES.recipe} in it, as train makes it`);
    return run;
  }

  /** The first of `base-1`, `base-2`, ... that is free. */
  static async freeName(base: string): Promise<string> {
    for (let n = 1; ; n++) if (!(await exists(`${base}-${n}`))) return `${base}-${n}`;
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
  /** Writes `charts/NAME.svg`. @returns its path. */
  async saveChart(name: string, svg: string): Promise<string> {
    const charts = joinPath(this.path, "charts");
    await makeDirectory(charts);
    const path = joinPath(charts, `${name}.svg`);
    await this.write(path, svg);
    return path;
  }
  /** Removes what a killed process was in the middle of writing. */
  async sweep(): Promise<void> {
    const entries = await listDirectory(this.path);
    const left = entries.filter(({ name, isDirectory }) => !isDirectory && /^\..*\.tmp$/.test(name));
    for (const { name } of left) await removeFile(joinPath(this.path, name));
  }
  /** Removes the folder and all that is in it. */
  discard(): Promise<void> {
    return removeDirectory(this.path);
  }
}
