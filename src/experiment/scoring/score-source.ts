// Images to be scored, in an order that every machine finds again: a folder, a manifest or an archive, as predict takes them,
// or a list of paths and addresses, of which no more is in memory than a shard needs.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { isAbsolutePath } from "../../data/index.js";
import type { Files } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { sha256Hex } from "../../platform/hashing.js";
import { linesOfFile } from "../../platform/lines-of-file.js";
import { fetchObject, isAddress, nameOfAddress } from "../../platform/objects.js";
import { extensionOf, joinPath, parentFolder } from "../../platform/paths.js";
import { type AskedFile, askedFiles } from "../models/index.js";

/** Images to be scored, in an order that every machine finds again. */
export interface ScoreSource {
  /** Path of the folder, manifest, archive or list, for messages. */
  readonly where: string;
  /** Number of images. */
  readonly count: number;
  /** SHA-256 over their names in order, so that shards know that their images are the same. */
  readonly sha256: string;
  /** Images from `first` to `end`, the last not included. */
  range(first: number, end: number): Promise<readonly AskedFile[]>;
}

/** Options of `openScoreSource`. */
export interface ScoreSourceOptions {
  /** Disk that a list lies on. Default: the machine's. */
  readonly files?: Files;
  /** Origins that addresses in a list may have, such as `https://photos.example.org`. Default: none, and nothing is fetched. */
  readonly fetchFrom?: readonly string[];
  /** The most bytes of an object that is fetched. Default 64 MiB. */
  readonly mostBytes?: number;
  /** Attempts before a store counts as out of reach. Default 4. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; each later pause is longer. Default 500. */
  readonly pause?: number;
}

/** Extensions of lists. */
const LISTS = [".txt", ".list"];
/** The most bytes of a line of a list: a presigned address has some 2,000. */
const MOST_LINE = 16 << 10;
const MOST_BYTES = 64 << 20;
/** Names that are hashed together. */
const NAMES_AT_ONCE = 4096;

/**
 * Opens the images that are to be scored.
 * @param path a folder, a manifest, an archive, or a list (.txt): one path or address per line, paths relative to the list
 * @throws FoveaError for a source without images, and for an address in a list whose origin is not allowed
 */
export function openScoreSource(path: string, options: ScoreSourceOptions = {}): Promise<ScoreSource> {
  return LISTS.includes(extensionOf(path)) ? openList(path, options) : openListing(path);
}

async function openListing(path: string): Promise<ScoreSource> {
  const images = await askedFiles([path]);
  const names = new NamesHash();
  for (const { name } of images) await names.add(name);
  return {
    where: path,
    count: images.length,
    sha256: await names.end(),
    range: async (first, end) => images.slice(first, end),
  };
}

async function openList(path: string, options: ScoreSourceOptions): Promise<ScoreSource> {
  const { files = filesHere, fetchFrom = [], mostBytes = MOST_BYTES, attempts, pause } = options;
  const origins = fetchFrom.map(originOf);
  const folder = parentFolder(path);
  const asked = (line: string, number: number): AskedFile => {
    if (!isAddress(line)) {
      if (/^[a-z][a-z0-9+.-]+:\/\//i.test(line))
        throw new FoveaError(
          "malformed-text",
          `${path}, line ${number}: expected a path or an address of http or https, received ${nameOfLine(line)}; ` +
            "stores such as S3 have https addresses for objects that are public or presigned",
        );
      const file = isAbsolutePath(line) ? line : joinPath(folder === "." ? "" : folder, line);
      return { name: file, source: file };
    }
    const { origin } = new URL(line);
    if (!origins.includes(origin))
      throw new FoveaError(
        "not-allowed",
        `${path}, line ${number}: nothing is fetched from ${origin} unless it is allowed; add --fetch ${origin}`,
      );
    return {
      name: nameOfAddress(line),
      source: () => fetchObject(line, { mostBytes, ...defined({ attempts, pause }) }),
    };
  };
  async function* lines(): AsyncGenerator<AskedFile> {
    const decoder = new TextDecoder();
    let number = 0;
    for await (const { bytes } of linesOfFile(files, path, MOST_LINE)) {
      number++;
      if (bytes.length > MOST_LINE)
        throw new FoveaError(
          "too-large",
          `${path}, line ${number}: it has more than ${MOST_LINE} bytes; expected a path or an address`,
        );
      const line = decoder.decode(bytes).trim();
      if (line !== "") yield asked(line, number);
    }
  }
  const names = new NamesHash();
  let count = 0;
  for await (const { name } of lines()) {
    count++;
    await names.add(name);
  }
  if (count === 0) throw new FoveaError("empty-input", `${path}: expected a path or an address per line, found none`);
  const range = async (first: number, end: number): Promise<AskedFile[]> => {
    const found: AskedFile[] = [];
    let at = 0;
    for await (const file of lines()) {
      if (at >= end) break;
      if (at++ >= first) found.push(file);
    }
    return found;
  };
  return { where: path, count, sha256: await names.end(), range };
}

const nameOfLine = (line: string): string => line.replace(/[?#].*$/s, "").slice(0, 200);

function originOf(text: string): string {
  if (!isAddress(text))
    throw new FoveaError(
      "malformed-text",
      `fetch: expected an origin such as https://photos.example.org, received ${nameOfLine(text)}`,
    );
  return new URL(text).origin;
}

/** A hash over any number of names, each with its length so that no two lists have the same text. */
class NamesHash {
  #state = "";
  #waiting: string[] = [];

  async add(name: string): Promise<void> {
    if (this.#waiting.push(`${name.length}:${name}\n`) >= NAMES_AT_ONCE) await this.#fold();
  }

  async end(): Promise<string> {
    await this.#fold();
    return this.#state;
  }

  async #fold(): Promise<void> {
    this.#state = await sha256Hex(new TextEncoder().encode(this.#state + this.#waiting.join("")));
    this.#waiting = [];
  }
}
