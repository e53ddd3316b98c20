// Checks a decision log: lines that were changed, removed, moved or added, each with its place. A log that was cut at its
// end is whole in itself, so that its count and head are compared with those that somebody kept elsewhere.
import { checkOptions } from "../../core/options.js";
import { filesHere } from "../../platform/files/files-here.js";
import { linesOfFile } from "../../platform/lines-of-file.js";
import type { DecisionPlace, LogHead } from "./decision-log.js";
import { MOST_LINE_BYTES, NO_LINE, type ReadLine, readLine } from "./line.js";

/** Faults of a log. */
export type LogFaultKind = "changed" | "missing" | "moved" | "repeated" | "replaced" | "head";

/** Something that is wrong with a log. */
export interface LogFault {
  /** The fault: a line that was changed, is missing, moved, repeated or replaced, or another head. */
  readonly kind: LogFaultKind;
  /** Line of the file, from 1; for a line that is missing the line that stands in its place, or would follow. */
  readonly line: number;
  /** A sentence without a full stop. */
  readonly told: string;
}

/** A log that was checked. */
export interface VerifiedLog extends LogHead {
  /** True for a log without a fault. */
  readonly isWhole: boolean;
  /** In the order of their lines, the first thousand. */
  readonly faults: readonly LogFault[];
  /** True where the file ends in a line that is not whole: a program was stopped while it wrote it. */
  readonly isTorn: boolean;
}

/** Options of `verifyDecisionLog`. */
export interface VerifyOptions extends Pick<DecisionPlace, "files"> {
  /** SHA-256 of line `count`, as `DecisionLog.add` returned it. Default: none, and a log that was cut short is not noticed. */
  readonly head?: string | undefined;
  /** Number of lines that there were then; more may have been added since. Default: all that there are. */
  readonly count?: number | undefined;
}

const MOST_FAULTS = 1000;

/**
 * Checks every line of a decision log against its own hash, its number, and the hash that the next line has of it.
 * @param options.head SHA-256 of line `count`, or of the last one, which is compared as well
 * @param path Path of a log.
 * @throws FoveaError where there is no such file
 * @example (await verifyDecisionLog("decisions.jsonl")).isWhole // true
 */
export async function verifyDecisionLog(path: string, options: VerifyOptions = {}): Promise<VerifiedLog> {
  checkOptions("verifyDecisionLog", options, ["files", "head", "count"]);
  const { files = filesHere, count: wanted, head: wantedHead } = options;
  const faults: LogFault[] = [];
  const numbers: number[] = [];
  const changed: number[] = [];
  let before: ReadLine | undefined;
  let isTorn = false;
  let hashAtCount: string | undefined;
  for await (const { bytes, isWhole } of linesOfFile(files, path, MOST_LINE_BYTES)) {
    const read = await readLine(bytes);
    if (read === undefined && !isWhole) {
      isTorn = true;
      break;
    }
    const line = numbers.length + 1;
    if (read === undefined) {
      changed.push(line);
      faults.push({ kind: "changed", line, told: `line ${line} was changed, or is no line of a decision log` });
    } else if (isBrokenLink(before, read, line))
      faults.push({
        kind: "replaced",
        line: Math.max(1, line - 1),
        told: `line ${line} has another hash of the line before it: line ${Math.max(1, line - 1)} was replaced`,
      });
    numbers.push(read?.line ?? 0);
    before = read;
    if (read?.line === (wanted ?? read?.line)) hashAtCount = read?.hash;
  }
  for (const fault of placesOf(numbers)) faults.push(fault);
  const last = before?.hash ?? NO_LINE;
  for (const fault of endOf(numbers.length, hashAtCount ?? NO_LINE, wanted, wantedHead)) faults.push(fault);
  faults.sort((a, b) => a.line - b.line);
  return {
    isWhole: faults.length === 0,
    faults: faults.slice(0, MOST_FAULTS),
    ...{ isTorn, count: numbers.length, head: last },
  };
}

/** Checks whether a line that follows another by its number has the wrong hash of it. */
const isBrokenLink = (before: ReadLine | undefined, { line, previous }: ReadLine, position: number): boolean =>
  position === 1 ? line === 1 && previous !== NO_LINE : before?.line === line - 1 && before.hash !== previous;

/** Faults of the order of lines. @param numbers those that lines have of themselves, 0 for one that was changed */
function placesOf(numbers: readonly number[]): LogFault[] {
  const faults: LogFault[] = [];
  const present = new Map<number, number>();
  const isExtra = numbers.map((number, at) => {
    if (number === 0) return false;
    const first = present.get(number);
    if (first === undefined) present.set(number, at);
    else
      faults.push({
        kind: "repeated",
        line: at + 1,
        told: `line ${at + 1} is line ${number} of the log once more, which stands at line ${first + 1}`,
      });
    return first !== undefined;
  });
  // Lines that were changed stand for numbers that nothing else has, from the first on.
  const last = numbers.reduce((most, number) => Math.max(most, number), 0);
  let unknown = numbers.filter((number) => number === 0).length;
  const lost: number[] = [];
  for (let number = 1; number <= last; number++) {
    if (present.has(number)) continue;
    if (unknown > 0) unknown--;
    else lost.push(number);
  }
  const order = numbers.filter((number, at) => number > 0 && !isExtra[at]);
  const sorted = [...order].sort((a, b) => a - b);
  const placeOf = new Map(numbers.map((number, at) => [number, at + 1]));
  for (const [at, number] of order.entries())
    if (number !== sorted[at])
      faults.push({
        kind: "moved",
        line: placeOf.get(number)!,
        told: `line ${placeOf.get(number)!} is line ${number} of the log and is in the wrong place`,
      });
  for (const [from, to] of ranges(lost)) {
    const next = numbers.findIndex((number) => number > to);
    const names = from === to ? `line ${from} of the log is` : `lines ${from} to ${to} of the log are`;
    faults.push({ kind: "missing", line: next + 1, told: `${names} missing in front of line ${next + 1}` });
  }
  return faults;
}

/** First and last of numbers that follow each other. */
function ranges(numbers: readonly number[]): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const open = found.at(-1);
    if (open !== undefined && open[1] === number - 1) open[1] = number;
    else found.push([number, number]);
  }
  return found;
}

/** Faults of the end, by the count and hash that somebody kept. */
function endOf(count: number, hash: string, wanted: number | undefined, head: string | undefined): LogFault[] {
  if (wanted !== undefined && count < wanted)
    return [
      {
        kind: "missing",
        line: count + 1,
        told: `the log had ${wanted} lines and has ${count}: ${wanted - count} behind line ${count} are missing`,
      },
    ];
  if (head === undefined || head === hash) return [];
  const line = wanted ?? count;
  return [
    { kind: "head", line, told: `line ${line} has the hash ${hash.slice(0, 12)}..., expected ${head.slice(0, 12)}...` },
  ];
}
