// Small files that claim a lot: refused in a sentence before memory is taken or time is spent, and large images that are
// honest take turns. Files that are none (pipes, sockets, devices) are never waited for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { zlibSync } from "fflate";
import { inspectFolder, loadImage, loadImages, loadTable } from "../../src/data/index.js";
import { MemoryBudget } from "../../src/data/memory-budget.js";
import { pagedSource } from "../../src/platform/byte-source.js";
import { blockingFiles, readBytes } from "../../src/platform/files.js";
import { fovea, workplace } from "../cli/fovea.js";
import { fixtureImage } from "../data/folder-fixture.js";
import { joined, jpegOf, pngOf } from "./made-images.js";

/** A PNG whose header claims that size, colour type and depth; its pixels are of no matter. */
function claim(
  width: number,
  height: number,
  color: number,
  bits: number,
  idat = new Uint8Array(1_400_000),
): Uint8Array {
  const png = pngOf({ width: 1, height: 1, channels: 1, data: Uint8Array.of(0) });
  const view = new DataView(png.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  png.set([bits, color], 24);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, idat.length);
  return joined(
    png.subarray(0, 33),
    length,
    "IDAT",
    new Uint8Array(0),
    Buffer.concat([idat, new Uint8Array(4)]),
    png.subarray(-12),
  );
}

const rss = (): number => process.memoryUsage().rss;

test("16-bit RGBA of 1.4 GB out of 1.4 MB is refused by its header", async () => {
  const bomb = claim(13_377, 13_377, 6, 16);
  const before = rss();
  await assert.rejects(
    loadImage(bomb),
    /claims to be 13377 x 13377 pixels, and of its kind at most 67108863 in all are read/,
  );
  assert.ok(rss() - before < 200e6);
  await assert.rejects(loadImage(claim(60_000, 60_000, 0, 1)), /at most 178956970 in all/);
  await assert.rejects(loadImage(claim(12_000, 12_000, 6, 8, new Uint8Array(0))), /of its kind at most 134217727/);
});

test("large images in files too small for anything on them are refused", async () => {
  const gif = joined(
    "GIF89a",
    Uint8Array.of(0x41, 0x34, 0x41, 0x34, 0x80, 0, 0, 0, 0, 0, 255, 255, 255),
    ",\0\0\0\0\x01\0\x01\0\0",
    "\x02\x02\x4c\x01\0;",
  );
  await assert.rejects(loadImage(gif), /claims to be 13377 x 13377 pixels in a file of \d+ bytes, which is too small/);
  const jpeg = jpegOf({ width: 16, height: 16, channels: 1, data: new Uint8Array(256) });
  const frame = Buffer.from(jpeg).indexOf(Uint8Array.of(0xff, 0xc0));
  jpeg.set([0x32, 0xc8, 0x32, 0xc8], frame + 5);
  await assert.rejects(loadImage(jpeg), /claims to be 13000 x 13000 pixels in a file of \d+ bytes/);
  // An honest blank page of 20 megapixels.
  const rows = zlibSync(new Uint8Array(4000 * (1 + 625)), { level: 9 });
  const blank = claim(5000, 4000, 0, 1, rows);
  await assert.rejects(loadImage(blank, { height: 4, width: 4 }), /CRC/, "it is refused for its checksum alone");
});

test("a progressive JPEG of 3,000 scans is refused before it is decoded, one of 40 is not", async () => {
  const bytes = fixtureImage("jpeg-420-progressive.jpg");
  const last = Buffer.from(bytes).lastIndexOf(Uint8Array.of(0xff, 0xda));
  const scans = (count: number): Uint8Array =>
    joined(bytes.subarray(0, -2), ...Array.from({ length: count }, () => bytes.subarray(last, -2)), bytes.subarray(-2));
  await assert.rejects(loadImage(scans(3000)), /its 37 x 23 pixels come in more than 100 scans/);
  assert.deepEqual((await loadImage(scans(30))).shape, [23, 37, 3]);
});

