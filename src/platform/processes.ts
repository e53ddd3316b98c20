// The identity of this process, and a check whether another process on the same machine is alive. For processes that
// share work through files or a database and must tell a busy process from a dead one.
import { isNode, nodeModule } from "./node.js";

/** A page is a machine of its own to others: nobody can look whether it is alive. */
const PAGE = `browser-${globalThis.crypto.randomUUID()}`;

/** The machine's name and the process's number; in a browser a name for this page alone, and 0. */
export async function thisProcess(): Promise<{ readonly host: string; readonly pid: number }> {
  if (!isNode) return { host: PAGE, pid: 0 };
  const os = await nodeModule<typeof import("node:os")>("os");
  return { host: os.hostname(), pid: process.pid };
}

/** Checks whether a process of this machine is alive. One that belongs to somebody else counts as alive. */
export function isProcessAlive(pid: number): boolean {
  if (!isNode) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
