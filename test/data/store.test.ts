// Stores of images: the same rows from memory, from the cache file and on demand, for images of every kind; damage of the
// cache file; readers at the same time; limits of memory and their sentences; images that change meanwhile.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { encode } from "fast-png";
import { parseByteSize, showByteSize } from "../../src/core/byte-size.js";
import {
  type ClassifiedImages,
  loadImages,
  MemoryStore,
  type OpenOptions,
  openImages,
  openListing,
} from "../../src/data/index.js";
import { listClassFolders } from "../../src/data/sources/class-listing.js";
import { fileBytes, HEAD_BYTES, slotBytes } from "../../src/data/store/cache-layout.js";
import { memoryFor } from "../../src/data/store/memory-bound.js";
import { CacheStore, OnDemandStore } from "../../src/data/store/streamed-stores.js";
import { setCacheLimit } from "../../src/platform/cache.js";
import { fill, fixtureImage, temporaryFolder } from "./folder-fixture.js";

const cache = temporaryFolder();
process.env.FOVEA_CACHE = cache;
beforeEach(async () => {
  for (const name of await readdir(cache)) await rm(join(cache, name));
});
const cacheFiles = async (): Promise<string[]> => (await readdir(cache)).filter((name) => name.endsWith(".images"));

const size = { height: 8, width: 6 } as const;
const IMAGE = 8 * 6;
/** Two batches of two images: less than the 13 images that can be decoded. */
const STREAMED = { memory: 4 * IMAGE, batchSize: 2, skipBad: true, threads: 0 } as const;

const KINDS = [
  ...["png-0-1-plain.png", "png-2-8-plain.png", "png-3-4-plain.png", "png-4-8-plain.png", "png-6-8-adam7.png"],
  ...["jpeg-420.jpg", "jpeg-grey.jpg", "jpeg-orientation.jpg", "gif-palette.gif", "bmp-RGB.bmp", "webp-alpha.webp"],
];
const BAD = { "东/!.png": new Uint8Array(0), "东/05.png": fixtureImage("png-2-8-plain.png").slice(0, 300) };

/** Images of every kind in two classes, with two among them that cannot be decoded. */
const mixed = (): Promise<string> =>
  fill(temporaryFolder(), {
    ...BAD,
    ...Object.fromEntries(
      KINDS.map((name, i) => [`${i % 2 === 0 ? "东" : "鸟"}/${String(i).padStart(2, "0")}-${name}`, name]),
    ),
    "鸟/16.png": encode({
      width: 9,
      height: 5,
      data: Uint16Array.from({ length: 45 }, (_, i) => 1400 * i),
      channels: 1,
      depth: 16,
    }),
    "鸟/99.png": "png-6-8-plain.png",
  });

/** All facts but the store. */
const facts = ({ images: _, ...rest }: ClassifiedImages) => ({ ...rest, y: [...rest.y.data] });

/** A folder opened in each way. */
async function threeWays(folder: string, options: OpenOptions): Promise<Record<string, ClassifiedImages>> {
  const memory = await openImages(folder, { ...options, memory: "1GB", cache: false });
  const demand = await openImages(folder, { ...options, cache: false });
  const written = await openImages(folder, options);
  const found = await openImages(folder, options);
  return { memory, demand, written, found };
}

