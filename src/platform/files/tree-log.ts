// A log in a tree: a file that only grows, whose writers take the tree's lock.
import { FoveaError } from "../../core/errors.js";
import { explained } from "../files.js";
import type { SharedLog } from "./files.js";
import { failure, namesOf, type Tree } from "./tree.js";

const LINE_BREAK = 10;

export class TreeLog implements SharedLog {
  readonly #tree: Tree;
  readonly #names: readonly string[];

  constructor(
    tree: Tree,
    readonly path: string,
  ) {
    this.#tree = tree;
    this.#names = namesOf(path);
  }

  head(length: number): Promise<Uint8Array> {
    return explained("read", this.path, async () =>
      this.#tree.read(this.#names, 0, Math.min(length, await this.#size())),
    );
  }

  readLines(from: number): Promise<Uint8Array> {
    return explained("read", this.path, async () => {
      const size = await this.#size();
      if (size < from)
        throw new FoveaError(
          "file-changed",
          `${this.path}: it became shorter while it was in use; open it again, or restore it`,
        );
      const bytes = await this.#tree.read(this.#names, from, size);
      return bytes.subarray(0, bytes.lastIndexOf(LINE_BREAK) + 1);
    });
  }

  append(lines: Uint8Array, at: number): Promise<void> {
    return explained("write", this.path, async () => {
      await this.#size();
      await this.#tree.extend(this.#names, at, lines);
    });
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.#tree.lock(`log ${this.#names.join("/")}`);
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  async #size(): Promise<number> {
    const facts = await this.#tree.facts(this.#names);
    if (facts === undefined) throw failure("ENOENT");
    return facts.size;
  }
}
