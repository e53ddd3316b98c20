// Starts the Studio for the command line: a workbench on this machine's disk, its server, and the address to open.
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { RunFolder, recipeOf } from "fovea/experiment";
import { Workbench } from "../workbench/workbench.js";
import { nodeDisk } from "./node-disk.js";
import { type StudioServer, startServer } from "./server.js";

export interface StudioOptions {
  /** Path of a folder, manifest, run, study or model to open at once. */
  readonly path?: string | undefined;
  readonly port?: number | undefined;
  readonly threads?: number | undefined;
  /** The random word of the first address; for tests. */
  readonly token?: string | undefined;
  /** The folder that runs and generated sets go to. Default: the current one. */
  readonly home?: string | undefined;
  /** The most bytes of an archive that a page brings; for tests. */
  readonly uploadLimit?: number | undefined;
  /** Share of the images of a generated set that is drawn; for tests. Default: 1. */
  readonly setShare?: number | undefined;
}

/** @throws FoveaError for a path that cannot be opened, Error for a port that is taken */
export async function startStudio(options: StudioOptions = {}): Promise<StudioServer> {
  const { path, port, threads, token, home = process.cwd(), uploadLimit, setShare } = options;
  const open = path === undefined ? undefined : resolve(path);
  const roots = [home, ...(open === undefined ? [] : [await folderOf(open), ...(await dataOfRun(open, home))])];
  const disk = await nodeDisk(roots, resolve(home), setShare);
  const workbench = new Workbench({ place: "local", disk, open, threads, memory: () => process.memoryUsage.rss() });
  const server = await workbench
    .start()
    .then(() => startServer({ workbench, port, token, uploadLimit }))
    .catch(async (error: unknown) => {
      await workbench.close();
      throw error;
    });
  return {
    ...server,
    close: async () => {
      await server.close();
      await workbench.close();
    },
  };
}

/** The path itself where it is a folder, else the folder it lies in. */
const folderOf = async (path: string): Promise<string> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ? path : dirname(path);

/** The folders around the data of a run: whoever opens it from the command line opens these as well. */
async function dataOfRun(path: string, home: string): Promise<string[]> {
  if ((await stat(join(path, "recipe.json")).catch(() => undefined)) === undefined) return [];
  const { data } = await recipeOf(await RunFolder.open(path));
  const parts = [data.train, data.validation, data.test].flatMap((part) =>
    part === undefined ? [] : [resolve(home, part.path)],
  );
  const [first = home] = parts;
  const around = parts.length === 1 ? [await folderOf(first)] : parts.map((part) => dirname(part));
  const there = await Promise.all(around.map((folder) => stat(folder).catch(() => undefined)));
  // Never the whole disk.
  return around.filter((folder, at) => there[at] !== undefined && dirname(folder) !== folder);
}
