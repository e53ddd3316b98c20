import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { decodeImage } from "../../src/data/decoders/index.js";
import { HANZI_CHARACTERS, OTHER_HANZI_CHARACTERS } from "../../src/data/generators/characters.js";
import { encodeHanzi, hanziCounts, hanziImage, synthesizeHanzi } from "../../src/data/generators/hanzi.js";
import { synthesizeHanziDataset, writeHanzi } from "../../src/data/generators/write.js";
import { writerOf } from "../../src/data/generators/writer.js";
import { loadImages } from "../../src/data/load.js";
import { sha256Hex } from "../../src/platform/hashing.js";
import { thisOwner } from "../../src/platform/leftovers.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-synth-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0);

test("the full set has the lecture's counts", () => {
  const train = hanziCounts("Train");
  const tests = hanziCounts("Test");
  assert.equal(HANZI_CHARACTERS.length, 55);
  assert.deepEqual([sum(train), sum(tests)], [32206, 7684]);
  assert.deepEqual([train.get("啖"), train.get("囡"), tests.get("啖"), tests.get("囡")], [240, 240, 60, 59]);
  const common = (counts: Map<string, number>) =>
    [...counts].filter(([name]) => !"啖囡".includes(name)).map(([, n]) => n);
  assert.deepEqual([Math.min(...common(train)), Math.max(...common(train))], [584, 604]);
  assert.deepEqual([Math.min(...common(tests)), Math.max(...common(tests))], [138, 145]);
  assert.deepEqual([...hanziCounts("Train", { scale: 0.001, characters: ["人"] })], [["人", 2]]);
});

test("a seed gives the same bytes for ever", async () => {
  const hashed: Uint8Array[] = [];
  for (const image of synthesizeHanzi({ scale: 0.004, seed: 1 })) hashed.push(image.pixels);
  assert.equal(
    await sha256Hex(Buffer.concat(hashed)),
    "7581daf69de1efc660ecc3eeab0133caa5aa2e4bf79f90355df98bc3c6e0b6fe",
  );
  const image = hanziImage("Test", "火", 3, 7);
  assert.deepEqual(hanziImage("Test", "火", 3, 7), image);
  assert.notDeepEqual(hanziImage("Test", "火", 3, 8).pixels, image.pixels);
  assert.notDeepEqual(hanziImage("Test", "火", 4, 7).pixels, image.pixels);
});

test("the other characters are apart from the lecture's, and a pen writes each of them", () => {
  assert.equal(OTHER_HANZI_CHARACTERS.length, 600);
  assert.deepEqual(
    OTHER_HANZI_CHARACTERS.filter((character) => HANZI_CHARACTERS.includes(character)),
    [],
  );
  assert.deepEqual([...hanziCounts("Train", { scale: 0.1, characters: ["七"] })], [["七", 60]]);
  for (const character of OTHER_HANZI_CHARACTERS) {
    const { width, height, pixels } = hanziImage("Train", character, 1);
    assert.ok(width > 0 && height > 0, character);
    assert.ok(
      pixels.some((grey) => grey < 100),
      `${character} has ink`,
    );
  }
});

test("sizes are those of scanned characters: taller than wide, within limits, cropped to the ink", () => {
  let tall = 0;
  let touching = 0;
  for (let index = 1; index <= 200; index++) {
    const { width, height, pixels } = hanziImage("Test", HANZI_CHARACTERS[index % 55]!, index);
    assert.ok(width >= 24 && width <= 144 && height >= 40 && height <= 173, `${width} x ${height}`);
    if (height > width) tall++;
    const top = pixels.subarray(0, 4 * width);
    if (top.some((grey) => grey < 230)) touching++;
  }
  assert.ok(tall > 140, `${tall} of 200 are taller than wide`);
  assert.ok(touching > 190, `${touching} of 200 begin with ink in the first rows`);
});

