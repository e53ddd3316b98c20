// What a run leaves on disk: recipe, checkpoint, metrics, history, event file. Each is read back, or as its readers do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { crc32c } from "../../src/formats/containers/crc.js";
import { readSafetensors, writeSafetensors } from "../../src/formats/containers/safetensors.js";
import {
  eventFileHeader,
  eventFileName,
  type Recipe,
  readCheckpoint,
  readHistoryCsv,
  readMetrics,
  readRecipe,
  scalarEvent,
  writeCheckpoint,
  writeMetrics,
  writeRecipe,
} from "../../src/formats/index.js";
import { csvLogger, earlyStopping } from "../../src/nn/callbacks/index.js";
import { dense, dropout, input } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import type { TrainingState } from "../../src/nn/model/state.js";

const sha256 = "0123456789abcdef".repeat(4);
const recipe: Recipe = {
  version: 1,
  createdBy: { fovea: "0.1.0", node: "20.20.2" },
  model: { name: "cnn" },
  classNames: ["东", "木"],
  data: { train: { path: "CASIA-Dataset/Train", sha256, images: 32942 } },
  preprocessing: { imageSize: [80, 60], color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: {
    optimizer: { class_name: "Adam", config: { learning_rate: 0.001 } },
    loss: "sparse_categorical_crossentropy",
    metrics: ["accuracy"],
    epochs: 100,
    batchSize: 128,
    monitor: "val_accuracy",
    patience: 15,
  },
};

const refuses = (work: () => unknown, message: RegExp): void =>
  assert.throws(work, (error) => error instanceof FoveaError && message.test(error.message), String(message));

test("a recipe is read back, and what is wrong in one is named", () => {
  assert.deepEqual(readRecipe(writeRecipe(recipe)), recipe);
  const changed = (change: (copy: Recipe) => void): string => {
    const copy = structuredClone(recipe);
    change(copy);
    return JSON.stringify(copy);
  };
  refuses(() => readRecipe("{", "x.json"), /^x\.json: expected JSON/);
  refuses(
    () => readRecipe(changed((r) => Object.assign(r.training, { epochs: "many" }))),
    /training\.epochs: .*number/,
  );
  refuses(() => readRecipe(changed((r) => Object.assign(r, { threads: 2 }))), /threads/);
  refuses(() => readRecipe(changed((r) => Object.assign(r, { version: 7 }))), /version: .*1/);
  refuses(
    () => readRecipe(changed((r) => Object.assign(r.data.train, { sha256: "12" }))),
    /data\.train\.sha256: expected a SHA-256/,
  );
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

const state: TrainingState = {
  epoch: 3,
  iterations: 30,
  learningRate: 1e-3,
  seed: 1,
  stopped: false,
  weights: [tensor([[1, -0, Number.NaN]])],
  slots: [],
  history: { values: { epoch: [0, 1], history: { loss: [Number.NaN, -0], val_loss: [Infinity, 0.1] } } },
  callbacks: [null, { values: { best: -Infinity, 名: "東" }, tensors: [tensor(Int32Array.of(5), [1], "int32")] }],
};

test("a checkpoint keeps every number that JSON does not have", () => {
  assert.deepEqual(readCheckpoint(writeCheckpoint(state)), state);
});

test("a damaged checkpoint is noticed wherever the damage is", () => {
  const good = writeCheckpoint(state);
  for (let at = 0; at < good.length; at++) {
    const bytes = new Uint8Array(good);
    bytes[at]! ^= 4;
    assert.throws(() => readCheckpoint(bytes), FoveaError, `byte ${at}`);
    assert.throws(() => readCheckpoint(good.subarray(0, at)), FoveaError, `cut at ${at}`);
  }
  refuses(() => readCheckpoint(writeSafetensors({ tensors: new Map(), metadata: {} }), "x"), /^x: .*another kind/);
});

test("safetensors are read back, foreign ones too, and lies are refused", () => {
  const content = {
    tensors: new Map([
      ["a", tensor([[1, 2]])],
      ["b", tensor(Uint8Array.of(7), [1], "uint8")],
    ]),
    metadata: { note: "東" },
  };
  assert.deepEqual(readSafetensors(writeSafetensors(content)), content);
  const file = (header: unknown, bytes = 8): Uint8Array => {
    const text = Buffer.from(JSON.stringify(header));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(text.length));
    return new Uint8Array(Buffer.concat([size, text, Buffer.alloc(bytes)]));
  };
  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  assert.deepEqual(readSafetensors(file({ a: entry })).tensors.get("a")!.shape, [2]);
  refuses(() => readSafetensors(file({ a: { ...entry, dtype: "F16" } })), /found F16/);
  refuses(() => readSafetensors(file({ a: { ...entry, shape: [2 ** 40] } })), /cannot lie/);
  refuses(() => readSafetensors(file({ a: entry, b: entry })), /cannot lie/);
  refuses(() => readSafetensors(file({ a: entry }, 9)), /has 9 bytes of data where 8/);
  refuses(() => readSafetensors(file({ a: { ...entry, data_offsets: [0] } })), /data_offsets/);
  refuses(() => readSafetensors(file({ a: entry }).subarray(0, 20)), /cut short/);
});

test("metrics are read back", () => {
  const metrics = {
    epochs: 41,
    best_epoch: 26,
    seconds_per_epoch: 12.5,
    params: 88375,
    weights_sha256: sha256,
    val: { loss: Number.NaN, accuracy: 0.9 },
    run: "runs/a",
  };
  assert.deepEqual(readMetrics(writeMetrics(metrics)), metrics);
  refuses(() => readMetrics("{}"), /metrics\.json: epochs/);
});

test("the history that csvLogger writes is read back", async () => {
  let text = "";
  const write = async (_: string, whole: string): Promise<void> => {
    text = whole;
  };
  const logger = csvLogger("history.csv", { write });
  const history = await model().fit(data, { epochs: 3, validationData: data, callbacks: [logger] });
  assert.deepEqual(readHistoryCsv(text), { epoch: history.epoch, history: { ...history.history } });
  assert.deepEqual(readHistoryCsv('epoch,"a,b",c\n0,1e-3,NA\n'), {
    epoch: [0],
    history: { "a,b": [0.001], c: [Number.NaN] },
  });
  refuses(() => readHistoryCsv(""), /begins with "epoch,"/);
  refuses(() => readHistoryCsv("epoch,loss\n0\n"), /line 2 does not hold 2 numbers/);
  refuses(() => readHistoryCsv("epoch,loss\n0,1\n1,x\n"), /line 3/);
});

/** The records of an event file, as TensorBoard's reader walks them: every length and checksum must hold. */
function records(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unmask = (masked: number): number => {
    const rotated = (masked - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    assert.equal(unmask(view.getUint32(at + 8, true)), crc32c(bytes.subarray(at, at + 8)));
    const message = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(unmask(view.getUint32(at + 12 + length, true)), crc32c(message));
    found.push(message);
    at += 16 + length;
  }
  return found;
}

test("event files are those that TensorBoard reads", () => {
  assert.equal(eventFileName(1.7e9), "events.out.tfevents.1700000000.fovea");
  const file = Buffer.concat([
    eventFileHeader(1.7e9),
    scalarEvent({ step: 300, wallTime: 1.7e9, values: { 东: 0.5 } }),
  ]);
  const [header, event] = records(new Uint8Array(file)) as [Uint8Array, Uint8Array];
  // TensorBoard 2.21's own reader takes these very bytes for version 2 and the scalar 0.5 at step 300.
  assert.equal(Buffer.from(header).toString("hex"), "0900000040fc54d9411a0d627261696e2e4576656e743a32");
  assert.equal(Buffer.from(event).toString("hex"), "0900000040fc54d94110ac022a0c0a0a0a03e4b89c150000003f");
});
