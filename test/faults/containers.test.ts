// Files damaged at every place: reading ends in a value or in a FoveaError, soon, and never in anything else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateSync, zipSync } from "fflate";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { readHdf5 } from "../../src/formats/containers/hdf5/read.js";
import { hdf5Tree } from "../../src/formats/containers/hdf5/tree.js";
import { writeHdf5 } from "../../src/formats/containers/hdf5/write.js";
import { readNpy, writeNpy } from "../../src/formats/containers/npy.js";
import { readZip, writeZip } from "../../src/formats/containers/zip.js";
import { readKerasArchive } from "../../src/formats/models/keras-archive.js";

/** Reads damaged copies of `good`: cut at, and changed in four ways at, every `step`th byte. */
function survives(name: string, good: Uint8Array, read: (bytes: Uint8Array) => unknown, step = 1): void {
  let refused = 0;
  const attempt = (bytes: Uint8Array, what: string): void => {
    const start = performance.now();
    try {
      read(bytes);
    } catch (error) {
      refused++;
      assert.ok(error instanceof FoveaError, `${name}, ${what}: ${error instanceof Error ? error.stack : error}`);
      assert.ok(!error.message.includes("\n"), `${name}, ${what}: ${error.message}`);
    }
    assert.ok(performance.now() - start < 2000, `${name}, ${what}: took too long`);
  };
  for (let at = 0; at < good.length; at += step) {
    attempt(good.subarray(0, at), `cut at ${at}`);
    for (const value of [0, 0xff, good[at]! ^ 1, good[at]! ^ 0x80]) {
      const bytes = new Uint8Array(good);
      bytes[at] = value;
      attempt(bytes, `byte ${at} = ${value}`);
    }
  }
  assert.ok(refused > 0, `${name}: no damage was noticed`);
}

const tree = hdf5Tree(
  { "layers/dense/vars/0": tensor([[1, 2]]), text: { dtype: "string", shape: [2], data: ["东", "木"] } },
  { "": { name: "模型" }, "layers/dense/vars": { name: "dense" } },
);
const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));

test("damaged zip archives", () => {
  survives(
    "stored",
    writeZip([
      ["a/东", new Uint8Array(20)],
      ["b", new Uint8Array(3)],
    ]),
    readZip,
  );
  survives(
    "deflated",
    zipSync({ a: new TextEncoder().encode("a".repeat(200)), b: [new Uint8Array(9), { level: 0 }] }),
    readZip,
  );
});

test("damaged HDF5 files", () => {
  survives("ours", writeHdf5(tree), readHdf5, 5);
  survives("h5py, dense", fixture("dense.h5"), readHdf5, 997);
  survives("h5py, latest", fixture("latest.h5"), readHdf5, 17);
  survives("h5py, classic", fixture("classic.h5"), readHdf5, 1499);
});

test("damaged .keras files", () => survives("keras", fixture("trained.keras"), readKerasArchive, 401));

test("damaged .npy files", () => survives("npy", writeNpy(tensor([[1, 2, 3]])), readNpy));

test("a small file cannot ask for much memory", () => {
  const before = process.memoryUsage().arrayBuffers;
  // A megabyte of zeros claims to be four gigabytes.
  const packed = deflateSync(new Uint8Array(2 ** 20));
  const bytes = writeZip([["x", packed]]);
  const view = new DataView(bytes.buffer);
  const directory = view.getUint32(bytes.length - 6, true);
  view.setUint16(directory + 10, 8, true);
  view.setUint32(directory + 24, 2 ** 32 - 1, true);
  assert.throws(() => readZip(bytes), FoveaError);
  assert.throws(() => readHdf5(fixture("bomb.h5")), FoveaError);
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 27);
});
