// A file system in memory: gone with the program, the same everywhere. For tests, and for pages that keep nothing.
import type { DirectoryEntry, FileFacts } from "../files.js";
import type { Lock } from "../locks.js";
import type { Files } from "./files.js";
import { failure, type Tree, type TreePath } from "./tree.js";
import { filesOver } from "./tree-files.js";

/**
 * A new, empty file system in memory.
 * @example const files = memoryFiles(); await files.writeAtomic("note.txt", "hello");
 */
export const memoryFiles = (): Files => filesOver(new MemoryTree());

interface File {
  readonly bytes: Uint8Array;
  readonly changedAt: number;
}
type Folder = Map<string, File | Folder>;

class MemoryTree implements Tree {
  readonly name = "memory";
  readonly #root: Folder = new Map();
  /** Promises that resolve when the holder of a lock ends, by lock. */
  readonly #locks = new Map<string, Promise<void>>();

  async facts(path: TreePath): Promise<FileFacts | undefined> {
    const entry = this.#entry(path);
    if (entry === undefined) return undefined;
    if (entry instanceof Map) return { size: 0, mtimeMs: 0, ctimeMs: 0, isDirectory: true };
    const { bytes, changedAt } = entry;
    return { size: bytes.length, mtimeMs: changedAt, ctimeMs: changedAt, isDirectory: false };
  }

  async read(path: TreePath, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entry(path);
    if (entry === undefined || entry instanceof Map) throw failure("ENOENT");
    return new Uint8Array(entry.bytes.subarray(start, end));
  }

  async begin(path: TreePath) {
    let buffer = new Uint8Array(0);
    let length = 0;
    return {
      write: async (bytes: Uint8Array, position: number): Promise<void> => {
        const end = position + bytes.length;
        if (end > buffer.length) {
          const longer = new Uint8Array(Math.max(end, 2 * buffer.length));
          longer.set(buffer);
          buffer = longer;
        }
        buffer.set(bytes, position);
        length = Math.max(length, end);
      },
      commit: async (): Promise<void> => this.#put(path, buffer.slice(0, length)),
      discard: async (): Promise<void> => {
        buffer = new Uint8Array(0);
      },
    };
  }

  async extend(path: TreePath, at: number, bytes: Uint8Array): Promise<void> {
    const before = await this.read(path, 0, at);
    const whole = new Uint8Array(before.length + bytes.length);
    whole.set(before);
    whole.set(bytes, before.length);
    this.#put(path, whole);
  }

  async list(path: TreePath): Promise<DirectoryEntry[]> {
    return [...this.#folder(path)].map(([name, entry]) => ({ name, isDirectory: entry instanceof Map }));
  }

  async makeFolder(path: TreePath): Promise<void> {
    this.#folder(path.slice(0, -1)).set(path.at(-1)!, new Map());
  }

  async remove(path: TreePath): Promise<void> {
    if (path.length === 0) this.#root.clear();
    else this.#folder(path.slice(0, -1)).delete(path.at(-1)!);
  }

  async move(from: TreePath, to: TreePath): Promise<void> {
    const source = this.#folder(from.slice(0, -1));
    this.#folder(to.slice(0, -1)).set(to.at(-1)!, source.get(from.at(-1)!)!);
    source.delete(from.at(-1)!);
  }

  async touch(path: TreePath): Promise<void> {
    const entry = this.#entry(path);
    if (entry !== undefined && !(entry instanceof Map)) this.#put(path, entry.bytes);
  }

  async sweep(): Promise<void> {}

  async tryLock(name: string): Promise<Lock | undefined> {
    if (this.#locks.has(name)) return undefined;
    let end = (): void => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#locks.set(name, held);
    return {
      release: async () => {
        if (this.#locks.get(name) === held) this.#locks.delete(name);
        end();
      },
    };
  }

  async lock(name: string): Promise<Lock> {
    for (;;) {
      const lock = await this.tryLock(name);
      if (lock !== undefined) return lock;
      await this.#locks.get(name);
    }
  }

  #entry(path: TreePath): File | Folder | undefined {
    let entry: File | Folder | undefined = this.#root;
    for (const name of path) entry = entry instanceof Map ? entry.get(name) : undefined;
    return entry;
  }

  #folder(path: TreePath): Folder {
    const entry = this.#entry(path);
    if (!(entry instanceof Map)) throw failure("ENOENT");
    return entry;
  }

  #put(path: TreePath, bytes: Uint8Array): void {
    this.#folder(path.slice(0, -1)).set(path.at(-1)!, { bytes, changedAt: Date.now() });
  }
}
