// The lock of a file that several programs append to: a link `FILE.lock` whose making fails while it is there, as Optuna's
// journal has it, so that both keep out of each other's way, on network drives too. The link leads to an empty file whose name
// carries the process that holds it: the lock of a process of this machine that has ended is removed at once, and that of a
// living one never. Locks of other programs and machines count as abandoned once they stay unchanged for a while.
import { explained } from "./files.js";
import { hasEnded, ownerOfTemporary, temporaryIn, thisOwner } from "./leftovers.js";
import { removeGuarded } from "./locks.js";
import { nodeModule } from "./node.js";
import { baseName, joinPath, parentFolder } from "./paths.js";

/** Milliseconds between two looks at a lock. */
const LONGEST_PAUSE = 200;

type Fs = typeof import("node:fs/promises");

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? "";
const pause = (milliseconds: number): Promise<void> => new Promise((resume) => setTimeout(resume, milliseconds));

/** The lock of one log in this process. */
export class LogLock {
  readonly #path: string;
  readonly #folder: string;
  readonly #grace: number;
  /** Name of the file that this process's lock leads to, while it holds the lock. */
  #sign: string | undefined;

  /**
   * @param log path of the file that is locked
   * @param grace seconds after which an unchanged lock of another machine or program counts as abandoned
   */
  constructor(log: string, grace: number) {
    this.#path = `${log}.lock`;
    this.#folder = parentFolder(log);
    this.#grace = grace;
  }

  /** Waits for the lock and takes it. */
  acquire(): Promise<void> {
    return explained("lock", this.#path, async () => {
      const fs = await nodeModule<Fs>("fs/promises");
      const sign = await temporaryIn(this.#folder);
      await this.#wait(fs, baseName(sign));
      this.#sign = baseName(sign);
      try {
        // After the link, so that processes that are killed while they wait leave nothing.
        await (await fs.open(sign, "w")).close();
      } catch (error) {
        await this.release();
        throw error;
      }
    });
  }

  /** Gives the lock back. While a machine slept another process may have taken it for an abandoned one: then that one keeps it. */
  async release(): Promise<void> {
    const fs = await nodeModule<Fs>("fs/promises");
    const sign = this.#sign;
    if (sign === undefined) return;
    this.#sign = undefined;
    await this.#removeIf(fs, async () => (await signOf(fs, this.#path)) === sign);
    await fs.rm(joinPath(this.#folder, sign), { force: true });
  }

  async #wait(fs: Fs, sign: string): Promise<void> {
    let seen: string | undefined;
    let since = performance.now();
    for (let wait = 1; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      if (await tryLink(fs, this.#path, sign)) return;
      const mark = await markOf(fs, this.#path);
      const holder = await signOf(fs, this.#path);
      const owner = holder === undefined ? undefined : ownerOfTemporary(holder);
      const isKnown = owner !== undefined && mark !== undefined;
      if (isKnown && (await hasEnded(owner, mark.time))) {
        await this.#removeIf(fs, async () => (await signOf(fs, this.#path)) === holder);
        await fs.rm(joinPath(this.#folder, holder!), { force: true });
        continue;
      }
      if (mark?.text !== seen || (isKnown && owner.machine === (await thisOwner()).machine)) {
        seen = mark?.text;
        since = performance.now();
      } else if (performance.now() - since > this.#grace * 1000)
        await this.#removeIf(fs, async () => (await markOf(fs, this.#path))?.text === seen);
      await pause(wait);
    }
  }

  /** Removes the lock while it is the meant one, in turn with other processes that try so. */
  async #removeIf(fs: Fs, isMeant: () => Promise<boolean>): Promise<void> {
    while ((await isMeant()) && !(await removeGuarded(fs, this.#path, isMeant))) await pause(1);
  }
}

/** Makes the lock. @returns false while there is another */
async function tryLink(fs: Fs, lock: string, sign: string): Promise<boolean> {
  try {
    await fs.symlink(sign, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // Windows lets only some users make links; a file of that name locks as well.
    if (codeOf(error) !== "EPERM") throw error;
  }
  try {
    await fs.writeFile(lock, sign, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Name of the file that a lock leads to; undefined while there is no lock. */
async function signOf(fs: Fs, lock: string): Promise<string | undefined> {
  try {
    return await fs.readlink(lock);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
  }
  // Not a link: its text is the name.
  return fs.readFile(lock, "utf8").catch(() => undefined);
}

interface Mark {
  /** Tells one lock from the next of the same name. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const markOf = (fs: Fs, lock: string): Promise<Mark | undefined> =>
  fs.lstat(lock, { bigint: true }).then(
    ({ ino, mtimeNs, mtimeMs }) => ({ text: `${ino} ${mtimeNs}`, time: Number(mtimeMs) }),
    () => undefined,
  );
