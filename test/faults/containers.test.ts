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
import "../formats/held-library.js";

/** Reads damaged copies of `good`: cut at, and changed in four ways at, every `step`th byte. */
async function survives(
  name: string,
  good: Uint8Array,
  read: (bytes: Uint8Array) => unknown,
  step = 1,
  timeLimit = 2000,
): Promise<void> {
  let refused = 0;
  const attempt = async (bytes: Uint8Array, what: string): Promise<void> => {
    const start = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      refused++;
      assert.ok(error instanceof FoveaError, `${name}, ${what}: ${error instanceof Error ? error.stack : error}`);
      assert.ok(!error.message.includes("\n"), `${name}, ${what}: ${error.message}`);
    }
    assert.ok(performance.now() - start < timeLimit, `${name}, ${what}: took too long`);
  };
  for (let at = 0; at < good.length; at += step) {
    await attempt(good.subarray(0, at), `cut at ${at}`);
    for (const value of [0, 0xff, good[at]! ^ 1, good[at]! ^ 0x80]) {
      const bytes = new Uint8Array(good);
      bytes[at] = value;
      await attempt(bytes, `byte ${at} = ${value}`);
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

test("damaged zip archives", async () => {
  await survives(
    "stored",
    writeZip([
      ["a/东", new Uint8Array(20)],
      ["b", new Uint8Array(3)],
    ]),
    readZip,
  );
  await survives(
    "deflated",
    zipSync({ a: new TextEncoder().encode("a".repeat(200)), b: [new Uint8Array(9), { level: 0 }] }),
    readZip,
  );
});

// Each read of an HDF5 file starts a thread, so the places are few.
test("damaged HDF5 files", async () => {
  for (const [name, good] of [
    ["ours", await writeHdf5(tree)],
    ["h5py, dense", fixture("dense.h5")],
    ["h5py, latest", fixture("latest.h5")],
    ["h5py, classic", fixture("classic.h5")],
  ] as const)
    await survives(name, good, readHdf5, Math.ceil(good.length / 2), 30_000);
});

test("an HDF5 file on which the library never returns", async () => {
  const bytes = readZip(fixture("trained.keras")).get("model.weights.h5")!;
  bytes[2096] = 255; // an object of the global heap that is longer than a heap can be
  const start = performance.now();
  await assert.rejects(
    () => readHdf5(bytes, { name: "x.h5", timeLimit: 1000 }),
    (error) =>
      error instanceof FoveaError &&
      error.message === "x.h5 cannot be read: the file is damaged; get another copy of it" &&
      /longer than 1000 ms/.test(JSON.stringify(error.cause)),
  );
  assert.ok(performance.now() - start < 20_000);
});

test("damaged .keras files", () => survives("keras", fixture("trained.keras"), readKerasArchive, 1201, 30_000));

test("damaged .npy files", () => survives("npy", writeNpy(tensor([[1, 2, 3]])), readNpy));

test("a small file cannot ask for much memory", async () => {
  const before = process.memoryUsage().arrayBuffers;
  // A megabyte of zeros claims to be four gigabytes.
  const packed = deflateSync(new Uint8Array(2 ** 20));
  const bytes = writeZip([["x", packed]]);
  const view = new DataView(bytes.buffer);
  const directory = view.getUint32(bytes.length - 6, true);
  view.setUint16(directory + 10, 8, true);
  view.setUint32(directory + 24, 2 ** 32 - 1, true);
  assert.throws(() => readZip(bytes), FoveaError);
  await assert.rejects(() => readHdf5(fixture("bomb.h5")), FoveaError);
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 27);
});
