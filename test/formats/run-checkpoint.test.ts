// Checkpoints: states come back to the bit, the container is a real safetensors file, damage is always noticed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { crc32 } from "../../src/core/crc.js";
import { FoveaError } from "../../src/core/errors.js";
import type { Json } from "../../src/core/json.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { readSafetensors, writeSafetensors } from "../../src/formats/containers/safetensors.js";
import { readCheckpoint, writeCheckpoint } from "../../src/formats/run/checkpoint.js";
import { parseExactly, stringifyExactly } from "../../src/formats/run/exact-json.js";
import { csvLogger, earlyStopping } from "../../src/nn/callbacks/index.js";
import type { TrainingState } from "../../src/nn/index.js";
import { dense, dropout, input } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

/** A float32 with exactly these bits. */
const bits = (...words: number[]): Tensor =>
  tensor(new Float32Array(Uint32Array.from(words).buffer), [words.length], "float32");

const STATE: TrainingState = {
  epoch: 3,
  iterations: 621,
  learningRate: 0.1 + 0.2,
  seed: Number.MAX_SAFE_INTEGER,
  stopped: false,
  weights: [
    tensor([
      [1, -0],
      [3, 1e-45],
    ]),
    // A NaN with a payload, a signalling one, infinity, the smallest subnormal.
    bits(0xffc12345, 0x7f800001, 0x7f800000, 1),
    tensor(new Float32Array(0), [0, 4], "float32"),
    tensor(7),
  ],
  slots: [tensor([1, 2, 3]), tensor(Int32Array.of(-1, 2 ** 31 - 1), [2], "int32")],
  history: {
    values: { epoch: [0, 1, 2], history: { loss: [Number.NaN, Number.POSITIVE_INFINITY, -0], 准确率: [1 / 3] } },
  },
  callbacks: [
    null,
    { values: { wait: 0, best: null, bestEpoch: 2 }, tensors: [tensor([5, 6])] },
    { values: {}, tensors: [] },
    { values: { $number: "NaN", $$a: { $b: [{ $number: -0 }] }, lines: ["a,b\r\n", "\ud800"] } },
  ],
};

const floatsOf = (state: TrainingState): string[] =>
  [...state.weights, ...state.slots].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"),
  );

const refused = (bytes: Uint8Array, pattern: RegExp = /./): void =>
  assert.throws(
    () => readCheckpoint(bytes, "runs/a/checkpoint"),
    (error) =>
      error instanceof FoveaError && error.message.startsWith("runs/a/checkpoint: ") && pattern.test(error.message),
  );

test("a state comes back to the bit, and gives the same bytes twice", () => {
  const bytes = writeCheckpoint(STATE);
  const back = readCheckpoint(bytes);
  assert.deepEqual(back, STATE);
  assert.deepEqual(floatsOf(back), floatsOf(STATE));
  assert.deepEqual(writeCheckpoint(back), bytes);
  // Also out of the middle of another buffer, where nothing is aligned.
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assert.deepEqual(readCheckpoint(shifted.subarray(3)), STATE);
});

function model(): Sequential {
  const made = new Sequential([input([4]), dense(8, { activation: "relu" }), dropout(0.5), dense(2)], {
    backend,
    seed: 3,
  });
  made.compile({ optimizer: "adam", loss: "mse" });
  return made;
}
const samples = Array.from({ length: 48 }, (_, i) => Math.sin(i * i));
const data = {
  x: tensor(Float32Array.from(samples), [12, 4], "float32"),
  y: tensor(Float32Array.from(samples.slice(0, 24)), [12, 2], "float32"),
};
const fitOptions = () => ({
  epochs: 6,
  batchSize: 5,
  validationData: data,
  callbacks: [
    earlyStopping({ monitor: "val_loss", patience: 10, restoreBestWeights: true }),
    csvLogger("x.csv", { write: async () => {} }),
  ],
});

test("a run that goes on from a checkpoint's bytes ends in the same bits", async () => {
  const whole = model();
  const saved: Uint8Array[] = [];
  const history = await whole.fit(data, {
    ...fitOptions(),
    checkpoint: (state) => void saved.push(writeCheckpoint(state)),
  });
  const resumed = model();
  const again = await resumed.fit(data, { ...fitOptions(), resume: readCheckpoint(saved[2]!) });
  assert.equal(await resumed.weightsSha256(), await whole.weightsSha256());
  assert.deepEqual(again.history, history.history);
  assert.deepEqual(writeCheckpoint(readCheckpoint(saved[2]!)), saved[2]);
});

test("exact JSON keeps all numbers and takes no object for one", () => {
  const values: Json[] = [
    -0,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    5e-324,
    [null, true, "x"],
    { $number: "1" },
    { $number: Number.NaN, $: 1, $$: 2 },
    { $number: { $number: "NaN" } },
    JSON.parse('{"__proto__": {"$number": -1}}'),
  ];
  for (const value of values) assert.deepEqual(parseExactly(stringifyExactly(value)), value);
});

test("a checkpoint that is cut short anywhere, or longer, is refused", () => {
  const bytes = writeCheckpoint(STATE);
  for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length), /checksum/);
  refused(Uint8Array.of(...bytes, 0), /checksum/);
});

test("a wrong bit anywhere is noticed", () => {
  const bytes = writeCheckpoint(STATE);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    refused(damaged, /checksum/);
  }
});

