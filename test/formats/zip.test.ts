// Zip archives: round trips, other writers' archives, and everything an archive may lie about.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import { crc32, crc32c } from "../../src/core/crc.js";
import { FoveaError } from "../../src/core/errors.js";
import { looksLikeZip, readZip, writeZip } from "../../src/formats/containers/zip.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const sample = (): [string, Uint8Array][] => [
  ["config.json", text("{}")],
  ["assets/东.txt", text("木".repeat(1000))],
  ["empty", new Uint8Array(0)],
];

test("checksums have their published check values", () => {
  assert.equal(crc32(text("123456789")), 0xcbf43926);
  assert.equal(crc32c(text("123456789")), 0xe3069283);
});

test("what we write, we read, in order and always the same bytes", () => {
  const bytes = writeZip(sample());
  assert.deepEqual(writeZip(sample()), bytes);
  assert.ok(looksLikeZip(bytes));
  assert.deepEqual([...readZip(bytes)], sample());
  assert.deepEqual([...readZip(writeZip([]))], []);
});

test("deflated archives of another writer are read", () => {
  const bytes = zipSync({ a: text("a".repeat(10_000)), "b/c": [text("c"), { level: 0 }], "d/": new Uint8Array(0) });
  const entries = readZip(bytes);
  assert.deepEqual([...entries.keys()], ["a", "b/c"]);
  assert.deepEqual(entries.get("a"), text("a".repeat(10_000)));
});

/** Place of the first entry's record in the directory. */
function directoryOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6, true);
}

test("an archive that lies is refused in one sentence", () => {
  const refuses = (
    change: (view: DataView, directory: number) => void,
    message: RegExp,
    source = writeZip(sample()),
  ) => {
    const bytes = new Uint8Array(source);
    change(new DataView(bytes.buffer), directoryOf(bytes));
    assert.throws(
      () => readZip(bytes, { name: "x.zip" }),
      (error) => error instanceof FoveaError && message.test(error.message) && error.message.startsWith("x.zip: "),
    );
  };
  const deflated = zipSync({ a: text("a".repeat(10_000)) });
  refuses((view, at) => view.setUint16(at + 8, 1, true), /encrypted/);
  refuses((view, at) => view.setUint16(at + 10, 14, true), /method 14/);
  refuses((view, at) => view.setUint32(at + 24, 2 ** 31, true), /impossible/);
  refuses((view, at) => view.setUint32(at + 24, 2 ** 31, true), /impossible/, deflated);
  refuses((view, at) => view.setUint32(at + 24, 9_999, true), /damaged/, deflated);
  refuses((view, at) => view.setUint32(at + 24, 10_001, true), /damaged/, deflated);
  refuses((view, at) => view.setUint32(at + 42, 7, true), /damaged/);
  refuses((view, at) => view.setUint8(at + 46, 0x5c), /backslash/);
  refuses((view, at) => view.setUint8(at + 46, 0x2f), /absolute/);
  refuses((view) => view.setUint8(30 + 11, 0x20), /"config.json" is damaged/);
  refuses((view) => view.setUint32(view.byteLength - 42, 0x07064b50, true), /zip64/);
  assert.throws(() => readZip(writeZip(sample()).subarray(0, 60)), /no end record/);
  assert.throws(() => readZip(writeZip(sample()), { maxBytes: 100 }), /more than the 100 bytes allowed/);
  assert.throws(() => readZip(writeZip(sample()), { maxEntries: 2 }), /3 entries/);
  assert.throws(() => writeZip([["../evil", text("")]]), /climbs out/);
  const twice = writeZip([
    ["a", text("1")],
    ["b", text("2")],
  ]);
  twice[directoryOf(twice) + 46 + 47] = 0x61;
  assert.throws(() => readZip(twice), /"a" is in it twice/);
});
