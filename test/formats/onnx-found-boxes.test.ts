// A detector's ONNX file with its boxes as outputs: the operators give what `foundBoxes` gives, also for equal scores and cells that
// overlap. (tools/check-detector.py runs such files in ONNX Runtime beside the answers of `predict`.)
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { Random, STREAM } from "../../src/core/random.js";
import { tensor } from "../../src/core/tensor.js";
import { foundBoxes } from "../../src/experiment/tasks/found-boxes.js";
import { loadOnnx, saveOnnx } from "../../src/formats/index.js";
import { evaluate, filled } from "../../src/formats/models/onnx/constants/index.js";
import type { OnnxModel, OnnxTensor } from "../../src/formats/models/onnx/proto.js";
import { readOnnx } from "../../src/formats/models/onnx/read-proto.js";
import { input, rescaling } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const [ROWS, COLUMNS, CLASSES] = [12, 9, 3];
const MAPS = CLASSES + 4;
const task = { kind: "detection", classNames: ["a", "b", "c"], score: 0.25 } as const;

/** The largest of 3x3 cells, which the evaluator of constants does not know. */
function pooled({ shape, data }: OnnxTensor): OnnxTensor {
  const [, channels, rows, columns] = shape as [number, number, number, number];
  const out = new Float32Array(data.length);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
          for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++)
            most = Math.max(most, data[(c * rows + v) * columns + u]!);
        out[(c * rows + y) * columns + x] = most;
      }
  return { kind: "float", shape, data: out };
}

function run({ nodes, initializers, inputs, opset }: OnnxModel, image: OnnxTensor): ReadonlyMap<string, OnnxTensor> {
  const values = new Map([...initializers, [inputs[0]!.name, image]]);
  for (const node of nodes) {
    const operands = node.inputs.map((name) => values.get(name));
    const results = node.op === "MaxPool" ? [pooled(operands[0]!)] : evaluate(node, opset, operands, 2 ** 20);
    for (const [index, name] of node.outputs.entries()) values.set(name, results[index]!);
  }
  return values;
}

const model = new Sequential([input([ROWS, COLUMNS, MAPS]), rescaling(1)], { backend, seed: 1 });

for (const [seed, steps] of [
  [1, 0],
  [2, 8],
  [3, 2],
] as const)
  test(`maps with ${steps === 0 ? "scores of their own" : `${steps} different scores`} give the boxes of predict`, async () => {
    const onnx = readOnnx(await saveOnnx(model, { facts: { version: 1, task } }));
    const random = new Random(seed, STREAM.initialize);
    const [low, high] = seed === 3 ? [0.4, 1] : [-0.2, 1];
    const maps = Float32Array.from({ length: ROWS * COLUMNS * MAPS }, (_, i) => {
      const map = i % MAPS;
      if (map >= CLASSES + 2) return random.between(1, 6);
      const value = random.between(map < CLASSES ? low : 0, high);
      return steps > 0 && map < CLASSES ? Math.round(value * steps) / steps : value;
    });
    const first = filled("float", [1, MAPS, ROWS, COLUMNS], 0);
    for (let i = 0; i < maps.length; i++)
      (first.data as Float32Array)[(i % MAPS) * ROWS * COLUMNS + Math.floor(i / MAPS)] = maps[i]!;
    const found = run(onnx, first);
    const numbers = (name: string): ArrayLike<number> => found.get(name)!.data;
    const [boxes, scores, labels] = [numbers("boxes"), numbers("scores"), numbers("labels")];
    const { data } = foundBoxes(tensor(maps, [1, ROWS, COLUMNS, MAPS], "float32"));
    let count = 0;
    for (let i = 0; i < 100; i++) {
      const [label, score, left, top, width, height] = Array.from(data.subarray(6 * i, 6 * i + 6)) as [
        number,
        ...number[],
      ];
      assert.equal(labels[i], label, `box ${i}`);
      if (label < 0) {
        assert.deepEqual([scores[i], boxes[4 * i], boxes[4 * i + 3]], [0, 0, 0]);
        continue;
      }
      count++;
      assert.equal(scores[i], score);
      const corners = [left! * COLUMNS, top! * ROWS, (left! + width!) * COLUMNS, (top! + height!) * ROWS];
      for (const [k, value] of corners.entries()) assert.ok(Math.abs(boxes[4 * i + k]! - value) < 1e-4);
    }
    assert.ok(count > 5, `${count} boxes`);
  });

test("the file says its classes and its score, and comes back with its maps alone", async () => {
  const bytes = await saveOnnx(model, { facts: { version: 1, task } });
  const { outputs, metadata } = readOnnx(bytes);
  assert.deepEqual(
    outputs.map(({ name, shape }) => [name, shape]),
    [
      ["output", ["batch", MAPS, ROWS, COLUMNS]],
      ["boxes", ["batch", 100, 4]],
      ["scores", ["batch", 100]],
      ["labels", ["batch", 100]],
    ],
  );
  assert.deepEqual([metadata.get("class_names"), metadata.get("score")], ['["a","b","c"]', "0.25"]);
  const back = await loadOnnx(bytes, { backend });
  assert.deepEqual(back.model.outputShapes, [[ROWS, COLUMNS, MAPS]]);
  assert.deepEqual(back.facts?.task, task);
  const plain = readOnnx(await saveOnnx(model, { facts: { version: 1 } }));
  assert.equal(plain.outputs.length, 1);
});
