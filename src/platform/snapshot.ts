// Copies of files that belong together, all as they were at one moment, in a temporary folder: what reading a database
// takes that others may be writing, or that nobody may write.
import { FoveaError } from "../core/errors.js";
import { explained } from "./files.js";
import { nodeModule } from "./node.js";
import { baseName, joinPath } from "./paths.js";

export interface Snapshot {
  /** The copy of the first file; those of the others lie beside it under their own names. */
  readonly path: string;
  /** Removes the copies. */
  remove(): Promise<void>;
}

const ATTEMPTS = 20;
/** Milliseconds before the next attempt. */
const PAUSE = 25;

/**
 * Copies a file and those of `besides` that exist.
 * @throws FoveaError when they cannot be read, there is no room, or they change all the time
 */
export function snapshotOf(file: string, besides: readonly string[] = []): Promise<Snapshot> {
  return explained("copy", file, async () => {
    const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
    const { tmpdir } = await nodeModule<typeof import("node:os")>("os");
    const folder = await fs.mkdtemp(joinPath(tmpdir(), "fovea-"));
    const remove = (): Promise<void> => fs.rm(folder, { recursive: true, force: true });
    /** Changes whenever one of the files does. */
    const mark = async (): Promise<string> => {
      const facts = [file, ...besides].map((path) =>
        fs.stat(path, { bigint: true }).then(
          ({ ino, size, mtimeNs, ctimeNs }) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
          () => "",
        ),
      );
      return (await Promise.all(facts)).join("\n");
    };
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const before = await mark();
        for (const path of [file, ...besides]) {
          const copy = joinPath(folder, baseName(path));
          await fs.rm(copy, { force: true });
          try {
            await fs.copyFile(path, copy);
            await fs.chmod(copy, 0o600);
          } catch (error) {
            if (path === file || (error as { code?: string }).code !== "ENOENT") throw error;
          }
        }
        if ((await mark()) === before) return { path: joinPath(folder, baseName(file)), remove };
        await new Promise((resume) => setTimeout(resume, PAUSE));
      }
      throw new FoveaError(`${file}: it changes all the time and cannot be read from outside; try again in a moment`);
    } catch (error) {
      await remove();
      throw error;
    }
  });
}
