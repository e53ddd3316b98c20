// A file that only grows, line by line, shared by processes: reading from where one left off, and appending under a
// lock. The lock is a link `FILE.lock` whose making fails while it is there, as Optuna's journal has it, so that both
// keep out of each other's way, on network drives too.
import { FoveaError } from "../core/errors.js";
import { explained, readAll, writeAll } from "./files.js";
import { nodeModule } from "./node.js";

/** A lock that stayed unchanged for so many seconds was left by somebody who died. As Optuna has it. */
const LOCK_GRACE = 30;
/** Milliseconds between two looks at a lock. */
const LONGEST_PAUSE = 200;

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? "";
const pause = (milliseconds: number): Promise<void> => new Promise((resume) => setTimeout(resume, milliseconds));

export class AppendLog {
  readonly path: string;
  readonly #fs: typeof import("node:fs/promises");
  readonly #lockGrace: number;
  /** The lock while this process holds it, as `#mark` tells it. */
  #held: string | undefined;

  private constructor(path: string, fs: typeof import("node:fs/promises"), lockGrace: number) {
    this.path = path;
    this.#fs = fs;
    this.#lockGrace = lockGrace;
  }

  /**
   * Opens the file; makes an empty one when there is none.
   * @param readOnly asks for no right to write, and makes nothing: what comes after the last line break is then ignored
   */
  static async open(path: string, lockGrace = LOCK_GRACE, readOnly = false): Promise<AppendLog> {
    const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
    return explained("open", path, async () => {
      await (await fs.open(path, readOnly ? "r" : "a")).close();
      return new AppendLog(path, fs, lockGrace);
    });
  }

  /** The first bytes of the file, at most `length` of them. */
  head(length: number): Promise<Uint8Array> {
    return explained("read", this.path, async () => {
      const file = await this.#fs.open(this.path, "r");
      try {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, await readAll(file, bytes, 0));
      } finally {
        await file.close();
      }
    });
  }

  /** The whole lines that begin at byte `from`: what follows the last line break is not there yet. */
  readLines(from: number): Promise<Uint8Array> {
    return explained("read", this.path, async () => {
      const file = await this.#fs.open(this.path, "r");
      try {
        const { size } = await file.stat();
        if (size < from)
          throw new FoveaError(`${this.path}: it became shorter while it was in use; open it again, or restore it`);
        const bytes = new Uint8Array(size - from);
        // Whole lines that a reader misses would be cut off by the next append.
        const filled = await readAll(file, bytes, from);
        return bytes.subarray(0, bytes.subarray(0, filled).lastIndexOf(10) + 1);
      } finally {
        await file.close();
      }
    });
  }

  /**
   * Appends whole lines after byte `at`, where the last whole line ends, and waits until the disk has them. A line
   * that somebody left torn behind `at` is cut off. Only under the lock.
   */
  append(lines: Uint8Array, at: number): Promise<void> {
    return explained("write", this.path, async () => {
      const file = await this.#fs.open(this.path, "r+");
      try {
        const { size } = await file.stat();
        if (size > at) await file.truncate(at);
        try {
          await writeAll(file, lines, at);
          await file.datasync();
        } catch (error) {
          await file.truncate(at);
          throw error;
        }
      } finally {
        await file.close();
      }
    });
  }

  /** Does `work` while no other process appends. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    await this.#lock();
    try {
      return await work();
    } finally {
      // While a machine slept another process may have taken the lock for an abandoned one, and hold its own.
      if (this.#held !== undefined && (await this.#mark()) === this.#held) await this.#unlock();
      this.#held = undefined;
    }
  }

  /** Tells one lock from the next of the same name; undefined while there is none. */
  #mark(): Promise<string | undefined> {
    return this.#fs.lstat(`${this.path}.lock`, { bigint: true }).then(
      ({ ino, mtimeNs }) => `${ino} ${mtimeNs}`,
      () => undefined,
    );
  }

  async #lock(): Promise<void> {
    let seen: string | undefined;
    let since = performance.now();
    for (let wait = 1; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      if (await this.#tryLock()) {
        this.#held = await this.#mark();
        return;
      }
      const changed = await this.#mark();
      if (changed !== seen) {
        seen = changed;
        since = performance.now();
      } else if (performance.now() - since > this.#lockGrace * 1000) await this.#unlock();
      await pause(wait);
    }
  }

  async #tryLock(): Promise<boolean> {
    try {
      await this.#fs.symlink(this.path, `${this.path}.lock`);
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      // Windows lets only some users make links; a file of that name locks as well.
      if (codeOf(error) !== "EPERM") return explained("lock", this.path, () => Promise.reject(error));
    }
    try {
      await (await this.#fs.open(`${this.path}.lock`, "wx")).close();
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      return explained("lock", this.path, () => Promise.reject(error));
    }
  }

  /** Renamed first, so that of two who find the lock abandoned only one removes it. */
  async #unlock(): Promise<void> {
    const mine = `${this.path}.lock${globalThis.crypto.randomUUID()}.rename`;
    try {
      await this.#fs.rename(`${this.path}.lock`, mine);
      await this.#fs.unlink(mine);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
}
