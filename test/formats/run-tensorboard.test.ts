// Event files: byte for byte those of TensorBoard's own classes, and Keras's tags.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { epochScalars, eventFileHeader, eventFileName, scalarEvent } from "../../src/formats/run/tensorboard.js";

const START = 1700000000.25;

test("records are byte for byte what TensorBoard's protobuf classes and record writer give", () => {
  const expected = readFileSync(new URL("../../../test/formats/fixtures/scalars.tfevents", import.meta.url));
  const records = [
    eventFileHeader(START),
    scalarEvent({ wallTime: START, step: 0, values: { epoch_loss: 2.5, epoch_accuracy: 0 } }),
    scalarEvent({ wallTime: START + 1, step: 1, values: { epoch_loss: Number.NaN, epoch_准确率: 0.1 } }),
    scalarEvent({ wallTime: START + 300, step: 300, values: { ["x".repeat(200)]: -1e-30 } }),
    scalarEvent({ wallTime: START + 2 ** 40, step: 2 ** 40, values: {} }),
  ];
  assert.equal(Buffer.concat(records).toString("hex"), expected.toString("hex"));
});

test("logs go where Keras's callback puts them", () => {
  assert.deepEqual(epochScalars({ accuracy: 0.5, loss: 1, val_accuracy: 0.25, val_loss: 2 }), {
    train: { epoch_accuracy: 0.5, epoch_loss: 1 },
    validation: { epoch_accuracy: 0.25, epoch_loss: 2 },
  });
  assert.deepEqual(epochScalars({ loss: 1 }), { train: { epoch_loss: 1 }, validation: {} });
});

test("file names sort by time", () => {
  const names = [999_999_999.9, 1_700_000_000, 10_000_000_000].map((seconds) => eventFileName(seconds));
  assert.deepEqual(names, [
    "events.out.tfevents.0999999999.fovea",
    "events.out.tfevents.1700000000.fovea",
    "events.out.tfevents.10000000000.fovea",
  ]);
});
