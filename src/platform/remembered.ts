// Decisions that were measured once on a machine: words by name in a small file of the cache folder. Where nothing can be kept, such
// as in a page or in a folder that may not be written, each process measures anew.
import { FoveaError } from "../core/errors.js";
import type { Files } from "./files/files.js";
import { filesHere } from "./files/files-here.js";
import { isNode } from "./node.js";
import { joinPath } from "./paths.js";

/** Decisions that a file may hold; the oldest stay, for more are those of machines that share a cache folder. */
const MOST = 100;

const pathOf = async (subject: string, files: Files): Promise<string> =>
  joinPath(await files.cacheDirectory(), `${subject}.json`);

async function read(path: string, files: Files): Promise<Map<string, unknown>> {
  if ((await files.stat(path)) === undefined) return new Map();
  try {
    const known: unknown = JSON.parse(await files.readText(path));
    return new Map(Object.entries(known ?? {}));
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/**
 * A decision as it was measured before under this name, or else as it is measured now.
 * @param subject name of the file without its ending
 * @param name the circumstances, such as processor and engine
 * @param words decisions that may be
 * @param measure makes the decision where none is known
 * @param files disk with the cache folder; default the machine's, none in a page
 */
export async function remembered<W extends string>(
  subject: string,
  name: string,
  words: readonly W[],
  measure: () => Promise<W>,
  files: Files | undefined = isNode ? filesHere : undefined,
): Promise<W> {
  if (files === undefined) return measure();
  let path: string;
  let known: Map<string, unknown>;
  try {
    path = await pathOf(subject, files);
    known = await read(path, files);
  } catch (error) {
    if (error instanceof FoveaError) return measure();
    throw error;
  }
  const word = words.find((candidate) => candidate === known.get(name));
  if (word !== undefined) return word;
  const measured = await measure();
  const kept = [...known].filter(([, other]) => typeof other === "string").slice(0, MOST - 1);
  try {
    await files.writeAtomic(path, `${JSON.stringify(Object.fromEntries([...kept, [name, measured]]), null, 1)}\n`);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
  }
  return measured;
}
