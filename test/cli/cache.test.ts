// `fovea cache`: what is kept, within its limit, the least recently used first; and `fovea --version --json`.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readKept, writeKept } from "../../src/experiment/pretrained/feature-cache.js";
import { tensor } from "../../src/index.js";
import { cacheLimit, DEFAULT_CACHE_LIMIT, listCache, setCacheLimit, writeCacheFile } from "../../src/platform/cache.js";
import { thisOwner } from "../../src/platform/leftovers.js";
import { fovea, workplace } from "./fovea.js";

/** A cache of its own for this process; the command line has the same in that folder. */
function cacheIn(t: TestContext): { place: string; folder: string } {
  const place = workplace(t);
  const folder = join(place, ".cache");
  mkdirSync(folder);
  const previous = process.env.FOVEA_CACHE;
  process.env.FOVEA_CACHE = folder;
  t.after(() => {
    if (previous === undefined) delete process.env.FOVEA_CACHE;
    else process.env.FOVEA_CACHE = previous;
  });
  return { place, folder };
}

const entry = (n: number, kind = "images"): string => `${String(n).padStart(32, "0")}.${kind}`;

test("the least recently used files go first, reading counts as use, and nothing else is touched", async (t) => {
  const { folder } = cacheIn(t);
  assert.equal(await cacheLimit(), DEFAULT_CACHE_LIMIT);
  assert.equal(DEFAULT_CACHE_LIMIT, 5 * 2 ** 30);
  mkdirSync(join(folder, "weights"));
  writeFileSync(join(folder, "weights", "kept.h5"), new Uint8Array(5000));
  const path = (n: number): string => join(folder, entry(n, "features"));
  const table = tensor(new Float32Array(200), [200], "float32");
  for (const n of [1, 2, 3]) {
    await writeKept(path(n), { table, notes: {} });
    utimesSync(path(n), n, n);
  }
  const size = (await listCache())[0]!.bytes;
  await readKept(path(1));
  const removed = await setCacheLimit(2.5 * size);
  assert.deepEqual(
    removed.map(({ name }) => name),
    [entry(2, "features")],
  );
  await writeKept(path(4), { table, notes: {} });
  assert.deepEqual((await listCache()).map(({ name }) => name).sort(), [entry(1, "features"), entry(4, "features")]);
  assert.deepEqual(await readKept(path(4)), { table, notes: {} });
  assert.deepEqual(await writeCacheFile(join(folder, entry(5)), [new Uint8Array(3 * size)]), {
    bytes: 3 * size,
    limit: 2.5 * size,
  });
  assert.ok(!existsSync(join(folder, entry(5))), "a file beyond the limit was written");
  assert.equal((await listCache()).length, 2);
  assert.ok(existsSync(join(folder, "weights", "kept.h5")));
});

test("list, limit and clear, for people and as JSON; a limit needs a unit", async (t) => {
  const { place, folder } = cacheIn(t);
  writeFileSync(join(folder, entry(1)), new Uint8Array(2 ** 20));
  writeFileSync(join(folder, entry(2, "vectors")), new Uint8Array(2 ** 10));
  // Both may be written within one tick of the disk's clock, and the older goes first.
  utimesSync(join(folder, entry(1)), 1, 1);
  const { machine, pid } = await thisOwner();
  writeFileSync(join(folder, `.fovea-${machine}-999999999-00000000.tmp`), "half");
  writeFileSync(join(folder, `.fovea-${machine}-${pid}-00000000.tmp`), "still being written");
  const listed = await fovea(place, "cache", "list");
  assert.equal(listed.code, 0, listed.stderr);
  assert.match(listed.stdout, /^kind +size +last used \(UTC\) +file\n/);
  assert.match(listed.stdout, /^decoded images +1\.00 MB +\d{4}-\d\d-\d\d \d\d:\d\d +0+1\.images$/m);
  assert.match(listed.stdout, /\.cache: 2 files, 1\.00 MB of at most 5\.00 GB\n$/);
  const json = JSON.parse((await fovea(place, "cache", "list", "--json")).stdout);
  assert.equal(json.bytes, 2 ** 20 + 2 ** 10);
  assert.equal(json.limit, 5 * 2 ** 30);
  assert.deepEqual(json.files.map(({ kind }: { kind: string }) => kind).sort(), ["decoded images", "embeddings"]);
  for (const size of ["5", "GB", "-1GB", "1e3MB", "5 apples"])
    assert.match(
      (await fovea(place, "cache", "limit", "--", size)).stderr,
      /^fovea: cache limit: expected a size with its/,
    );
  assert.match(
    (await fovea(place, "cache", "limit", "1.5 kb")).stdout,
    /^The cache may take 1\.50 KB and takes 1\.00 KB; removed 1 file, 1\.00 MB\n$/,
  );
  const cleared = JSON.parse((await fovea(place, "cache", "clear", "--json")).stdout);
  assert.deepEqual([cleared.removed, cleared.bytes], [1, 1024]);
  assert.deepEqual(readdirSync(folder), [`.fovea-${machine}-${pid}-00000000.tmp`, "cache.json"]);
  assert.match((await fovea(place, "cache", "list")).stdout, /\.cache: 0 files, 0\.00 B of at most 1\.50 KB\n$/);
});

