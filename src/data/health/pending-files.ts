// Paths as files that are read when their turn comes.
import { breather } from "../../platform/breather.js";
import { blockingFiles } from "../../platform/files.js";
import type { PendingFile } from "../decode-pool.js";

/** Files between two turns of others. */
const STEP = 32;

/**
 * Paths as files that are read when their turn comes, with their sizes; 0 for what is not there.
 * @param paths Paths of files.
 * @example const files = await pendingFiles(["photos/a.jpg", "photos/b.jpg"]);
 */
export async function pendingFiles(paths: readonly string[]): Promise<PendingFile[]> {
  const disk = await blockingFiles();
  const breathe = breather();
  const files: PendingFile[] = [];
  for (const path of paths) {
    files.push({ name: path, size: disk.stat(path)?.size ?? 0, source: path });
    if (files.length % STEP === 0) await breathe();
  }
  return files;
}
