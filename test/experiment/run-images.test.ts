// images.json of a run: its files are told in the order of the rows, which is that of the evaluation, whatever they are called.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodePng } from "../../src/data/index.js";
import { closeData, imageData, loadData, UPRIGHT } from "../../src/experiment/index.js";
import { readRunImages, writeRunImages } from "../../src/experiment/run/images.js";

const SHA256 = "a".repeat(64);
const NAMES = ["b", "12", "__proto__", "a", "3"];

test("names that are whole numbers keep their places", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-run-images-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [level, name] of NAMES.entries()) {
    const data = new Uint8Array(64).fill(level);
    writeFileSync(join(folder, name), encodePng({ dtype: "uint8", shape: [8, 8, 1], data }));
  }
  writeFileSync(join(folder, "list.csv"), `path,label\n${NAMES.map((name, i) => `${name},${"cd"[i % 2]}\n`).join("")}`);
  const look = { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos", ...UPRIGHT } as const;
  const list = join(folder, "list.csv");
  const data = imageData(await loadData({ train: list, test: list }, look, { validation: 0.4, seed: 1 }));
  t.after(() => closeData(data));
  const parts = readRunImages(writeRunImages(data, SHA256), SHA256);
  const { samples, rows } = data.parts.test;
  assert.deepEqual(
    parts?.test.files.map((file) => file.split("/").at(-1)),
    Array.from(rows, (row) => samples.files[row]),
  );
  assert.deepEqual(
    parts?.test.hashes,
    Array.from(rows, (row) => samples.hashes![row]),
  );
});

test("records of the first version are read, and say whether their order is the part's", () => {
  const text = (...files: readonly string[]): string => {
    const part = Object.fromEntries(files.map((file) => [file, SHA256]));
    return JSON.stringify({ version: 1, weights_sha256: SHA256, parts: { train: {}, validation: {}, test: part } });
  };
  const [kept, moved] = [text("b.png", "a.png"), text("b.png", "12")].map((list) => readRunImages(list, SHA256)?.test);
  assert.deepEqual([kept?.files, kept?.isInOrder], [["b.png", "a.png"], true]);
  assert.deepEqual([moved?.files, moved?.isInOrder], [["12", "b.png"], false]);
});
