// Numbers of 16 bits: every one of them and some 320,000 roundings are NumPy's, and files of every format that has a place
// for them give rounded weights back.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { HALVES, type HalfName } from "../../src/formats/containers/half.js";
import { readHdf5 } from "../../src/formats/containers/hdf5/read.js";
import { hdf5Tree } from "../../src/formats/containers/hdf5/tree.js";
import { writeHdf5 } from "../../src/formats/containers/hdf5/write.js";
import { readSafetensors } from "../../src/formats/containers/safetensors.js";
import { convert, WRITTEN, WRITTEN_FORMATS } from "../../src/formats/models/convert.js";
import { saveKeras } from "../../src/formats/models/keras.js";
import { sequential } from "../../src/index.js";
import { conv2d, dense, flatten, input, maxPooling2d } from "../../src/nn/layers/index.js";

interface Expected {
  readonly floats: string;
  readonly asked: string;
  readonly nearest: string;
  readonly count: number;
}

const file = new URL("../../../test/formats/fixtures/halves.json", import.meta.url);
const expected: Record<HalfName, Expected> = JSON.parse(readFileSync(file, "utf8"));

const hashed = (array: ArrayBufferView): string =>
  createHash("sha256")
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest("hex");

/** Words of the generator of tools/half-fixtures.py. */
function drawn(count: number): Uint32Array {
  let state = 17;
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  });
}

const floatsOf = (words: readonly number[]): Float32Array => new Float32Array(Uint32Array.from(words).buffer);

for (const dtype of ["float16", "bfloat16"] as const)
  test(`${dtype}: all numbers, and the nearest to the middles and to random ones, as NumPy has them`, () => {
    const { pack, unpack } = HALVES[dtype];
    const all = unpack(Uint16Array.from({ length: 65536 }, (_, half) => half));
    assert.equal(hashed(all.filter((value) => !Number.isNaN(value))), expected[dtype].floats);
    const finite = all.subarray(0, 32768).filter((value) => Number.isFinite(value));
    const halfway = Float32Array.from(finite.subarray(1), (value, index) => (value + finite[index]!) / 2);
    const positive = [...new Uint32Array(halfway.buffer)];
    const middles = [...positive, ...positive.map((word) => word + 0x80000000)];
    const words = [-1, 0, 1].flatMap((step) => middles.map((word) => word + step));
    const asked = floatsOf([...words, ...drawn(131072)]).filter((value) => !Number.isNaN(value));
    assert.equal(asked.length, expected[dtype].count);
    assert.equal(hashed(asked), expected[dtype].asked);
    assert.equal(hashed(pack(asked)), expected[dtype].nearest);
    assert.ok(Number.isNaN(unpack(pack(Float32Array.of(Number.NaN)))[0]!));
  });

const net = () =>
  sequential([input([6, 6, 3]), conv2d(4, 3), maxPooling2d(), flatten(), dense(3)], { seed: 5, threads: 1 });

test("HDF5 holds both kinds as h5py and Keras write them, and the same tree gives the same bytes", async () => {
  const tree = hdf5Tree({
    "a/half": { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0xfbff) },
    "a/brain": { dtype: "bfloat16", shape: [1, 2], data: Uint16Array.of(0x3f80, 0xc2f7) },
    whole: tensor([1, 2]),
  });
  const bytes = await writeHdf5(tree);
  assert.deepEqual(await writeHdf5(tree), bytes);
  const { groups, datasets } = await readHdf5(bytes);
  const [half, brain] = ["half", "brain"].map((name) => groups.get("a")!.datasets.get(name)!);
  assert.deepEqual([half!.dtype, half!.data], ["float16", Uint16Array.of(0x3c00, 0xfbff)]);
  assert.deepEqual([brain!.dtype, brain!.shape, brain!.data], ["bfloat16", [1, 2], Uint16Array.of(0x3f80, 0xc2f7)]);
  assert.equal(brain!.attributes!.get("dtype"), "bfloat16");
  assert.deepEqual(datasets.get("whole")!.data, Float32Array.of(1, 2));
});

test("every format that has a place for fewer bits gives back the nearest weights, in fewer bytes", async () => {
  const model = net();
  const facts = { version: 1 as const, classNames: ["a", "b", "c"] };
  for (const format of WRITTEN_FORMATS)
    for (const dtype of WRITTEN[format].dtypes) {
      if (dtype === "float32") continue;
      const { files, check, rounded } = await convert({ model, facts }, format, dtype);
      assert.ok(
        typeof check !== "string" && check.maxDifference > 0 && check.maxDifference < 0.02,
        `${format} ${dtype}`,
      );
      const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      const whole = (await convert({ model, facts }, format)).files;
      assert.ok(size < [...whole.values()].reduce((sum, { length }) => sum + length, 0) || format === "keras");
      if (dtype === "int8") continue;
      const { pack, unpack } = HALVES[dtype];
      const values = await rounded!.model.getWeights();
      for (const [index, { data }] of (await model.getWeights()).entries())
        assert.deepEqual(values[index]!.data, unpack(pack(data)), `${format} ${dtype}`);
    }
  await model.close();
});

test("what does not fit is refused in one sentence", async () => {
  const model = net();
  const [kernel, ...others] = await model.getWeights();
  const large = tensor(
    Float32Array.from(kernel!.data, () => 7e4),
    kernel!.shape,
    "float32",
  );
  await model.setWeights([large, ...others]);
  const refused = (message: RegExp) => (error: unknown) => error instanceof FoveaError && message.test(error.message);
  await assert.rejects(
    saveKeras(model, { dtype: "float16" }),
    refused(/weight .*kernel holds 70000, and float16 ends at 65504; write bfloat16/),
  );
  await assert.rejects(saveKeras(model, { dtype: "int8" }), refused(/only \.onnx has a place for/));
  await assert.rejects(convert({ model, facts: undefined }, "tfjs", "bfloat16"), refused(/tfjs has no place/));
  assert.throws(() => readSafetensors(new Uint8Array(40), "x"), FoveaError);
  await model.close();
});
