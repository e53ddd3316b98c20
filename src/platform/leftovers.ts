// Files and folders that a process is still writing, and what remains of those that were killed. A temporary name carries
// its process, so that whoever writes into the same folder next can tell the rubbish of the dead from the work of the
// living. What is written into them is files.ts's and folders.ts's business.
import { toHex } from "../core/hex.js";
import { isNode, nodeModule } from "./node.js";
import { joinPath } from "./paths.js";
import { isProcessAlive } from "./processes.js";

/** A process, as temporary names and locks carry it. */
export interface Owner {
  /** Eight hexadecimal digits of the computer: its name, system and, on Linux, process namespace. */
  readonly machine: string;
  readonly pid: number;
}

/** Age after which another machine's process counts as ended; living holders of locks touch these more often. */
const OTHER_MACHINE_HOURS = 24;
const HOUR = 3_600_000;
/** Clocks of disks and machines differ by moments. */
const TOLERANCE = 5000;

const TEMPORARY = /^\.fovea-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.tmp$/;
/** A folder that is being replaced: its name is within. */
const SET_ASIDE = /^\.(.+)\.fovea-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.old$/;

let owner: Promise<Owner> | undefined;

/** This process. */
export function thisOwner(): Promise<Owner> {
  owner ??= findOwner();
  return owner;
}

async function findOwner(): Promise<Owner> {
  const { hostname } = await nodeModule<typeof import("node:os")>("os");
  const { readlinkSync } = await nodeModule<typeof import("node:fs")>("fs");
  const { createHash } = await nodeModule<typeof import("node:crypto")>("crypto");
  let namespace = "";
  try {
    // Containers may share a name and a disk; their process numbers have nothing to do with each other.
    if (process.platform === "linux") namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // A system without /proc: name and platform have to do.
  }
  const machine = createHash("sha256").update(`${hostname()}\n${process.platform}\n${namespace}`).digest("hex");
  return { machine: machine.slice(0, 8), pid: process.pid };
}

/**
 * Tells whether the process that wrote something has ended. The system knows the processes of this machine; where
 * the machine (for this process: the process) started after `writtenAt`, the number was given again. A process of
 * another machine counts as ended after a day.
 * @param writtenAt milliseconds since 1970
 */
export async function hasEnded({ machine, pid }: Owner, writtenAt: number): Promise<boolean> {
  const now = Date.now();
  if (machine !== (await thisOwner()).machine) return now - writtenAt > OTHER_MACHINE_HOURS * HOUR;
  if (!isProcessAlive(pid)) return true;
  const { uptime } = await nodeModule<typeof import("node:os")>("os");
  const aliveFor = pid === process.pid ? process.uptime() : uptime();
  return writtenAt < now - aliveFor * 1000 - TOLERANCE;
}

/** Tells whether a name is that of a file or folder that is being written. */
export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

const randomPart = (): string => toHex(globalThis.crypto.getRandomValues(new Uint8Array(4)));

/** Name in `folder` for a file or folder that has no name of its own yet. */
export async function temporaryIn(folder: string): Promise<string> {
  const { machine, pid } = await thisOwner();
  return joinPath(folder, `.fovea-${machine}-${pid}-${randomPart()}.tmp`);
}

/** The name under which the folder `name` in `parent` waits while another takes its place. */
export async function setAsideIn(parent: string, name: string): Promise<string> {
  const { machine, pid } = await thisOwner();
  return joinPath(parent, `.${name}.fovea-${machine}-${pid}-${randomPart()}.old`);
}

const swept = new Set<string>();

/** `sweepLeftovers`, once in the life of this process. */
export async function sweepOnce(folder: string): Promise<void> {
  if (!isNode || swept.has(folder)) return;
  swept.add(folder);
  await sweepLeftovers(folder);
}

/**
 * Removes what processes that have ended left in a folder, and gives a folder its name back that one of them had set
 * aside without putting another in its place. What cannot be removed is left; nobody is waiting for it.
 */
export async function sweepLeftovers(folder: string): Promise<void> {
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const temporary = TEMPORARY.exec(name);
    const aside = SET_ASIDE.exec(name);
    if (temporary === null && aside === null) continue;
    const path = joinPath(folder, name);
    const [machine, pid] = temporary === null ? [aside![2]!, aside![3]!] : [temporary[1]!, temporary[2]!];
    try {
      const { mtimeMs, ctimeMs } = await fs.lstat(path);
      if (!(await hasEnded({ machine, pid: Number(pid) }, Math.max(mtimeMs, ctimeMs)))) continue;
      const original = aside && joinPath(folder, aside[1]!);
      if (original !== null && (await isMissing(fs, original))) await fs.rename(path, original);
      else await fs.rm(path, { recursive: true, force: true });
    } catch {
      // Another process was quicker, or the system keeps it.
    }
  }
}

const isMissing = (fs: typeof import("node:fs/promises"), path: string): Promise<boolean> =>
  fs.lstat(path).then(
    () => false,
    () => true,
  );
