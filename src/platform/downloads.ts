// Fetches files into a folder, so that a broken connection costs nothing: what has come is kept beside the target and the
// next attempt asks for the rest. A file gets its name when all of it is there. Nothing in Fovea fetches files without
// being asked to; what is worth fetching, and whether its content is right, is the caller's business.
import { FoveaError } from "../core/errors.js";
import { explained, moveFile, readText, removeFile, stat, writeAll, writeAtomic } from "./files.js";
import { isNode, nodeModule } from "./node.js";
import { baseName, parentFolder } from "./paths.js";

export interface DownloadOptions {
  /** Advice of the errors for users without a connection. */
  readonly otherwise: string;
  /** Throws when the finished file, still under its temporary name, is not what was wanted. */
  readonly check?: (path: string) => Promise<void>;
  /** Told how many bytes of how many are there; the total is undefined when the server does not say. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/** Facts about a part of a file. */
interface Part {
  readonly url: string;
  /** The server's mark of this version of the file. */
  readonly version: string;
}

const readable = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/**
 * Downloads `url` to `path`, going on where an earlier attempt broke off. The file appears whole and checked, or not at
 * all.
 * @throws FoveaError for every failure: no connection, a refusal, a full disk, content that is not what was wanted.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  if (!isNode)
    throw new FoveaError(
      "unsupported-engine",
      `cannot download ${url} to a file: a browser has no files; pass the bytes instead`,
    );
  const part = partOf(path);
  await receive(url, part, options);
  try {
    await options.check?.(part);
  } catch (error) {
    await discard(part);
    throw error;
  }
  await moveFile(part, path);
  await removeFile(notesOf(part));
}

const partOf = (path: string): string => `${path}.part`;
/** Removes what an attempt to download `path` left. */
export const discardPart = (path: string): Promise<void> => discard(partOf(path));

const notesOf = (part: string): string => `${part}.json`;

async function discard(part: string): Promise<void> {
  await removeFile(part);
  await removeFile(notesOf(part));
}

/** Brings the part to its full length. */
async function receive(url: string, part: string, options: DownloadOptions): Promise<void> {
  const there = await resumable(url, part);
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (there !== undefined) Object.assign(headers, { range: `bytes=${there.size}-`, "if-range": there.version });
  const response = await request(url, headers, options);
  const start = startOf(response, there?.size);
  if (start === undefined) {
    await response.body?.cancel();
    if (there !== undefined && [206, 416].includes(response.status)) {
      // The part is longer than the file has become, all of it was there already, or what came is no rest of it.
      await discard(part);
      return receive(url, part, options);
    }
    throw new FoveaError("server-refused", refusal(url, response, options.otherwise));
  }
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const total = Number.isFinite(length) ? start + length : undefined;
  await expectRoom(part, Number.isFinite(length) ? length : 0);
  const version = response.headers.get("etag") ?? response.headers.get("last-modified") ?? "";
  await writeAtomic(notesOf(part), JSON.stringify({ url, version } satisfies Part));
  const done = await append(part, start, response, options, total);
  if (total !== undefined && done < total)
    throw new FoveaError(
      "unreachable",
      `the connection broke after ${readable(done)} of ${readable(total)} of ${baseName(url)}; ` +
        "run the same command again to continue from there",
    );
  if (total !== undefined && done > total) {
    await discard(part);
    throw new FoveaError("damaged-file", `${url}: the server sent more than it had announced; try again`);
  }
}

/** Place in the file at which the body begins, when `asked` was the first byte wanted; undefined for any other answer. */
function startOf({ status, headers }: Response, asked: number | undefined): number | undefined {
  if (status === 200) return 0;
  const isRest = status === 206 && asked !== undefined && headers.get("content-range")?.startsWith(`bytes ${asked}-`);
  return isRest ? asked : undefined;
}

/** Size of the part that is there, where the server can be asked for the rest. */
async function resumable(url: string, part: string): Promise<{ size: number; version: string } | undefined> {
  const size = (await stat(part))?.size ?? 0;
  if (size === 0 || (await stat(notesOf(part))) === undefined) return undefined;
  try {
    const notes = JSON.parse(await readText(notesOf(part))) as Partial<Part>;
    // A weak mark promises nothing about bytes.
    const usable = notes.url === url && notes.version && !notes.version.startsWith("W/");
    return usable ? { size, version: notes.version! } : undefined;
  } catch {
    return undefined;
  }
}

async function request(
  url: string,
  headers: Record<string, string>,
  { otherwise }: DownloadOptions,
): Promise<Response> {
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw new FoveaError(
      "malformed-text",
      `${url} is no address to fetch from; expected one such as https://host/folder`,
    );
  try {
    return await fetch(url, { headers });
  } catch (error) {
    throw new FoveaError(
      "unreachable",
      `cannot reach ${new URL(url).host}: there is no connection to it; ${otherwise}`,
      {
        cause: error,
      },
    );
  }
}

function refusal(url: string, { status, statusText }: Response, otherwise: string): string {
  if (status === 404 || status === 410) return `${url} is not there (${status}); ${otherwise}`;
  const reason = statusText === "" ? `${status}` : `${status} ${statusText}`;
  return `${new URL(url).host} answered ${reason} for ${url}; try again later, or ${otherwise}`;
}

/** @throws FoveaError when the disk has no room for what is to come. */
async function expectRoom(path: string, bytes: number): Promise<void> {
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  const { bavail, bsize } = await fs.statfs(parentFolder(path));
  if (bytes <= bavail * bsize) return;
  throw new FoveaError(
    "disk-full",
    `cannot write ${path}: the disk has ${readable(bavail * bsize)} left and ${readable(bytes)} are to come; ` +
      "free some space and try again",
  );
}

/** Adds the response's bytes at `start`. @returns how long the part is then. */
async function append(
  part: string,
  start: number,
  response: Response,
  { onProgress }: DownloadOptions,
  total: number | undefined,
): Promise<number> {
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  let done = start;
  try {
    await explained("write", part, async () => {
      const file = await fs.open(part, start > 0 ? "r+" : "w");
      try {
        for await (const piece of pieces(response)) {
          await writeAll(file, piece, done);
          done += piece.length;
          onProgress?.(done, total);
        }
        await file.sync();
      } finally {
        await file.close();
      }
    });
  } catch (error) {
    // A full disk is better off without the part.
    await discard(part);
    throw error;
  }
  return done;
}

/** Pieces of the body until it ends or breaks; its length tells whether all of it came. */
async function* pieces(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  for (;;) {
    let next: ReadableStreamReadResult<Uint8Array>;
    try {
      next = await reader.read();
    } catch {
      return;
    }
    if (next.done) return;
    yield next.value;
  }
}
