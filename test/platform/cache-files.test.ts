// The cache in a file system that it is given: within its limit, the least recently used go first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clearCache, listCache, readCacheFile, setCacheLimit, writeCacheFile } from "../../src/platform/cache.js";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { joinPath } from "../../src/platform/paths.js";

const NAMES = ["a", "b", "c"].map((letter) => `${letter.repeat(32)}.images`);

test("a cache in memory keeps its limit, and what was used last", async () => {
  const files = memoryFiles();
  const folder = await files.cacheDirectory();
  await setCacheLimit(25, files);
  const later = (): Promise<void> => new Promise((resume) => setTimeout(resume, 5));
  for (const name of NAMES.slice(0, 2)) {
    await writeCacheFile(joinPath(folder, name), [new Uint8Array(5), new Uint8Array(5)], files);
    await later();
  }
  await readCacheFile(joinPath(folder, NAMES[0]!), files);
  await later();
  await writeCacheFile(joinPath(folder, NAMES[2]!), [new Uint8Array(10)], files);
  const names = async (): Promise<string[]> => (await listCache(files)).map(({ name }) => name);
  assert.deepEqual(await names(), [NAMES[2], NAMES[0]]);
  assert.deepEqual(await writeCacheFile(joinPath(folder, NAMES[1]!), [new Uint8Array(26)], files), {
    bytes: 26,
    limit: 25,
  });
  await clearCache(files);
  assert.deepEqual(await names(), []);
});