test("memory, cache file and decoding on demand give the same rows and facts, in grey and in colour", async () => {
  const folder = await mixed();
  for (const color of ["grayscale", "rgb"] as const) {
    const channels = color === "rgb" ? 3 : 1;
    const options = { ...size, ...STREAMED, memory: 4 * IMAGE * channels, color };
    const { x, y, take: _, slice: __, ...loaded } = await loadImages(folder, { ...size, color, skipBad: true });
    await rm(join(cache, (await cacheFiles())[0]!));
    const ways = await threeWays(folder, options);
    assert.ok(ways.memory!.images instanceof MemoryStore);
    assert.ok(ways.demand!.images instanceof OnDemandStore && !(ways.demand!.images instanceof CacheStore));
    assert.ok(ways.written!.images instanceof CacheStore && ways.found!.images instanceof CacheStore);
    for (const [name, data] of Object.entries(ways)) {
      assert.deepEqual(facts(data), { ...facts({ ...loaded, y }) }, name);
      assert.deepEqual([data.images.count, data.images.shape], [13, [8, 6, channels]]);
      for (const rows of [[0], [12, 0, 7, 7], [3, 4, 5, 6], [...x.shape.slice(0, 1), 1].map((n) => n - 1), []]) {
        const pixels = await data.images.rows(Int32Array.from(rows));
        assert.deepEqual(pixels.shape, [rows.length, 8, 6, channels]);
        const length = IMAGE * channels;
        const expected = rows.flatMap((row) => [...x.data.subarray(row * length, (row + 1) * length)]);
        assert.deepEqual([...pixels.data], expected, `${name}: rows ${rows}`);
      }
      await data.images.close?.();
    }
  }
});

test("images from code are decoded on demand, and give the rows of a folder", async () => {
  const folder = await mixed();
  const loaded = await loadImages(folder, { ...size, skipBad: true, cache: false });
  const sources = loaded.files.map((path) => ({
    path,
    size: 1,
    bytes: async () => new Uint8Array(await readFile(join(folder, path))),
  }));
  const data = await openImages(sources, { ...size, ...STREAMED });
  assert.ok(data.images instanceof OnDemandStore);
  assert.deepEqual(await cacheFiles(), []);
  assert.deepEqual((await data.images.rows(Int32Array.from(sources.keys()))).data, loaded.x.data);
  await data.images.close?.();
});

test("a listing says by `kept` which of its images are there", async () => {
  const listing = await listClassFolders(await mixed(), {});
  const { kept, files, images } = await openListing(listing, { ...size, ...STREAMED });
  assert.deepEqual(
    files,
    Array.from(kept, (number) => listing.images[number]!.path),
  );
  assert.deepEqual([listing.images.length, files.length, kept[0]], [15, 13, 1]);
  await images.close?.();
  await assert.rejects(
    openListing(listing, { ...size, ...STREAMED, skipBad: false }),
    /2 of 15 images cannot be decoded/,
  );
  await assert.rejects(openListing(listing, { classNames: [] } as never), /openListing: unknown option "classNames"/);
});

/** Changes one byte of a file. */
async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, at);
  await file.write(
    byte.map((value) => value ^ 1),
    0,
    1,
    at,
  );
  await file.close();
}

test("a damaged slot is decoded again and the file goes; damage elsewhere means decoding anew", async () => {
  const folder = await mixed();
  const options = { ...size, ...STREAMED };
  const { x } = await loadImages(folder, { ...size, skipBad: true });
  const path = join(cache, (await cacheFiles())[0]!);
  const all = Int32Array.from({ length: 13 }, (_, i) => i);
  const bytes = (await stat(path)).size;
  const slot = (number: number): number => HEAD_BYTES + number * slotBytes(IMAGE);
  // Pixels of an image, its checksum; then magic, place of the facts, their hash, the facts themselves.
  const inSlots = [slot(1) + 5, slot(14) + IMAGE - 1, slot(8) + IMAGE + 3];
  for (const at of [...inSlots, 3, 17, 40, bytes - 1, bytes - 200]) {
    assert.deepEqual(await cacheFiles(), [path.slice(cache.length + 1)]);
    await flip(path, at);
    const data = await openImages(folder, options);
    assert.ok(data.images instanceof CacheStore);
    assert.deepEqual((await data.images.rows(all)).data, x.data, `byte ${at}`);
    assert.equal((await cacheFiles()).length, inSlots.includes(at) ? 0 : 1, "a file with a damaged slot is removed");
    assert.deepEqual((await data.images.rows(all)).data, x.data);
    await data.images.close?.();
    await (await openImages(folder, options)).images.close?.();
    assert.equal((await stat(path)).size, bytes, "the file is whole again");
  }
  // Two slots that have changed places are whole, and each in the wrong place.
  const file = await open(path, "r+");
  const [a, b] = [new Uint8Array(slotBytes(IMAGE)), new Uint8Array(slotBytes(IMAGE))];
  await file.read(a, 0, a.length, slot(2));
  await file.read(b, 0, b.length, slot(3));
  await file.write(b, 0, b.length, slot(2));
  await file.write(a, 0, a.length, slot(3));
  await file.close();
  assert.deepEqual((await loadImages(folder, { ...size, skipBad: true })).x.data, x.data);
});