test("a fifth of Train is RGBA with a transparent margin, Test is all grey, and PNG keeps both", async () => {
  let framed = 0;
  for (let index = 1; index <= 200; index++) {
    assert.equal(hanziImage("Test", "山", index).channels, 1);
    const image = hanziImage("Train", "山", index);
    if (image.channels === 1) continue;
    framed++;
    assert.deepEqual([...image.pixels.subarray(0, 4)], [255, 255, 255, 0]);
    const middle = 4 * ((image.height >> 1) * image.width + (image.width >> 1));
    assert.equal(image.pixels[middle + 3], 255);
  }
  assert.ok(framed > 20 && framed < 60, `${framed} of 200`);
  for (const image of [hanziImage("Train", "山", 1), hanziImage("Test", "山", 1)]) {
    const decoded = await decodeImage(encodeHanzi(image), "山");
    assert.deepEqual([decoded.width, decoded.height, decoded.channels], [image.width, image.height, image.channels]);
    assert.deepEqual(decoded.data, image.pixels);
  }
});

test("nobody writes both for Train and for Test", () => {
  assert.ok(Math.max(...hanziCounts("Train").values()) < 1 << 20);
  assert.notDeepEqual(writerOf(0, 1), writerOf(0, (1 << 20) + 1));
  assert.deepEqual(writerOf(0, 1), writerOf(0, 1));
});

test("the written folder loads as the set in memory", async () => {
  const options = { scale: 0.005, seed: 2, characters: ["人", "大", "太"] };
  const loading = { threads: 1, cache: false };
  const told: number[] = [];
  const target = join(folder, "new", "set");
  const totals = await writeHanzi(target, options, (done, total) => told.push(done / total));
  assert.deepEqual(totals, { train: 9, test: 6 });
  assert.equal(told.at(-1), 1);
  assert.deepEqual(readdirSync(join(folder, "new")), ["set"], "no temporary folder stays");
  const empty = join(folder, "empty");
  const left = `.fovea-${(await thisOwner()).machine}-999999999-00000000.tmp`;
  mkdirSync(join(empty, left, "Train", "of a killed process"), { recursive: true });
  await writeHanzi(empty, options);
  assert.deepEqual(readdirSync(empty), ["Test", "Train"]);
  assert.deepEqual(readdirSync(join(empty, "Train")), ["人", "大", "太"]);
  const memory = await synthesizeHanziDataset({ ...options, ...loading });
  for (const split of ["Train", "Test"] as const)
    assert.deepEqual(await loadImages(join(target, split), { height: 80, width: 60, ...loading }), memory[split]);
});

test("what cannot be is said in one sentence, and nothing is left behind", async () => {
  const tiny = { scale: 0.005, characters: ["人", "大"] };
  const full = join(folder, "full");
  await writeHanzi(full, tiny);
  const before = readFileSync(join(full, "Train", "人", "1.png"));
  await assert.rejects(writeHanzi(full, tiny), /full is not empty; give a new or an empty folder/);
  assert.deepEqual(readFileSync(join(full, "Train", "人", "1.png")), before);
  writeFileSync(join(folder, "file"), "");
  await assert.rejects(writeHanzi(join(folder, "file"), tiny), /is a file; give the name of a new folder/);
  await assert.rejects(
    writeHanzi(join(folder, "x"), { scale: 0 }),
    /scale: expected a number above 0 and up to 1, received 0/,
  );
  await assert.rejects(
    writeHanzi(join(folder, "x"), { characters: ["A"] }),
    /characters: expected some of .*, received "A"/,
  );
  await assert.rejects(writeHanzi(join(folder, "x"), { ...tiny, seed: -1 }), /seed: expected a whole number/);
  assert.throws(() => hanziImage("Test", "人", 0), /hanziImage index: expected a whole number of at least 1/);
  assert.throws(() => hanziCounts("test" as "Test"), /split: expected one of Train, Test, received "test"/);
  assert.throws(() => hanziCounts("Test", { scales: 1 } as never), /hanzi: unknown option "scales"/);
  const abort = AbortSignal.abort(new Error("stopped"));
  await assert.rejects(writeHanzi(join(folder, "x"), { ...tiny, scale: 0.2 }, undefined, abort), /stopped/);
  assert.deepEqual(readdirSync(folder).sort(), ["empty", "file", "full", "new"]);
});
