// 16-bit grey PNG: scaled to 8 bits by the high byte, never cut at 255, and named where next to nothing is left to see.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspectFolder, loadImage } from "../../src/data/index.js";
import { fovea, workplace } from "../cli/fovea.js";
import { fixtureImage } from "../data/folder-fixture.js";
import { pngOf } from "./made-images.js";

const SIDE = 64;
const grey16 = (value: (x: number, y: number) => number, channels = 1): Uint8Array => {
  const samples = Uint16Array.from({ length: SIDE * SIDE * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return value(pixel % SIDE, Math.floor(pixel / SIDE));
  });
  return pngOf({ width: SIDE, height: SIDE, channels, data: samples });
};
const ramp = (x: number): number => Math.floor((x * 65535) / 63);
const RAMP = grey16(ramp);
const DARK = grey16((x) => Math.floor(ramp(x) / 109));

test("a ramp of 16 bits is a ramp of 8", async () => {
  const { data } = await loadImage(RAMP, { height: SIDE, width: SIDE, interpolation: "nearest" });
  assert.ok(Math.abs(data[32 * SIDE + 32]! - 130) <= 2);
  assert.equal(data[32 * SIDE + 10], 40);
  for (let x = 0; x < SIDE; x++) assert.equal(data[x], ramp(x) >> 8);
  const cut = await loadImage(RAMP, { depth: "cut" });
  assert.deepEqual([cut.data[0], cut.data[1], cut.data[32]], [0, 255, 255], "as older recipes have it");
});

test("grey with alpha, colours and interlaced rows of 16 bits keep their high byte", async () => {
  const alpha = await loadImage(grey16(ramp, 2));
  assert.deepEqual(alpha.shape, [SIDE, SIDE, 3], "Pillow calls it RGBA");
  assert.deepEqual([...alpha.data.subarray(3 * 10, 3 * 10 + 3)], [40, 40, 40]);
  const color = await loadImage(grey16(ramp, 3));
  assert.deepEqual([...color.data.subarray(3 * 32, 3 * 32 + 3)], [130, 130, 130]);
  const plain = await loadImage(fixtureImage("png-0-16-plain.png"));
  assert.ok(new Set(plain.data).size > 50, "and not all 255");
  assert.deepEqual((await loadImage(fixtureImage("png-0-16-adam7.png"))).shape, plain.shape);
});

test("inspect says that 16 bits become 8, and names images that show next to nothing", async (t) => {
  const folder = workplace(t);
  const eight = (value: (i: number) => number, channels = 1) =>
    pngOf({
      width: SIDE,
      height: SIDE,
      channels,
      data: Uint8Array.from({ length: SIDE * SIDE * channels }, (_, i) => value(i)),
    });
  const files = {
    "a/ramp16.png": RAMP,
    "a/dark16.png": DARK,
    "a/white.png": eight(() => 254),
    "a/black.png": eight((i) => (i === 77 ? 255 : 3)),
    "a/one-colour.png": eight((i) => [200, 30, 90][i % 3]!, 3),
    "a/in-its-alpha.png": eight((i) => (i % 4 === 3 ? (i >> 2) % 256 : 0), 4),
    "b/ramp8.png": eight((i) => 4 * (i % SIDE)),
    // The dot of a pen is no constant image.
    "b/dot.png": eight((i) => (i % SIDE < 3 && i < 3 * SIDE ? 0 : 255)),
    "b/same-luma.png": eight((i) => (i % (3 * SIDE) < 96 ? [255, 0, 0] : [0, 130, 0])[i % 3]!, 3),
  };
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, "set", path[0]!), { recursive: true });
    writeFileSync(join(folder, "set", path), bytes);
  }
  const { stdout } = await fovea(folder, "inspect", "set");
  assert.match(stdout, /2 images of 9 with 16 bits per sample: they are reduced to 8 bits/);
  assert.match(
    stdout,
    /a\/dark16\.png: nearly black: its values lie between 0 and 2 of 255, after its 16 bits were reduced/,
  );
  const { splits } = await inspectFolder(join(folder, "set"));
  const reasons = Object.fromEntries(splits[0]!.problems.map(({ path, reason }) => [path, reason]));
  assert.deepEqual(Object.keys(reasons), [
    ...["a/black.png", "a/dark16.png", "a/in-its-alpha.png", "a/one-colour.png", "a/white.png"],
  ]);
  assert.match(reasons["a/white.png"]!, /^nearly white: all its values are 254 of 255$/);
  assert.match(reasons["a/black.png"]!, /^nearly black/);
  assert.match(reasons["a/one-colour.png"]!, /^nearly of one colour: its values lie between 30 and 200 of 255$/);
  assert.match(reasons["a/in-its-alpha.png"]!, /^nearly black: .*; its picture may be in its transparency/);
  const byHeaders = await inspectFolder(join(folder, "set"), { verify: false });
  assert.deepEqual([byHeaders.splits[0]!.problems, byHeaders.splits[0]!.deep, byHeaders.verified], [[], 2, false]);
});