test("a file that is cut short while it is read is no wrong pixel", async () => {
  const folder = await mixed();
  const { x } = await loadImages(folder, { ...size, skipBad: true });
  const data = await openImages(folder, { ...size, ...STREAMED });
  const file = await open(join(cache, (await cacheFiles())[0]!), "r+");
  await file.truncate(HEAD_BYTES + 5 * slotBytes(IMAGE));
  await file.close();
  assert.deepEqual((await data.images.rows(Int32Array.from({ length: 13 }, (_, i) => i))).data, x.data);
  await data.images.close?.();
});

test("several readers at a time get their own rows", async () => {
  const folder = await mixed();
  const { x } = await loadImages(folder, { ...size, skipBad: true });
  const ways = await threeWays(folder, { ...size, ...STREAMED, threads: 2 });
  for (const [name, { images }] of Object.entries(ways)) {
    const wanted = Array.from({ length: 40 }, (_, n) =>
      Int32Array.from({ length: 1 + (n % 5) }, (_, i) => (7 * n + 3 * i) % 13),
    );
    const answers = await Promise.all(wanted.map((rows) => images.rows(rows)));
    for (const [n, { data }] of answers.entries())
      assert.deepEqual(
        [...data],
        [...wanted[n]!].flatMap((row) => [...x.data.subarray(row * IMAGE, (row + 1) * IMAGE)]),
        name,
      );
    await images.close?.();
  }
});

