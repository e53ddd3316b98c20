// Regular files, the only ones that Fovea reads and replaces. Pipes, sockets and devices may have no end, or no program
// at the other end, and reading them would never come back.
import { FoveaError } from "../core/errors.js";

type Stats = import("node:fs").Stats;

const SAVE = "save its content as a file first";

/** Kinds of entries that are no files: the kind's name, the advice, and the test that recognises it. */
const IRREGULAR: readonly (readonly [what: string, advice: string, test: (stats: Stats) => boolean])[] = [
  ["a folder", "", (stats) => stats.isDirectory()],
  ["a named pipe (FIFO)", SAVE, (stats) => stats.isFIFO()],
  ["a socket", SAVE, (stats) => stats.isSocket()],
  ["a device", SAVE, (stats) => stats.isCharacterDevice() || stats.isBlockDevice()],
];

/** @throws FoveaError where a file would take the place of a pipe, a socket or a device, which then were gone. */
export function checkReplaceable(path: string, stats: Stats): void {
  if (stats.isFile() || stats.isDirectory()) return;
  const [what] = IRREGULAR.find(([, , test]) => test(stats)) ?? ["no regular file"];
  throw new FoveaError("wrong-file-kind", `cannot write ${path}: it is ${what}; give the name of a file`);
}

/**
 * Files that a system makes up as they are read (/proc) pass: they say that they have 0 bytes, and no more are read.
 * @throws FoveaError for anything but a regular file.
 */
export function checkRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const [what, advice] = IRREGULAR.find(([, , test]) => test(stats)) ?? ["no regular file", ""];
  throw new FoveaError(
    "wrong-file-kind",
    `cannot read ${path}: it is ${what}, a file was expected${advice && `; ${advice}`}`,
  );
}
