// Decisions from outputs that are no numbers any more: a training that diverged still ends with a report.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decisionsOf } from "../../src/experiment/tasks/probabilities.js";

test("outputs that are not numbers count as the first class, as Keras's argmax has it", () => {
  const probabilities = Float64Array.of(0.2, 0.8, Number.NaN, Number.NaN, 0.9, 0.1);
  const { predicted, confidence } = decisionsOf({ classes: 2, probabilities });
  assert.deepEqual(Array.from(predicted), [1, 0, 0]);
  assert.deepEqual(Array.from(confidence), [0.8, Number.NaN, 0.9]);
});
