// HDF5: files of h5py are read in every form it writes, ours are read by the reference library, damage ends in words.
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
        int: -7,
        float: -0,
        huge: 2 ** 40,
        big: 2n ** 62n,
        floats: Float32Array.of(1, 2),
      },
      "layers/dense/vars": { name: "dense" },
    },
  );

test("h5py's classic form: symbol tables, every kind of element, chunks, text", () => {
  const { attributes, datasets, groups } = readHdf5(fixture("classic.h5"));
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
  assert.equal(groupAt(readHdf5(fixture("classic.h5")), "a/b/c")!.attributes.get("deep"), "yes");
});

test("h5py's dense form, into which names that are not ASCII lead", () => {
  const many = readHdf5(fixture("dense.h5")).groups.get("many")!;
  assert.equal(many.datasets.size, 600);
  assert.deepEqual([...many.datasets.keys()].sort(), Array.from({ length: 600 }, (_, index) => `木${index}`).sort());
});

test("the newest form: attributes on a heap", () => {
  const root = readHdf5(fixture("latest.h5"));
  const { attributes } = root.groups.get("attributes")!;
  assert.equal(attributes.size, 40);
  for (let i = 0; i < 40; i++) assert.equal(attributes.get(`a${i}`), i);
  assert.deepEqual(root.datasets.get("x")!.data, Float32Array.of(0, 1, 2, 3, 4, 5));
});

test("what we write, we read; twice the same tree is twice the same bytes", () => {
  const bytes = writeHdf5(sample());
  assert.deepEqual(writeHdf5(sample()), bytes);
  const back = readHdf5(bytes);
  const flat = (group: Hdf5Group): unknown => ({
    attributes: Object.fromEntries(group.attributes),
    datasets: [...group.datasets].map(([name, { dtype, shape, data, attributes }]) => [
      name,
      { dtype, shape, data, attributes: Object.fromEntries(attributes ?? []) },
    ]),
    groups: [...group.groups].map(([name, inner]) => [name, flat(inner)]),
  });
  assert.deepEqual(flat(back), flat(sample()));
});

test("more text than one collection of the global heap can number", () => {
  const data = Array.from({ length: 70_000 }, (_, index) => `${index}`);
  const bytes = writeHdf5(hdf5Tree({ x: { dtype: "string", shape: [70_000], data } }));
  assert.deepEqual(readHdf5(bytes).datasets.get("x")!.data, data);
});

test("the reference library reads what we write, and we read what it writes", async () => {
  const { File, Dataset, Group, ready } = await import("h5wasm");
  const { FS } = await ready;
  FS.writeFile("/ours.h5", writeHdf5(sample()));
  const file = new File("/ours.h5", "r");
  const value = (path: string): unknown => {
    const found = file.get(path);
    assert.ok(found instanceof Dataset, path);
    return found.value;
  };
  assert.deepEqual(value("layers/dense/vars/0"), Float32Array.of(1, -2.5, 3, 4, 5, 1e-30));
  assert.equal(value("optimizer/vars/0"), -3n);
  assert.deepEqual(value("东/木"), Uint8Array.of(1, 2, 255));
  assert.deepEqual(value("东/text"), ["", "林"]);
  assert.deepEqual(file.get_attribute("名前", false), "東");
  assert.deepEqual(file.get_attribute("list", false), ["a", "", "鱼"]);
  assert.deepEqual(file.get_attribute("huge", false), 2 ** 40);
  const vars = file.get("layers/dense/vars");
  assert.ok(vars instanceof Group);
  assert.equal(vars.get_attribute("name", false), "dense");
  file.close();

  const theirs = new File("/theirs.h5", "w");
  theirs.create_attribute("name", "模型");
  for (let i = 0; i < 30; i++) theirs.create_dataset({ name: `木${i}`, data: Float32Array.of(i, -i), shape: [1, 2] });
  theirs.close();
  const read = readHdf5(FS.readFile("/theirs.h5"));
  assert.equal(read.attributes.get("name"), "模型");
  assert.equal(read.datasets.size, 30);
  assert.deepEqual(read.datasets.get("木7"), {
    dtype: "float32",
    shape: [1, 2],
    data: Float32Array.of(7, -7),
    attributes: new Map(),
  });
});

test("what is refused, is refused in one sentence", () => {
  const refuses = (bytes: Uint8Array, message: RegExp): void =>
    assert.throws(
      () => readHdf5(bytes, { name: "x.h5" }),
      (error) => error instanceof FoveaError && message.test(error.message) && !error.message.includes("\n"),
    );
  refuses(new Uint8Array(0), /x\.h5: expected an HDF5 file, found other bytes/);
  refuses(new TextEncoder().encode("not a model at all"), /expected an HDF5 file/);
  refuses(fixture("link.h5"), /elsewhere is a link/);
  refuses(fixture("loop.h5"), /more than 100 deep|in circles/);
  refuses(fixture("bomb.h5"), /more content than its size can hold|never written/);
  refuses(fixture("half.h5"), /type class 1 with 2 bytes/);
  refuses(fixture("classic.h5").subarray(0, 50_000), /cut short: 50000 of/);
  assert.throws(() => readHdf5(writeHdf5(sample()), { maxBytes: 20 }), /20 bytes allowed/);
  assert.throws(
    () => writeHdf5(hdf5Tree({ x: { dtype: "float32", shape: [3], data: new Float32Array(2) } })),
    FoveaError,
  );
  assert.throws(() => writeHdf5(hdf5Tree({}, { "": { long: new Float32Array(20_000) } })), /at most 65535/);
  assert.throws(() => hdf5Tree({ a: tensor(1), "a/b": tensor(1) }), /passes through a dataset/);
});