test("an image that changes while it is in use is an error and no other picture", async () => {
  const folder = await mixed();
  const data = await openImages(folder, { ...size, ...STREAMED, cache: false });
  const row = data.files.indexOf("鸟/99.png");
  await fill(folder, { "鸟/99.png": "png-0-8-plain.png" });
  const wanted = Int32Array.of(0, row);
  await assert.rejects(
    async () => data.images.rows(wanted),
    /鸟\/99.png: this image has changed since it was first read;/,
  );
  await writeFile(join(folder, "鸟/99.png"), "");
  await assert.rejects(async () => data.images.rows(wanted), /鸟\/99.png: .* changed .* \(the file is empty/);
  await data.images.close?.();
});

test("where the cache may hold too little, or nothing, images are decoded on demand", async () => {
  const folder = await mixed();
  const { x } = await loadImages(folder, { ...size, skipBad: true, cache: false });
  const rows = Int32Array.of(12, 3);
  const expected = [...rows].flatMap((row) => [...x.data.subarray(row * IMAGE, (row + 1) * IMAGE)]);
  const check = async (): Promise<void> => {
    const data = await openImages(folder, { ...size, ...STREAMED });
    assert.ok(!(data.images instanceof CacheStore));
    assert.deepEqual([...(await data.images.rows(rows)).data], expected);
    await data.images.close?.();
  };
  await setCacheLimit(500);
  await check();
  await writeFile(join(cache, "file"), "");
  process.env.FOVEA_CACHE = join(cache, "file");
  try {
    await check();
  } finally {
    process.env.FOVEA_CACHE = cache;
  }
});

test("nothing is left behind where images cannot be decoded", async () => {
  const folder = await mixed();
  await assert.rejects(
    openImages(folder, { ...size, ...STREAMED, skipBad: false }),
    /2 of 15 images cannot be decoded/,
  );
  assert.deepEqual(await readdir(cache), []);
});

test("the bytes of a cache file are known before it is written, and it is closed where its images are refused", async () => {
  const whole = await fill(temporaryFolder(), { "东/0.png": KINDS[0]!, "鸟/1.png": KINDS[1]!, "鸟/2.png": KINDS[2]! });
  const options = { ...size, batchSize: 1, memory: 2 * IMAGE, threads: 0 };
  await (await openImages(whole, options)).images.close?.();
  const [name] = await cacheFiles();
  assert.equal((await stat(join(cache, name!))).size, fileBytes(3, IMAGE));

  const bad = await mixed();
  await (await openImages(bad, { ...size, ...STREAMED })).images.close?.();
  assert.equal((await cacheFiles()).length, 2);
  const openFiles = (): string[] =>
    existsSync(OPEN)
      ? readdirSync(OPEN)
          .flatMap(linkOf)
          .filter((to) => to.startsWith(cache))
      : [];
  for (const memory of [STREAMED.memory, "1GB"])
    await assert.rejects(openImages(bad, { ...size, ...STREAMED, memory, skipBad: false }), /cannot be decoded/);
  assert.deepEqual(openFiles(), []);
  await assert.rejects(
    openImages(bad, { memoryInUse: -1 }),
    /openImages memoryInUse: expected a finite number from 0 to/,
  );
});

/** Files that this process has open, on Linux. */
const OPEN = "/proc/self/fd";
function linkOf(descriptor: string): string[] {
  try {
    return [readlinkSync(join(OPEN, descriptor))];
  } catch {
    return [];
  }
}

test("a limit is a size with its unit, and holds two batches", async () => {
  assert.deepEqual(
    ["64MB", "1.5 gb", "600KB", "0", "12 B"].map((text) => parseByteSize("memory", text)),
    [64 * 2 ** 20, 1.5 * 2 ** 30, 600 * 1024, 0, 12],
  );
  assert.deepEqual([0, 1, 1023, 1024, 614_400, 614_401, 3 * 2 ** 30].map(showByteSize), [
    ...["0 B", "1 B", "1023 B", "1 KB", "600 KB", "600.1 KB", "3 GB"],
  ]);
  const folder = await mixed();
  for (const memory of ["64", "MB", "-1MB", "1e3KB", "64 XB", ""])
    await assert.rejects(openImages(folder, { memory }), /memory: expected a size with its unit, such as 64MB or 2GB/);
  await assert.rejects(openImages(folder, { memory: Number.NaN }), /memory: expected a finite number/);
  await assert.rejects(
    openImages(folder, { height: 80, width: 60, memory: "1KB", batchSize: 2, skipBad: true }),
    /^FoveaError: memory 1 KB \(--memory\) holds less than one batch of 2 images of 4,800 bytes and the next one, which is fetched meanwhile; give at least 18.8 KB$/,
  );
  // The sentence's own advice is taken, and images that fit need no two batches.
  const opened = await openImages(folder, { height: 80, width: 60, memory: "18.8KB", batchSize: 2, skipBad: true });
  await opened.images.close?.();
  const few = await openImages(folder, { ...size, memory: 15 * IMAGE, batchSize: 64, skipBad: true });
  assert.ok(few.images instanceof MemoryStore);
});

test("memory that other images hold is not there twice, and two batches fit in any case", async () => {
  const wish = { memory: 1000, inUse: 900, batchSize: 2 };
  assert.equal(await memoryFor(wish, 10, 5000), 100);
  assert.equal(await memoryFor({ ...wish, inUse: 990 }, 10, 5000), 40);
  const usual = await memoryFor({ ...wish, memory: undefined, inUse: 0 }, 10, 5000);
  assert.ok(usual > 2 ** 20, `a quarter of the free memory: ${usual}`);
  assert.equal(await memoryFor({ ...wish, memory: undefined, inUse: 2 ** 60 }, 10, 5000), 40);
});
