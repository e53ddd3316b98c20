// Labels that a loss has no meaning for are refused before training, with their value and position; soft labels between
// 0 and 1 stay allowed. `fit(x, y)` is told what to write instead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FoveaError, sequential, tensor } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import type { LossLike } from "../../src/nn/losses/index.js";
import type { Sequential } from "../../src/nn/model/sequential.js";

const x = tensor([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]);

function compiled(loss: LossLike, units = 1): Sequential {
  const model = sequential([input([3]), dense(units, { activation: "sigmoid" })], { seed: 1 });
  model.compile({ optimizer: "sgd", loss, metrics: ["accuracy"] });
  return model;
}

const refused: readonly [LossLike, readonly (readonly number[])[], RegExp][] = [
  ["binary_crossentropy", [[1], [2], [1]], /binary_crossentropy: expected labels 0 and 1.*received 2 at y\[1, 0\]/],
  ["binary_crossentropy", [[1], [0], [-1]], /received -1 at y\[2, 0\]/],
  ["binary_focal_crossentropy", [[0], [1], [1.5]], /binary_focal_crossentropy: .*received 1.5 at y\[2, 0\]/],
  ["hinge", [[1], [0], [2]], /hinge: expected labels -1 and 1, or 0 and 1 throughout, received 2 at y\[2, 0\]/],
  ["squared_hinge", [[1], [-1], [0]], /squared_hinge: .*received 0 at y\[2, 0\]/],
  ["poisson", [[1], [-1], [0]], /poisson: expected counts or rates of at least 0, received -1 at y\[1, 0\]/],
  [
    "categorical_crossentropy",
    [
      [0, 1],
      [0, 3],
      [1, 0],
    ],
    /categorical_crossentropy: .*received 3 at y\[1, 1\]/,
  ],
  [
    "categorical_hinge",
    [
      [0, 1],
      [0, 3],
      [1, 0],
    ],
    /categorical_hinge: .*received 3 at y\[1, 1\]/,
  ],
  [
    "categorical_focal_crossentropy",
    [
      [0, 1],
      [-1, 1],
      [1, 0],
    ],
    /received -1 at y\[1, 0\]/,
  ],
  [
    "kl_divergence",
    [
      [0, 1],
      [0.5, 0.5],
      [1, 2],
    ],
    /kl_divergence: .*received 2 at y\[2, 1\]/,
  ],
];

for (const [loss, labels, message] of refused)
  test(`61: ${loss} refuses ${JSON.stringify(labels)}, with nothing changed`, async () => {
    const model = compiled(loss, labels[0]!.length);
    const before = await model.weightsSha256();
    const y = tensor(labels);
    const told = (error: unknown): boolean => error instanceof FoveaError && message.test(error.message);
    await assert.rejects(model.fit({ x, y }, { epochs: 3, batchSize: 1, shuffle: false }), told);
    await assert.rejects(model.evaluate({ x, y }), told);
    await assert.rejects(
      model.fit({ x, y: tensor(labels.map((row) => row.map(() => 1))) }, { validationData: { x, y } }),
      told,
    );
    assert.equal(await model.weightsSha256(), before);
    await model.close();
  });

test("61: labels of a source that makes batches are told by their number in the data", async () => {
  const model = compiled("binary_crossentropy");
  const labels = [0, 1, 0, 1, 2, 1];
  const source = {
    size: labels.length,
    x: { dtype: "float32", shape: [3] } as const,
    y: { dtype: "int32", shape: [1] } as const,
    take: (indices: Int32Array) => ({
      x: tensor(new Float32Array(3 * indices.length), [indices.length, 3], "float32"),
      y: tensor(
        Int32Array.from(indices, (row) => labels[row]!),
        [indices.length, 1],
        "int32",
      ),
    }),
  };
  await assert.rejects(model.fit(source, { batchSize: 2 }), /received 2 at y\[4, 0\]/);
  await model.close();
});

test("61: soft labels train, and so do -1 and 1 under hinge", async () => {
  for (const [loss, labels] of [
    ["binary_crossentropy", [[0.2], [1], [0]]],
    ["hinge", [[-1], [1], [1]]],
    ["hinge", [[0], [1], [1]]],
  ] as const) {
    const model = compiled(loss);
    const { history } = await model.fit({ x, y: tensor(labels) }, { epochs: 2 });
    assert.ok(history.loss!.every(Number.isFinite));
    await model.close();
  }
});

test("61: fit(x, y, options) and evaluate(x, y) say what to write instead", async () => {
  const model = compiled("binary_crossentropy");
  const y = tensor([[1], [0], [1]]);
  const fit = model.fit.bind(model) as unknown as (...args: readonly unknown[]) => Promise<unknown>;
  const evaluate = model.evaluate.bind(model) as unknown as (...args: readonly unknown[]) => Promise<unknown>;
  await assert.rejects(
    fit(x, y, { epochs: 1 }),
    /fit: expected fit\(\{ x, y \}, options\), received x and y as two arguments/,
  );
  await assert.rejects(fit(x, y), /fit: expected fit\(\{ x, y \}, options\)/);
  await assert.rejects(fit(x), /fit: expected fit\(\{ x, y \}, options\), received a tensor alone/);
  await assert.rejects(evaluate(x, y), /evaluate: expected evaluate\(\{ x, y \}, options\)/);
  await model.close();
});
