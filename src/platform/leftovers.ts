// Files and folders that a process is still writing, and leftovers of processes that were killed. A temporary name
// carries its process, so that the next process that writes into the same folder can tell leftovers from files in
// progress. files.ts and folders.ts write the contents.
import { toHex } from "../core/hex.js";
import { isNode, nodeModule } from "./node.js";
import { joinPath } from "./paths.js";
import { isProcessAlive } from "./processes.js";

type Fs = typeof import("node:fs/promises");

/** A process, as temporary names and locks carry it. */
export interface Owner {
  /** Eight hexadecimal digits of the computer: its name, system and, on Linux, process namespace. */
  readonly machine: string;
  readonly pid: number;
  /** Eight hexadecimal digits of the process's start, which the next process of that number does not share. */
  readonly start?: string;
}

const HOUR = 3_600_000;
/** Age after which another machine's process counts as ended; living holders of locks touch these more often. */
const OTHER_MACHINE = 24 * HOUR;
/** Clocks are set while processes run; by a day and more they hardly ever are. */
const CLOCK_STEP = 24 * HOUR;

const TEMPORARY = /^\.fovea-([0-9a-f]{8})-(\d+)(?:-([0-9a-f]{8}))?-[0-9a-f]{8}\.tmp$/;
/** A folder that is being replaced: its name is within. */
const SET_ASIDE = /^\.(.+)\.fovea-([0-9a-f]{8})-(\d+)(?:-([0-9a-f]{8}))?-[0-9a-f]{8}\.old$/;

let owner: Promise<Owner> | undefined;

/** This process. */
export function thisOwner(): Promise<Owner> {
  owner ??= findOwner();
  return owner;
}

async function findOwner(): Promise<Owner> {
  const { hostname } = await nodeModule<typeof import("node:os")>("os");
  const { readlinkSync } = await nodeModule<typeof import("node:fs")>("fs");
  let namespace = "";
  try {
    // Containers may share a name and a disk; their process numbers have nothing to do with each other.
    if (process.platform === "linux") namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // A system without /proc: name and platform have to do.
  }
  const machine = await digits(`${hostname()}\n${process.platform}\n${namespace}`);
  const start = await startOf(process.pid);
  return { machine, pid: process.pid, ...(start !== undefined && { start }) };
}

const digits = async (text: string): Promise<string> => {
  const { createHash } = await nodeModule<typeof import("node:crypto")>("crypto");
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
};

/**
 * The start of a living process: hashed from the boot of the machine and the clock ticks since then, neither of which
 * changes while a machine sleeps or a clock is set. Undefined where the system does not tell; "" for a process that has
 * ended and that nobody has buried.
 */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const { readFileSync } = await nodeModule<typeof import("node:fs")>("fs");
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc_pid_stat(5): the name, field 2, may have spaces and parentheses in it; the state is field 3, the start field 22.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return "";
    return /^\d+$/.test(fields[19] ?? "") ? await digits(`${boot}\n${fields[19]}`) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks whether the process that wrote something has ended. The system knows the processes of this machine and, on Linux,
 * when each started; elsewhere a machine that started a day after `writtenAt` has given the number again. A process of
 * another machine counts as ended after a day.
 * @param writtenAt milliseconds since 1970
 */
export async function hasEnded({ machine, pid, start }: Owner, writtenAt: number): Promise<boolean> {
  const now = Date.now();
  if (machine !== (await thisOwner()).machine) return now - writtenAt > OTHER_MACHINE;
  if (!isProcessAlive(pid)) return true;
  const known = await startOf(pid);
  if (known === "") return true;
  if (start !== undefined && known !== undefined) return start !== known;
  const { uptime } = await nodeModule<typeof import("node:os")>("os");
  return writtenAt < now - uptime() * 1000 - CLOCK_STEP;
}

/** The process that a temporary name carries; undefined for other names. */
export function ownerOfTemporary(name: string): Owner | undefined {
  const [, machine, pid, start] = TEMPORARY.exec(name) ?? [];
  return machine === undefined ? undefined : { machine, pid: Number(pid), ...(start !== undefined && { start }) };
}

/** Checks whether a name is that of a file or folder that is being written. */
export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

const randomPart = (): string => toHex(globalThis.crypto.getRandomValues(new Uint8Array(4)));

const ownerPart = async (): Promise<string> => {
  const { machine, pid, start } = await thisOwner();
  return ["fovea", machine, pid, ...(start === undefined ? [] : [start]), randomPart()].join("-");
};

