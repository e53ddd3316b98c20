// The loss of center points and its gradient as NumPy has them (tools/center-points-fixtures.py), and boxes out of maps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { gradients } from "../../src/core/autodiff.js";
import { input } from "../../src/core/graph/node.js";
import { FOUND_NUMBERS, foundBoxes, MOST_FOUND } from "../../src/experiment/tasks/found-boxes.js";
import { type CenterPointsOptions, centerPoints, lossFromKeras, lossToKeras } from "../../src/nn/losses/index.js";
import { objectiveOf, totalLoss } from "../../src/nn/model/objective.js";
import { graphRunner } from "../contract/graph-runner.js";
import { close, type Plain, tensorOf } from "./keras-fixtures.js";

const path = fileURLToPath(new URL("../../../test/parity/fixtures/center-points.json", import.meta.url));
const known = JSON.parse(readFileSync(path, "utf8")) as {
  readonly boxes: Plain;
  readonly cases: readonly {
    readonly options: Required<CenterPointsOptions>;
    readonly maps: Plain;
    readonly values: readonly number[];
    readonly gradient: Plain;
  }[];
};

for (const backend of [referenceBackend, createWasmBackend()]) {
  const run = graphRunner(backend);
  for (const [i, { options, maps, values, gradient }] of known.cases.entries())
    test(`${backend.name}: center points ${i} as in NumPy`, async () => {
      const loss = centerPoints(options);
      const [yTrue, yPred] = [input("y", known.boxes.shape), input("x", maps.shape)];
      const objective = objectiveOf({ loss }, ["maps"]);
      const total = totalLoss(objective, { yTrue: [yTrue], yPred: [yPred], weight: undefined });
      const graph = {
        inputs: [yTrue, yPred],
        outputs: [total, loss.values(yTrue, yPred), ...gradients(total, [yPred])],
        updates: [],
      };
      const results = await run(graph, [tensorOf(known.boxes), tensorOf(maps)]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      close(results[0]!, { shape: [], data: [mean] }, 1e-5, "mean");
      close(results[1]!, { shape: [values.length], data: values }, 1e-5, "values");
      close(results[2]!, gradient, 1e-5, "gradient");
      assert.deepEqual(lossFromKeras(lossToKeras(loss)).config, loss.config);
    });
}

test("shapes and options that cannot be are refused in a sentence", () => {
  const boxes = input("y", [2, 3, 5]);
  assert.throws(
    () => centerPoints().values(boxes, input("x", [2, 4, 4, 4])),
    /expected boxes \[batch, boxes, 5\] and maps/,
  );
  assert.throws(() => centerPoints({ gamma: -1 }), /centerPoints gamma/);
});

test("a box that is listed twice is learnt as once, and no box by no cell", async () => {
  const run = graphRunner(referenceBackend);
  const lossOf = async (boxes: readonly number[][]): Promise<number> => {
    const [yTrue, yPred] = [input("y", [1, boxes.length, 5]), input("x", [1, 4, 4, 5])];
    const values = centerPoints({ offsetWeight: 0, sizeWeight: 0, boxWeight: 1 }).values(yTrue, yPred);
    const maps = { shape: [1, 4, 4, 5], data: Array.from({ length: 80 }, (_, i) => (i % 5 === 0 ? 1e-4 : 1)) };
    const graph = { inputs: [yTrue, yPred], outputs: [values], updates: [] };
    const [loss] = await run(graph, [tensorOf({ shape: [1, boxes.length, 5], data: boxes.flat() }), tensorOf(maps)]);
    return loss!.data[0]!;
  };
  const box = [0, 0.5, 0.5, 0.4, 0.3];
  const [none, once, twice] = [await lossOf([[-1, 0, 0, 0, 0]]), await lossOf([box]), await lossOf([box, box])];
  assert.ok(none! < 1e-3 && once! > 9.5);
  // Both boxes share one peak, and each has all of its cells.
  const peak = -Math.log(1e-4) * (1 - 1e-4) ** 2;
  assert.ok(Math.abs(once! - peak - (twice! - peak / 2)) < 1e-3, `${once} ${twice}`);
});

test("settings of the first losses are written as they were", () => {
  const config = { gamma: 2, nearness: 4, offset_weight: 1, size_weight: 1 };
  assert.deepEqual(centerPoints().config, config);
  assert.deepEqual(centerPoints({ boxWeight: 2, perBatch: true, soft: true, peakWeight: 2.5 }).config, {
    ...config,
    box_weight: 2,
    per_batch: true,
    soft: true,
    peak_weight: 2.5,
  });
});

/** Maps of some cells: row, column, class and its score, then center and size in cells. */
function mapsOf(
  [rows, columns, classes]: readonly [number, number, number],
  cells: readonly (readonly [row: number, column: number, label: number, score: number, ...box: number[]])[],
) {
  const maps = classes + 4;
  const data = new Float32Array(rows * columns * maps);
  for (const [row, column, label, score, ...box] of cells) {
    const start = (row * columns + column) * maps;
    data[start + label] = score;
    data.set(box, start + classes);
  }
  return { dtype: "float32", shape: [1, rows, columns, maps], data } as const;
}

const found = (maps: ReturnType<typeof mapsOf>): number[][] => {
  const { data, shape } = foundBoxes(maps);
  assert.deepEqual(shape, [1, MOST_FOUND, FOUND_NUMBERS]);
  const rows = Array.from({ length: MOST_FOUND }, (_, i) => [
    ...data.subarray(i * FOUND_NUMBERS, (i + 1) * FOUND_NUMBERS),
  ]);
  return rows.filter(([label]) => label !== -1).map((row) => row.map((value) => Math.round(value * 1e5) / 1e5));
};

test("a peak is a box, cut off at the image's edge; its neighbours and what is below 0.01 are none", () => {
  const maps = mapsOf(
    [4, 8, 2],
    [
      [1, 2, 1, 0.75, 0.5, 0.5, 2, 1],
      [1, 3, 1, 0.5, 0.5, 0.5, 2, 1],
      [3, 7, 0, 0.25, 0.5, 0.5, 4, 2],
      [3, 0, 0, 0.005, 0.5, 0.5, 1, 1],
    ],
  );
  assert.deepEqual(found(maps), [
    [1, 0.75, 0.1875, 0.25, 0.25, 0.25],
    [0, 0.25, 0.6875, 0.625, 0.3125, 0.375],
  ]);
});

test("of two boxes of a class on one object the surer is kept, of other classes both; equal scores are one peak", () => {
  const twin = [0.5, 0.5, 4, 4] as const;
  const maps = mapsOf(
    [6, 6, 2],
    [
      [2, 1, 0, 0.5, ...twin],
      [2, 3, 0, 0.625, ...[0.25, 0.5, 4, 4]],
      [4, 4, 1, 0.25, ...twin],
      [4, 5, 1, 0.25, ...twin],
    ],
  );
  assert.deepEqual(
    found(maps).map(([label, score]) => [label, score]),
    [
      [0, 0.625],
      [0, 0.5],
      [1, 0.25],
    ],
  );
  const near = mapsOf(
    [6, 6, 1],
    [
      [2, 1, 0, 0.5, ...[1, 0.5, 4, 4]],
      [2, 3, 0, 0.625, ...[0, 0.5, 4, 4]],
    ],
  );
  assert.deepEqual(
    found(near).map(([, score]) => score),
    [0.625],
  );
});

test("maps with NaN have no boxes, and say so", () => {
  const { data } = foundBoxes(mapsOf([2, 2, 1], [[0, 0, 0, Number.NaN, 0, 0, 1, 1]]));
  assert.ok(Number.isNaN(data[0]!));
  assert.equal(data[1], -1);
});
