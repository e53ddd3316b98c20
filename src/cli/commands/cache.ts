// `fovea cache`: the decoded images and computed features that are kept for the next command, and how much of the disk
// they may take. Parses, calls, prints.
import { Argument, type Command } from "commander";
import { parseByteSize } from "../../core/byte-size.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import { readableSize } from "../../nn/model/summary.js";
import {
  CACHE_KINDS,
  type CacheFile,
  type CacheKind,
  cacheLimit,
  clearCache,
  DEFAULT_CACHE_LIMIT,
  listCache,
  setCacheLimit,
} from "../../platform/cache.js";
import { absolutePath, cachePath } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Output } from "../terminal/output.js";

const ACTIONS = { list, clear, limit } as const;
type Action = keyof typeof ACTIONS;

export function define(command: Command): void {
  command
    .description(
      "Shows and bounds the cache: decoded images (train, evaluate), features (transfer) and embeddings (similar), which " +
        "make the next command on the same images quick. Everything in it can be made again. When it would grow beyond " +
        "its limit, the entries unused for longest go first. Pretrained weights are not part of it (fovea weights).",
    )
    .addArgument(new Argument("<action>", "the action").choices(Object.keys(ACTIONS)))
    .argument("[size]", "limit: how much the cache may take, such as 5GB, 500MB or 0");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Actions:
  list           the files of the cache, the most recently used first
  clear          remove them all
  limit [SIZE]   show the limit, or set it (${readableSize(DEFAULT_CACHE_LIMIT)} unless set); 0 keeps nothing

The folder is FOVEA_CACHE when that is set, else "fovea" in the user's cache folder.

Examples:
  fovea cache list
  fovea cache limit 20GB
  fovea cache clear`,
    )
    .action((action: Action, size: string | undefined, options: CommonOptions) => {
      if (size !== undefined && action !== "limit")
        throw new UsageError(`cache ${action}: expected nothing after it, received ${size}`);
      return ACTIONS[action](new Output(options), size);
    });
}

const kindOf = (name: string): string => CACHE_KINDS[extensionOf(name).slice(1) as CacheKind];

const totalOf = (files: readonly CacheFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

const folder = async (): Promise<string> => absolutePath(await cachePath());

const asJson = ({ name, bytes, usedAt }: CacheFile) => ({
  file: name,
  kind: kindOf(name),
  bytes,
  used: new Date(usedAt).toISOString(),
});

const counted = (files: readonly CacheFile[]): string =>
  `${files.length === 1 ? "1 file" : `${files.length} files`}, ${readableSize(totalOf(files))}`;

async function list(output: Output): Promise<void> {
  const [files, most] = [await listCache(), await cacheLimit()];
  const location = await folder();
  const rows = files.map(({ name, bytes, usedAt }) => [
    kindOf(name),
    readableSize(bytes),
    new Date(usedAt).toISOString().slice(0, 16).replace("T", " "),
    name,
  ]);
  const head = [
    { head: "kind" },
    { head: "size", align: "right" },
    { head: "last used (UTC)" },
    { head: "file" },
  ] as const;
  output.answer(
    { folder: location, limit: most, bytes: totalOf(files), files: files.map(asJson) },
    `${files.length === 0 ? "" : `${textTable(head, rows)}\n`}${location}: ${counted(files)} of at most ${readableSize(most)}`,
  );
}

async function clear(output: Output): Promise<void> {
  const removed = await clearCache();
  output.answer(
    { folder: await folder(), removed: removed.length, bytes: totalOf(removed) },
    `${await folder()}: removed ${counted(removed)}`,
  );
}

async function limit(output: Output, size: string | undefined): Promise<void> {
  const removed = size === undefined ? [] : await setCacheLimit(bytesOf(size));
  const [files, most] = [await listCache(), await cacheLimit()];
  output.answer(
    { folder: await folder(), limit: most, bytes: totalOf(files), removed: removed.length },
    `The cache may take ${readableSize(most)} and takes ${readableSize(totalOf(files))}` +
      (removed.length === 0 ? "" : `; removed ${counted(removed)}`),
  );
}

/** `5GB`, `1.5 gb`, `0`. */
function bytesOf(text: string): number {
  try {
    return parseByteSize("cache limit", text);
  } catch (error) {
    if (error instanceof FoveaError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