/** The bytes with a right checksum in place of their last four. */
function sealed(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(end, crc32(copy.subarray(0, end)), true);
  return copy;
}

test("wrong contents under a right checksum are refused", () => {
  const { metadata, tensors } = readSafetensors(writeCheckpoint(STATE));
  const state = JSON.parse(metadata.state!);
  const repacked = (change: Record<string, string>, without?: string): Uint8Array =>
    sealed(
      writeSafetensors({
        metadata: { ...metadata, ...change },
        tensors: new Map([...tensors].filter(([name]) => name !== without)),
      }),
    );
  const withState = (change: Record<string, Json>): Uint8Array =>
    repacked({ state: JSON.stringify({ ...state, ...change }) });
  assert.deepEqual(readCheckpoint(repacked({})), STATE);
  refused(repacked({ format: "pt" }), /received pt of version 1/);
  refused(repacked({ version: "2" }), /version 1, received fovea checkpoint of version 2/);
  refused(repacked({ state: "{" }), /JSON/);
  refused(repacked({ state: "[]" }), /expected object/);
  refused(withState({ epoch: -1 }), /epoch: .*received -1/);
  refused(withState({ stopped: "no" }), /stopped: expected boolean, received "no"/);
  refused(withState({ weights: 5 }), /weights\.4/);
  refused(withState({ slots: 2 ** 40 }), /slots\.2/);
  refused(repacked({}, "callbacks.1.0"), /callbacks\.1\.0/);
  refused(sealed(new Uint8Array(4)));
  refused(sealed(new Uint8Array(64)));
});

/** A safetensors file with this header and so many bytes of data. */
function container(header: string, size: number, length?: number): Uint8Array {
  const json = Buffer.from(header, "latin1");
  const bytes = new Uint8Array(8 + json.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

test("safetensors: headers that lie are refused before anything is allocated", () => {
  const entry = (fields: object): string =>
    JSON.stringify({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields } });
  assert.deepEqual(readSafetensors(container(entry({}), 8)).tensors.get("a"), tensor([0, 0]));
  const lies: [Uint8Array, RegExp][] = [
    [new Uint8Array(7), /^x\.safetensors: expected a safetensors file, .* cut short$/],
    [container("{}", 0, 3), /cut short/],
    [container("{}", 0, 2 ** 53), /cut short/],
    [container("[]", 0), /expected a safetensors file/],
    [container("{\xff}", 0), /expected JSON/],
    [container('{"__metadata__":[]}', 0), /expected record, received \[\]/],
    [container('{"__metadata__":{"a":1}}', 0), /a: expected string, received 1/],
    [container('{"a":1}', 0), /tensor "a": expected object, received 1/],
    [container(entry({ dtype: "F64" }), 8), /tensor "a": expected F32, F16, BF16, I32, U8 or I8, found F64/],
    [container(entry({ shape: [2 ** 40] }), 8), /cannot lie/],
    [container(entry({ shape: [2 ** 30, 2 ** 30], data_offsets: [0, 2 ** 52] }), 8), /cannot lie/],
    [container(entry({ shape: [-2] }), 8), /shape\.0: .*received -2/],
    [container(entry({ shape: [0.5] }), 8), /shape\.0: expected int, received 0\.5/],
    [container(entry({ shape: "2" }), 8), /shape: expected array, received "2"/],
    [container(entry({ data_offsets: [0] }), 8), /data_offsets: .*received \[0\]/],
    [container(entry({ data_offsets: [8, 0] }), 8), /cannot lie/],
    [container(entry({ data_offsets: [4, 12] }), 12), /cannot lie/],
    [container(entry({}), 7), /cannot lie/],
    [container(entry({}), 9), /has 9 bytes of data where 8 are named/],
  ];
  for (const [bytes, pattern] of lies)
    assert.throws(
      () => readSafetensors(bytes, "x.safetensors"),
      (error) => error instanceof FoveaError && pattern.test(error.message),
      String(pattern),
    );
});

test("safetensors: the reference library's file is read, and ours is its own byte for byte", () => {
  const file = readFileSync(new URL("../../../test/formats/fixtures/sample.safetensors", import.meta.url));
  const sample = readSafetensors(file);
  assert.deepEqual(sample.metadata, { 类: "东主" });
  assert.deepEqual(Object.fromEntries(sample.tensors), {
    grid: tensor([
      [1.5, -2, 0],
      [Number.NaN, Number.POSITIVE_INFINITY, 1e-45],
    ]),
    scalar: tensor(Int32Array.of(-7), [], "int32"),
    "bytes.0": tensor(Uint8Array.of(0, 127, 255), [3], "uint8"),
  });
  assert.deepEqual(Buffer.from(writeSafetensors(sample)), file);
});

test("safetensors: data may lie in another order than their names in the header", () => {
  const header = {
    b: { dtype: "U8", shape: [1], data_offsets: [2, 3] },
    7: { dtype: "U8", shape: [2], data_offsets: [0, 2] },
  };
  const bytes = container(JSON.stringify(header), 3);
  bytes.set([1, 2, 3], bytes.length - 3);
  const { tensors } = readSafetensors(bytes);
  assert.deepEqual([...tensors.keys()], ["7", "b"]);
  assert.deepEqual(tensors.get("b")!.data, Uint8Array.of(3));
});
