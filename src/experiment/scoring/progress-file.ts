// Progress of a part beside it (`part.csv.progress`): a line for each block of rows, with a checksum. A process that is killed
// leaves whole lines and at most a torn one, which is cut off; the next process goes on behind them.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { Cell } from "../../formats/containers/parquet.js";
import { parseJson } from "../../formats/json.js";
import type { Files } from "../../platform/files/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { linesOfFile } from "../../platform/lines-of-file.js";
import { checkHead, differenceOf, refuseOther, type ScoreHead } from "./score-facts.js";
import type { ScoreRow } from "./score-rows.js";

/** The most bytes of a block: 128 rows with some ten thousand classes. */
const MOST_LINE = 64 << 20;

const encoder = new TextEncoder();

/** A line: the SHA-256 of its JSON, then the JSON. */
const lineOf = async (value: object): Promise<string> => {
  const text = JSON.stringify(value);
  return `${await sha256Hex(encoder.encode(text))} ${text}\n`;
};

const HASH_LENGTH = 64;

/** The JSON of a line; undefined for a line that is torn or was changed. */
async function contentOf(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const content = bytes.subarray(HASH_LENGTH + 1);
  const hash = new TextDecoder().decode(bytes.subarray(0, HASH_LENGTH));
  return content.length > 0 && (await sha256Hex(content)) === hash ? content : undefined;
}

export const progressPath = (part: string): string => `${part}.progress`;

/** The progress of a part. */
export class ProgressFile {
  readonly #files: Files;
  readonly #path: string;
  #end: number;
  #next: number;

  private constructor(files: Files, path: string, end: number, next: number) {
    this.#files = files;
    this.#path = path;
    this.#end = end;
    this.#next = next;
  }

  /**
   * Opens the progress of a part, or begins it.
   * @param first the first block of the part
   * @throws FoveaError for progress of another scoring
   */
  static async open(files: Files, part: string, head: ScoreHead, first: number): Promise<ProgressFile> {
    const path = progressPath(part);
    let end = 0;
    let next = first;
    if (await files.exists(path))
      for await (const { bytes, isWhole, start } of linesOfFile(files, path, MOST_LINE)) {
        const content = isWhole ? await contentOf(bytes) : undefined;
        if (content === undefined) break;
        if (start === 0) {
          const difference = differenceOf(checkHead(path, parseJson(path, content, { names: true })), head);
          if (difference !== undefined) throw refuseOther(path, difference);
        } else {
          const { block } = blockIn(path, content);
          if (block !== next) break;
          next++;
        }
        end = start + bytes.length + 1;
      }
    // Cuts off what is torn. Later lines are not flushed to the disk: a line that a power cut took is computed again.
    const log = await files.openLog(path);
    const beginning = end === 0 ? encoder.encode(await lineOf(head)) : new Uint8Array(0);
    await log.append(beginning, end);
    return new ProgressFile(files, path, end + beginning.length, next);
  }

  /** The block that is to be computed next. */
  get next(): number {
    return this.#next;
  }

  /** Adds the rows of the next block. */
  async add(rows: readonly ScoreRow[]): Promise<void> {
    await this.#append(await lineOf({ block: this.#next, rows }));
    this.#next++;
  }

  /** All rows, a block at a time. @throws FoveaError for a file that was changed meanwhile */
  async *rows(): AsyncGenerator<readonly ScoreRow[]> {
    for await (const { bytes, start } of linesOfFile(this.#files, this.#path, MOST_LINE)) {
      if (start === 0) continue;
      if (start >= this.#end) return;
      const content = await contentOf(bytes);
      if (content === undefined)
        throw new FoveaError("file-changed", `${this.#path}: it was changed while it was in use; start again`);
      yield blockIn(this.#path, content).rows;
    }
  }

  remove(): Promise<void> {
    return this.#files.removeFile(this.#path);
  }

  async #append(line: string): Promise<void> {
    const bytes = encoder.encode(line);
    if (bytes.length > MOST_LINE)
      throw new FoveaError(
        "too-large",
        `${this.#path}: a block of rows takes more than ${MOST_LINE} bytes; ask for fewer classes`,
      );
    await this.#files.appendToFile(this.#path, bytes);
    this.#end += bytes.length;
  }
}

interface BlockLine {
  readonly block: number;
  readonly rows: readonly ScoreRow[];
}

/** A block out of its line. Its many cells are checked one by one, for a schema takes ten times as long over them. */
function blockIn(path: string, content: Uint8Array): BlockLine {
  const value = parseJson(path, content, { names: true });
  const { block, rows } = isJsonObject(value) ? value : {};
  if (typeof block !== "number" || !Array.isArray(rows) || !rows.every(isRow))
    throw new FoveaError(
      "damaged-file",
      `${path}: expected a block of rows, found something else; remove the file to score again`,
    );
  return { block, rows };
}

const isRow = (row: Json): row is readonly Cell[] | JsonObject =>
  Array.isArray(row) ? row.every((cell) => cell === null || typeof cell !== "object") : isJsonObject(row);
