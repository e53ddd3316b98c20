// A decision log as a file that several programs add to: whole lines under a lock. A line that a killed program left torn
// is told of and cut off by the next addition, for nobody was told its answer.
import { FoveaError } from "../../core/errors.js";
import type { Files, SharedLog } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { linesOfFile } from "../../platform/lines-of-file.js";
import {
  type DecisionEntry,
  decisionIn,
  type LoggedDecision,
  MOST_LINE_BYTES,
  NO_LINE,
  readLine,
  writeLine,
} from "./line.js";

/** Places of decision logs. */
export interface DecisionPlace {
  /** Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
  /** Seconds after which the lock of a program that died is taken over. Default 30. */
  readonly lockGrace?: number;
}

/** The end of a log: keep it elsewhere, and it shows that a log was cut short. */
export interface LogHead {
  /** Number of lines. */
  readonly count: number;
  /** SHA-256 of the last line; 64 zeros for none. */
  readonly head: string;
}

/** The end of a file: where its last whole line ends, and what stands behind it. */
interface LogEnd extends LogHead {
  readonly end: number;
  /** Bytes of a torn line behind it. */
  readonly torn: number;
  /** True where a last line lacks its break alone. */
  readonly isUnended: boolean;
}

/**
 * A decision log that is added to. `openDecisionLog` opens one.
 * @param path Path of the file.
 * @param files Disk of the file.
 * @param log The file, opened for additions under a lock.
 * @example
 * const opened = await openModel("runs/pets", { threads: 1 });
 * const hashed = new HashedFiles([{ name: "photos/1.png", source: "photos/1.png" }]);
 * const { answers } = await predictFiles(opened, hashed.files);
 * const log = await openDecisionLog("decisions.jsonl");
 * const { count, head } = await log.add(await hashed.decisions(answers, await loggedModel(opened)));
 * (await verifyDecisionLog(log.path, { count, head })).isWhole; // true
 * await opened.model.close();
 */
export class DecisionLog {
  /** Path of the file. */
  readonly path: string;
  readonly #files: Files;
  readonly #log: SharedLog;
  #mended = 0;

  constructor(path: string, files: Files, log: SharedLog) {
    this.path = path;
    this.#files = files;
    this.#log = log;
  }

  /** Bytes of torn lines that were cut off by additions. */
  get mended(): number {
    return this.#mended;
  }

  /** The end of the log as it is now. @throws FoveaError for a last line that is no line of a log */
  async head(): Promise<LogHead> {
    const { count, head } = await this.#end();
    return { count, head };
  }

  /**
   * Adds decisions, all of them or none.
   * @param now time of the lines. Default: the present
   * @param decisions Decisions in their order, as `HashedFiles.decisions` makes them.
   * @returns where the log ends then
   * @throws FoveaError for a log whose last whole line was changed, and where the disk refuses it
   */
  add(decisions: readonly DecisionEntry[], now = new Date()): Promise<LogHead> {
    return this.#log.exclusively(async () => {
      const { end, torn, isUnended, ...last } = await this.#end();
      let { count, head } = last;
      const texts: string[] = [];
      const time = now.toISOString();
      for (const decision of decisions) {
        const { text, hash } = await writeLine({ line: count + 1, previous: head, time }, decision);
        texts.push(`${text}\n`);
        [count, head] = [count + 1, hash];
      }
      const lines = (isUnended ? "\n" : "") + texts.join("");
      if (lines !== "" || torn > 0) await this.#log.append(new TextEncoder().encode(lines), end);
      this.#mended += torn;
      return { count, head };
    });
  }

  async #end(): Promise<LogEnd> {
    const size = (await this.#files.stat(this.path))?.size ?? 0;
    if (size === 0) return { count: 0, head: NO_LINE, end: 0, torn: 0, isUnended: false };
    const file = await this.#files.openFile(this.path);
    const from = Math.max(0, size - 2 * MOST_LINE_BYTES);
    const bytes = await file.read(from, size - from).finally(() => file.close());
    const end = bytes.lastIndexOf(10) + 1;
    const behind = bytes.subarray(end);
    const unended = behind.length > 0 ? await readLine(behind) : undefined;
    if (unended !== undefined) return { count: unended.line, head: unended.hash, end: size, torn: 0, isUnended: true };
    const torn = behind.length;
    if (end === 0) {
      if (from === 0 && isTornLine(behind)) return { count: 0, head: NO_LINE, end: 0, torn, isUnended: false };
      throw noLine(this.path);
    }
    const last = await readLine(bytes.subarray(bytes.subarray(0, end - 1).lastIndexOf(10) + 1, end - 1));
    if (last === undefined) throw noLine(this.path);
    return { count: last.line, head: last.hash, end: from + end, torn, isUnended: false };
  }
}

/** The first bytes of a first line: another file must not be cut off for a torn one. */
const isTornLine = (bytes: Uint8Array): boolean => {
  const start = new TextEncoder().encode(`{"line":1,"previous":"${NO_LINE}"`);
  return bytes.every((byte, at) => at >= start.length || byte === start[at]);
};

const noLine = (path: string): FoveaError =>
  new FoveaError(
    "file-changed",
    `${path}: its last line is no line of a decision log, or was changed; see fovea log verify ${path}, and begin another log`,
  );

/**
 * Opens a decision log to add to it; an empty one is made where there is none.
 * @param path Path of the file, usually `.jsonl`.
 * @throws FoveaError for a file that ends in another line than one of a log
 * @example const log = await openDecisionLog("decisions.jsonl");
 */
export async function openDecisionLog(
  path: string,
  { files = filesHere, lockGrace }: DecisionPlace = {},
): Promise<DecisionLog> {
  const log = new DecisionLog(path, files, await files.openLog(path, { lockGrace }));
  await log.head();
  return log;
}

/**
 * The decisions of a log, in their order; a torn last line is none. Chains are `verifyDecisionLog`'s business.
 * @param path Path of a log.
 * @throws FoveaError naming the first line that is none
 * @example
 * const counts = new Map();
 * for await (const { top } of readDecisions("decisions.jsonl")) counts.set(top?.[0]?.class, (counts.get(top?.[0]?.class) ?? 0) + 1);
 */
export async function* readDecisions(
  path: string,
  { files = filesHere }: Pick<DecisionPlace, "files"> = {},
): AsyncGenerator<LoggedDecision> {
  let line = 0;
  for await (const { bytes, isWhole } of linesOfFile(files, path, MOST_LINE_BYTES)) {
    line++;
    if (isWhole || (await readLine(bytes)) !== undefined) yield decisionIn(`${path}, line ${line}`, bytes);
  }
}
