// HDF5: files of h5py are read in every form it writes, ours come back whole, what cannot be read ends in words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { readHdf5 } from "../../src/formats/containers/hdf5/read.js";
import { groupAt, type Hdf5Group, hdf5Tree } from "../../src/formats/containers/hdf5/tree.js";
import { writeHdf5 } from "../../src/formats/containers/hdf5/write.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));

const sample = (): Hdf5Group =>
  hdf5Tree(
    {
      "layers/dense/vars/0": tensor([
        [1, -2.5],
        [3, 4],
        [5, 1e-30],
      ]),
      "layers/dense/vars/1": tensor([0, 0]),
      "optimizer/vars/0": { dtype: "int64", shape: [], data: BigInt64Array.of(-3n) },
      "东/木": { dtype: "uint8", shape: [3], data: Uint8Array.of(1, 2, 255), attributes: new Map([["unit", "像素"]]) },
      "东/text": { dtype: "string", shape: [2], data: ["", "林"] },
      empty: { dtype: "float64", shape: [0, 4], data: new Float64Array(0) },
    },
    {
      "": {
        名前: "東",
        list: ["a", "", "鱼"],
        none: [],
        int: -7,
        float: -0,
        huge: 2 ** 40,
        big: 2n ** 62n,
        floats: Float32Array.of(1, 2),
        long: new Float32Array(15_000).fill(7),
      },
      "layers/dense/vars": { name: "dense" },
    },
  );

test("h5py's classic form: symbol tables, every kind of element, chunks, text", async () => {
  const { attributes, datasets, groups } = await readHdf5(fixture("classic.h5"));
  const data = (name: string): unknown => datasets.get(name)!.data;
  assert.deepEqual(data("big_endian"), Float32Array.of(0, 1, 2, 3));
  assert.deepEqual(data("bool"), Int8Array.of(1, 0));
  assert.deepEqual(data("bytes"), ["东中", "b"]);
  assert.deepEqual(data("text"), ["东", "b"]);
  assert.deepEqual(data("int64"), BigInt64Array.of(5n));
  assert.deepEqual(data("float64"), Float64Array.of(0, 0.5, 1));
  assert.deepEqual(data("null"), new Float32Array(0));
  assert.deepEqual(datasets.get("empty")!.shape, [0, 3]);
  assert.deepEqual(datasets.get("chunked")!.shape, [30, 35]);
  assert.deepEqual(
    data("chunked"),
    Int32Array.from({ length: 1050 }, (_, index) => index),
  );
  assert.equal(attributes.get("long"), "x".repeat(70000));
  assert.deepEqual([...attributes].filter(([name]) => name !== "long").sort(), [
    ["bytes", "东"],
    ["float", 1.5],
    ["int", 3],
    ["list_of_bytes", ["东", "abc"]],
    ["list_of_text", ["东", "x"]],
    ["text", "东"],
  ]);
  assert.equal(groups.get("many")!.datasets.size, 300);
  assert.deepEqual(groups.get("many")!.datasets.get("299")!.data, Float32Array.of(7));
  assert.equal(groupAt(await readHdf5(fixture("classic.h5")), "a/b/c")!.attributes.get("deep"), "yes");
});

test("h5py's dense form, into which names that are not ASCII lead", async () => {
  const many = (await readHdf5(fixture("dense.h5"))).groups.get("many")!;
  assert.equal(many.datasets.size, 600);
  assert.deepEqual([...many.datasets.keys()].sort(), Array.from({ length: 600 }, (_, index) => `木${index}`).sort());
});

test("the newest form: attributes on a heap", async () => {
  const root = await readHdf5(fixture("latest.h5"));
  const { attributes } = root.groups.get("attributes")!;
  assert.equal(attributes.size, 40);
  for (let i = 0; i < 40; i++) assert.equal(attributes.get(`a${i}`), i);
  assert.deepEqual(root.datasets.get("x")!.data, Float32Array.of(0, 1, 2, 3, 4, 5));
});

test("what we write, we read", async () => {
  const flat = (group: Hdf5Group): unknown => ({
    attributes: Object.fromEntries(group.attributes),
    datasets: Object.fromEntries(
      [...group.datasets].map(([name, { dtype, shape, data, attributes }]) => [
        name,
        { dtype, shape, data, attributes: Object.fromEntries(attributes ?? []) },
      ]),
    ),
    groups: Object.fromEntries([...group.groups].map(([name, inner]) => [name, flat(inner)])),
  });
  assert.deepEqual(flat(await readHdf5(await writeHdf5(sample()))), flat(sample()));
});

test("more text than one collection of the global heap can number", async () => {
  const data = Array.from({ length: 70_000 }, (_, index) => `${index}`);
  const bytes = await writeHdf5(hdf5Tree({ x: { dtype: "string", shape: [70_000], data } }));
  assert.deepEqual((await readHdf5(bytes)).datasets.get("x")!.data, data);
});

test("what is refused, is refused in one sentence", async () => {
  const refuses = (read: () => Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(
      read,
      (error) => error instanceof FoveaError && message.test(error.message) && !error.message.includes("\n"),
      String(message),
    );
  const reading = (bytes: Uint8Array, maxBytes?: number) => (): Promise<unknown> =>
    readHdf5(bytes, { name: "x.h5", ...(maxBytes === undefined ? {} : { maxBytes }) });
  await refuses(reading(new Uint8Array(0)), /x\.h5: expected an HDF5 file, found other bytes/);
  await refuses(reading(new TextEncoder().encode("not a model at all")), /expected an HDF5 file/);
  await refuses(reading(fixture("link.h5")), /elsewhere is a link/);
  await refuses(reading(fixture("loop.h5")), /too deep, or contain each other/);
  await refuses(reading(fixture("bomb.h5")), /claims more content than it can hold/);
  assert.equal((await readHdf5(fixture("half.h5"))).datasets.values().next().value!.dtype, "float16");
  await refuses(reading(fixture("classic.h5").subarray(0, 50_000)), /x\.h5 cannot be read: the file is damaged/);
  await refuses(reading(await writeHdf5(sample()), 20), /more than the 20 bytes allowed/);

  const writing = (tree: Hdf5Group) => (): Promise<unknown> => writeHdf5(tree);
  await refuses(
    writing(hdf5Tree({ x: { dtype: "float32", shape: [3], data: new Float32Array(2) } })),
    /cannot hold 2 elements/,
  );
  await refuses(
    writing({ attributes: new Map(), groups: new Map([["a/b", hdf5Tree({})]]), datasets: new Map() }),
    /cannot be a name/,
  );
  await refuses(
    writing(hdf5Tree({}, { "": { long: new Float32Array(20_000) } })),
    /the attribute long takes 80046 bytes where at most 65535 fit/,
  );
  assert.throws(() => hdf5Tree({ a: tensor(1), "a/b": tensor(1) }), /passes through a dataset/);
  assert.equal((await readHdf5(await writeHdf5(sample()))).datasets.size, 1, "a failure leaves the library in order");
});