test("memory is given out in order, more than there is to one alone", async () => {
  const budget = new MemoryBudget(100);
  const order: string[] = [];
  const ask = async (name: string, bytes: number) => {
    const release = await budget.reserve(bytes);
    order.push(name);
    return release;
  };
  const [first, second] = await Promise.all([ask("first", 60), ask("second", 40)]);
  const waiting = [ask("third", 500), ask("fourth", 10)];
  await new Promise((resume) => setTimeout(resume));
  assert.deepEqual(order, ["first", "second"]);
  first();
  first();
  await new Promise((resume) => setTimeout(resume));
  assert.deepEqual(order, ["first", "second"], "twice let go is let go once");
  second();
  const third = await waiting[0]!;
  assert.deepEqual(order, ["first", "second", "third"]);
  third();
  (await waiting[1]!)();
  assert.deepEqual(order, ["first", "second", "third", "fourth"]);
});

test("large images from several threads are the same as from one", async (t) => {
  const folder = workplace(t);
  // 12 megapixels of grey and an incompressible strip, so that threads are used: each must ask for memory.
  const data = Uint8Array.from({ length: 4000 * 3000 }, (_, i) =>
    i < 3_000_000 ? Math.imul(i, 2654435761) >>> 24 : 9,
  );
  for (const group of ["a", "b"]) {
    mkdirSync(join(folder, group));
    for (const n of [1, 2])
      writeFileSync(join(folder, group, `${n}.png`), pngOf({ width: 4000, height: 3000, channels: 1, data }));
  }
  const load = (threads: number) =>
    loadImages(folder, { height: 8, width: 6, interpolation: "box", threads, cache: false });
  const [single, many] = [await load(1), await load(3)];
  assert.deepEqual(many.x.data, single.x.data);
  assert.equal(many.contentHash, single.contentHash);
});

const isWindows = process.platform === "win32";
test("pipes, sockets, devices and made-up files are a sentence", {
  skip: isWindows && "Windows has none",
}, async (t) => {
  const folder = workplace(t);
  const pipe = join(folder, "set/a/pipe.jpg");
  for (const group of ["a", "b"]) mkdirSync(join(folder, "set", group), { recursive: true });
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  const socket = join(folder, "set/a/socket.png");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.after(() => server.close());
  symlinkSync("/dev/zero", join(folder, "set/b/zero.gif"));
  symlinkSync("/proc/self/status", join(folder, "set/b/made-up.bmp"));
  writeFileSync(join(folder, "set/a/good.jpg"), fixtureImage("jpeg-420.jpg"));
  writeFileSync(join(folder, "set/b/good.jpg"), fixtureImage("jpeg-420.jpg"));
  const expected: readonly (readonly [string, RegExp])[] = [
    [pipe, /it is a named pipe \(FIFO\), a file was expected; save its content as a file first$/],
    [socket, /it is a socket, a file was expected/],
    ["/dev/zero", /it is a device, a file was expected/],
    [folder, /it is a folder, a file was expected$/],
  ];
  const disk = await blockingFiles();
  for (const [path, said] of expected) {
    await assert.rejects(readBytes(path), said);
    await assert.rejects(loadImage(path), said);
    await assert.rejects(loadTable(path), said);
    assert.throws(() => disk.readBytes(path), said);
    assert.throws(() => disk.readHead(path, 10), said);
    assert.throws(() => disk.withSource(path, () => 1), said);
  }
  for (const verify of [false, true]) {
    const { splits } = await inspectFolder(join(folder, "set"), { verify });
    const reasons = splits[0]!.problems.map(({ path, reason }) => `${path}: ${reason}`).join("\n");
    for (const said of [/pipe\.jpg: .*FIFO/, /socket\.png: .*socket/, /zero\.gif: .*device/, /made-up\.bmp: .*empty/])
      assert.match(reasons, said);
  }
  const predicted = await fovea(folder, "predict", pipe, join(folder, "set/a/good.jpg"));
  assert.equal(predicted.code, 1);
  assert.match(predicted.stderr, /it is a named pipe \(FIFO\), a file was expected/);
});

test("a source by pages gives the bytes of the file, wherever it is asked", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
  let reads = 0;
  const source = pagedSource(bytes.length, (start, length) => {
    reads++;
    return bytes.subarray(start, start + length);
  });
  const places = [0, 8, 16, 5000, 5008, 4999, 19_998, 20_000, 30_000, 0];
  for (const start of places)
    for (const length of [0, 1, 8, 9000])
      assert.deepEqual(source.read(start, length), bytes.subarray(start, start + length));
  assert.ok(reads < 20, `${reads} reads`);
});
