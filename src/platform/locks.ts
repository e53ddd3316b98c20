// Locks between processes: a file that only one of them can make. It says whose it is, so that the lock of a process that
// was killed is taken away, and never that of a living one.
import { explained } from "./files.js";
import { hasEnded, type Owner, thisOwner } from "./leftovers.js";
import { nodeModule } from "./node.js";

/** A lock that is held. */
export interface Lock {
  /** Gives it back. */
  release(): Promise<void>;
}

/** The process that holds a lock. */
export interface Holder extends Owner {
  readonly host: string;
}

/** Milliseconds between two touches of a lock by its holder, which show other machines that the holder lives. */
const TOUCH_EVERY = 3_600_000;
/** A lock without an owner was left by a process that was killed while it wrote its name there. */
const NAMELESS_GRACE = 5000;
/** Milliseconds between two looks. */
const LONGEST_PAUSE = 250;

type Fs = typeof import("node:fs/promises");

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? "";

/** Takes a lock. @returns the lock, or its holder. The lock's folder must be there. */
export function tryLock(path: string): Promise<Lock | Holder> {
  return explained("lock", path, async () => {
    const fs = await nodeModule<Fs>("fs/promises");
    for (;;) {
      const lock = await make(fs, path);
      if (lock !== undefined) return lock;
      const holder = await holderOf(fs, path);
      if (holder === undefined) continue;
      if (holder.ended) await removeIf(fs, path, holder.text);
      else if (holder.pid !== 0) return holder;
      // Its holder is about to write its name there.
      else await new Promise((resume) => setTimeout(resume, 5));
    }
  });
}

export const isLock = (result: Lock | Holder): result is Lock => "release" in result;

/** Names a lock's holder in words: `process 4711`, or `process 4711 on HOST`. */
export async function describeHolder({ machine, pid, host }: Holder): Promise<string> {
  return machine === (await thisOwner()).machine ? `process ${pid}` : `process ${pid} on ${host}`;
}

/**
 * Does `work` while no other process does anything under the same lock, waiting for it as long as it takes.
 * @param onWait called once with the holder, when another process holds the lock
 */
export async function exclusively<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holder: Holder) => void = () => {},
): Promise<T> {
  for (let wait = 2, told = false; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    const result = await tryLock(path);
    if (isLock(result)) {
      try {
        return await work();
      } finally {
        await result.release();
      }
    }
    if (!told) onWait(result);
    told = true;
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

/** The content of a lock's file: its holder, and a word of this lock alone, by which the holder knows it again. */
interface Content extends Holder {
  readonly nonce?: string;
}

async function make(fs: Fs, path: string): Promise<Lock | undefined> {
  const { hostname } = await nodeModule<typeof import("node:os")>("os");
  const nonce = globalThis.crypto.randomUUID();
  const text = JSON.stringify({ ...(await thisOwner()), host: hostname(), nonce } satisfies Content);
  let file: import("node:fs/promises").FileHandle;
  try {
    file = await fs.open(path, "wx");
  } catch (error) {
    if (codeOf(error) === "EEXIST" || isBeingRemoved(error)) return undefined;
    throw error;
  }
  try {
    await file.writeFile(text);
  } catch (error) {
    await file.close();
    await fs.rm(path, { force: true });
    throw error;
  }
  await file.close();
  const isMine = async (): Promise<boolean> => (await textOf(fs, path)) === text;
  // A process that slept before it wrote its name may have been taken for a dead one.
  if (!(await isMine())) return undefined;
  const touch = async (): Promise<void> => {
    if (await isMine()) await fs.utimes(path, new Date(), new Date());
  };
  const touching = setInterval(() => void touch().catch(() => {}), TOUCH_EVERY);
  touching.unref();
  return {
    release: async () => {
      clearInterval(touching);
      while ((await isMine()) && !(await removeIf(fs, path, text)));
    },
  };
}

/** The text of a lock, or undefined when it is gone. */
const textOf = (fs: Fs, path: string): Promise<string | undefined> =>
  fs.readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });

/** Windows says so of a file that is being removed. */
const isBeingRemoved = (error: unknown): boolean => codeOf(error) === "EPERM" && process.platform === "win32";

type Found = Holder & { readonly ended: boolean; readonly text: string };

/** Reads a lock's text and holder; undefined when the lock is gone, or cannot be read just now. */
async function holderOf(fs: Fs, path: string): Promise<Found | undefined> {
  try {
    // Time and text of one file, whatever takes its name meanwhile.
    const file = await fs.open(path, "r");
    try {
      const { mtimeMs } = await file.stat();
      const text = await file.readFile("utf8");
      const holder = parsed(text);
      const ended = holder === undefined ? Date.now() - mtimeMs > NAMELESS_GRACE : await hasEnded(holder, mtimeMs);
      return { machine: "", pid: 0, host: "", ...holder, ended, text };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (["ENOENT", "EBUSY"].includes(codeOf(error)) || isBeingRemoved(error)) {
      await new Promise((resume) => setTimeout(resume, 2));
      return undefined;
    }
    throw error;
  }
}

function parsed(text: string): Holder | undefined {
  try {
    const { machine, pid, start, host } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>>;
    const isHolder = typeof machine === "string" && typeof pid === "number" && typeof host === "string";
    return isHolder ? { machine, pid, host, ...(typeof start === "string" && { start }) } : undefined;
  } catch {
    return undefined;
  }
}

/** Removes a lock while it has this text. @returns true where it was this process's turn */
const removeIf = (fs: Fs, path: string, text: string): Promise<boolean> =>
  removeGuarded(fs, path, async () => (await textOf(fs, path)) === text);

/**
 * Removes a lock while it is the meant one. Of several processes that try so only one may, or the second would remove the
 * lock that the first has made since; a second lock, held for moments, sees to that.
 * @returns true where it was this process's turn
 */
export async function removeGuarded(fs: Fs, path: string, isMeant: () => Promise<boolean>): Promise<boolean> {
  const guard = `${path}.break`;
  try {
    await (await fs.open(guard, "wx")).close();
  } catch (error) {
    // The folder was removed or has another name now, and the lock with it.
    if (codeOf(error) === "ENOENT") return true;
    if (codeOf(error) !== "EEXIST" && !isBeingRemoved(error)) throw error;
    const age = await fs.stat(guard).then(
      ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs),
      () => 0,
    );
    if (age > NAMELESS_GRACE) await fs.rm(guard, { force: true });
    await new Promise((resume) => setTimeout(resume, 5));
    return false;
  }
  try {
    if (await isMeant()) await fs.rm(path, { force: true, maxRetries: 5, retryDelay: 20 });
  } finally {
    await fs.rm(guard, { force: true, maxRetries: 5, retryDelay: 20 });
  }
  return true;
}