test("photos named by their MD5, and a cache.json of somebody else's, are none of the cache's", async (t) => {
  const { place, folder } = cacheIn(t);
  const mine = [entry(3, "jpg"), entry(4, "png"), entry(5, "txt"), `.${entry(6, "jpg")}.1-2.tmp`];
  for (const name of mine) writeFileSync(join(folder, name), "mine");
  writeFileSync(join(folder, entry(7)), "images");
  writeFileSync(join(folder, "cache.json"), '{ "limit": 5, "name": "mine" }');
  assert.deepEqual(
    (await listCache()).map(({ name }) => name),
    [entry(7)],
  );
  await assert.rejects(setCacheLimit(0), /cache\.json: expected the settings of the cache, it is something else; move/);
  assert.equal(await cacheLimit(), DEFAULT_CACHE_LIMIT);
  rmSync(join(folder, "cache.json"));
  await setCacheLimit(3);
  assert.equal((await fovea(place, "cache", "clear")).code, 0);
  assert.deepEqual(readdirSync(folder).sort(), ["cache.json", ...mine].sort());
});

test("images and features that are larger than the whole cache are told, but not where nothing is to be kept", async (t) => {
  const { place, folder } = cacheIn(t);
  assert.equal((await fovea(place, "synth", "hanzi", "--out", "set", "--scale", "0.002")).code, 0);
  const train = (name: string) =>
    fovea(place, "train", "set", "--model", "logistic", "--epochs", "1", "--threads", "1", "--out", name);
  await setCacheLimit(1000);
  const { code, stderr } = await train("a");
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /the decoded images of Train \(\d.*B\) are not kept for the next command: the whole cache may take 1000\.00 B; raise that with fovea cache limit/,
  );
  assert.deepEqual(readdirSync(folder), ["cache.json"]);
  await setCacheLimit(0);
  assert.doesNotMatch((await train("b")).stderr, /not kept/);
});

test("an empty cache is listed without making its folder", async (t) => {
  const folder = workplace(t);
  const { code, stdout } = await fovea(folder, "cache", "list");
  assert.equal(code, 0);
  assert.match(stdout, /0 files, 0\.00 B of at most 5\.00 GB/);
  assert.deepEqual(readdirSync(folder), []);
});

test("--version --json says all that a report of a fault should say, and makes nothing", async (t) => {
  const folder = workplace(t);
  const plain = await fovea(folder, "--version");
  const facts = JSON.parse((await fovea(folder, "--json", "--version")).stdout);
  assert.equal(`${facts.fovea}\n`, plain.stdout);
  assert.equal(facts.node, process.versions.node);
  assert.equal(facts.v8, process.versions.v8);
  assert.equal(facts.platform, process.platform);
  assert.ok(facts.cores >= 1 && facts.threads >= 1 && typeof facts.cpu === "string" && facts.memory > 0);
  assert.match(facts.simd, /^(relaxed|fixed)$/);
  assert.equal(facts.sharedMemory, true);
  assert.deepEqual(facts.cache, { folder: join(folder, ".cache"), limit: 5 * 2 ** 30 });
  assert.equal(facts.weights.folder, join(process.env.FOVEA_HOME ?? join(folder, ".cache"), "weights"));
  assert.deepEqual(readdirSync(folder), []);
});