/** Name in `folder` for a file or folder that has no name of its own yet. */
export const temporaryIn = async (folder: string): Promise<string> => joinPath(folder, `.${await ownerPart()}.tmp`);

/** The name under which the folder `name` in `parent` waits while another takes its place. */
export const setAsideIn = async (parent: string, name: string): Promise<string> =>
  joinPath(parent, `.${name}.${await ownerPart()}.old`);

const swept = new Set<string>();

/** `sweepLeftovers`, once in the life of this process. */
export async function sweepOnce(folder: string): Promise<void> {
  if (!isNode || swept.has(folder)) return;
  swept.add(folder);
  await sweepLeftovers(folder);
}

/**
 * Removes leftovers of ended processes from a folder, and gives a folder its name back that such a process had set
 * aside and not replaced. Files that cannot be removed stay, for nobody waits for them.
 */
export async function sweepLeftovers(folder: string): Promise<void> {
  const fs = await nodeModule<Fs>("fs/promises");
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const temporary = TEMPORARY.exec(name);
    const aside = temporary === null ? SET_ASIDE.exec(name) : null;
    if (temporary === null && aside === null) continue;
    const path = joinPath(folder, name);
    const [machine = "", pid, start] = temporary?.slice(1) ?? aside!.slice(2);
    try {
      const { mtimeMs, ctimeMs } = await fs.lstat(path);
      const by: Owner = { machine, pid: Number(pid), ...(start !== undefined && { start }) };
      if (!(await hasEnded(by, Math.max(mtimeMs, ctimeMs)))) continue;
      if (aside === null) await fs.rm(path, { recursive: true, force: true });
      else await clearSetAside(path, joinPath(folder, aside[1]!));
    } catch {
      // Another process was quicker, or the system keeps it.
    }
  }
}

/** The note in a folder that is set aside. */
interface Noted {
  /** Names of the files that go with the folder; all others are somebody else's. */
  readonly parts: readonly string[];
  /** Name of the file that the new folder has once it is there. */
  readonly sign: string;
}

/** Writes the note into a folder that is about to be set aside. @returns its path */
export async function noteParts(folder: string, parts: readonly string[], sign: string): Promise<string> {
  const path = await temporaryIn(folder);
  const fs = await nodeModule<Fs>("fs/promises");
  await fs.writeFile(path, JSON.stringify({ parts, sign } satisfies Noted), { flag: "wx" });
  return path;
}

/**
 * Ends the wait of a folder that was set aside: it gets its name back where no folder has it now; else its noted parts
 * are removed, and files that somebody put there meanwhile move into the new folder. Those that have no room there stay.
 */
export async function clearSetAside(aside: string, original: string): Promise<void> {
  const fs = await nodeModule<Fs>("fs/promises");
  const noted = await notedParts(fs, aside);
  if (await isMissing(fs, original)) {
    await fs.rename(aside, original);
    if (noted !== undefined) await fs.rm(joinPath(original, noted.note), { force: true });
    return;
  }
  if (noted === undefined) return;
  // A folder that somebody else made has nothing of the set, which comes back then.
  const isReplaced = !(await isMissing(fs, joinPath(original, noted.sign)));
  for (const name of await fs.readdir(aside)) {
    const [from, to] = [joinPath(aside, name), joinPath(original, name)];
    if (name === noted.note) continue;
    // A part that has become a folder is none any more.
    if (isReplaced && noted.parts.includes(name) && !(await fs.lstat(from)).isDirectory())
      await fs.rm(from, { force: true });
    else if (await isMissing(fs, to)) await fs.rename(from, to);
  }
  if ((await fs.readdir(aside)).length > 1) return;
  await fs.rm(joinPath(aside, noted.note), { force: true });
  await fs.rmdir(aside);
}

async function notedParts(fs: Fs, folder: string): Promise<(Noted & { readonly note: string }) | undefined> {
  for (const note of (await fs.readdir(folder)).filter(isTemporary)) {
    try {
      const text = await fs.readFile(joinPath(folder, note), "utf8");
      const { parts, sign } = JSON.parse(text) as Partial<Record<keyof Noted, unknown>>;
      if (Array.isArray(parts) && parts.every((name) => typeof name === "string") && typeof sign === "string")
        return { note, parts, sign };
    } catch {
      // Another temporary file.
    }
  }
  return undefined;
}

const isMissing = (fs: Fs, path: string): Promise<boolean> =>
  fs.lstat(path).then(
    () => false,
    () => true,
  );
