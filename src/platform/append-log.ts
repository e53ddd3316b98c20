// A file that only grows, line by line, shared by processes: reading from where one left off, and appending under a
// lock (log-lock.ts) that Optuna's journal respects as well.
import { FoveaError } from "../core/errors.js";
import { explained, readAll, writeAll } from "./files.js";
import { LogLock } from "./log-lock.js";
import { nodeModule } from "./node.js";

/** A lock of another machine that stayed unchanged for so many seconds was left by somebody who died. As Optuna has it. */
const LOCK_GRACE = 30;

export class AppendLog {
  readonly path: string;
  readonly #fs: typeof import("node:fs/promises");
  readonly #lock: LogLock;

  private constructor(path: string, fs: typeof import("node:fs/promises"), lockGrace: number) {
    this.path = path;
    this.#fs = fs;
    this.#lock = new LogLock(path, lockGrace);
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
          throw new FoveaError(
            "file-changed",
            `${this.path}: it became shorter while it was in use; open it again, or restore it`,
          );
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
    await this.#lock.acquire();
    try {
      return await work();
    } finally {
      await this.#lock.release();
    }
  }
}
