// Sources that make batches on demand, for models with several inputs and outputs: the same bits as tensors give.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/core/random.js";
import {
  type BatchSource,
  type Functional,
  model,
  sequential,
  type Tensor,
  takeRows,
  tensor,
} from "../../src/index.js";
import { concatenate, dense, input } from "../../src/nn/layers/index.js";

const SAMPLES = 23;

/** Numbers [n, width] that depend on a seed alone. */
function numbers(width: number, seed: number): Tensor<"float32"> {
  const random = new Random(seed, 0);
  return tensor(
    Float32Array.from({ length: SAMPLES * width }, () => random.uniform() - 0.5),
    [SAMPLES, width],
    "float32",
  );
}

const x = { left: numbers(3, 1), right: numbers(5, 2) };
const y = {
  side: tensor(
    Int32Array.from({ length: SAMPLES }, (_, i) => i % 2),
    [SAMPLES],
    "int32",
  ),
  size: numbers(2, 3),
};
const sampleWeight = tensor(
  Float32Array.from({ length: SAMPLES }, (_, i) => 1 + (i % 3)),
  [SAMPLES],
  "float32",
);

/** Two inputs, two outputs. */
function twoSided(): Functional {
  const [left, right] = [input([3], { name: "left" }), input([5], { name: "right" })];
  const hidden = dense(7, { activation: "tanh" }).apply(concatenate().apply([left, right]));
  const outputs = [dense(2, { name: "side", activation: "softmax" }), dense(2, { name: "size" })].map((layer) =>
    layer.apply(hidden),
  );
  const net = model({ inputs: [left, right], outputs, seed: 4, threads: 1 });
  net.compile({
    optimizer: "adam",
    loss: { side: "sparseCategoricalCrossentropy", size: "mse" },
    metrics: { side: ["accuracy"] },
  });
  return net;
}

const typeOf = ({ dtype, shape }: Tensor) => ({ dtype, shape: shape.slice(1) });
const rows = (all: Readonly<Record<string, Tensor>>, indices: Int32Array) =>
  Object.fromEntries(Object.entries(all).map(([name, content]) => [name, takeRows(content, indices)]));
const types = (all: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(all).map(([name, content]) => [name, typeOf(content)]));

const byName: BatchSource = {
  size: SAMPLES,
  x: types(x),
  y: types(y),
  weighted: true,
  take: async (indices) => ({
    x: rows(x, indices),
    y: rows(y, indices),
    sampleWeight: takeRows(sampleWeight, indices),
  }),
};
const inOrder: BatchSource = {
  ...byName,
  x: Object.values(byName.x),
  y: Object.values(byName.y),
  take: (indices) => ({
    x: Object.values(rows(x, indices)),
    y: Object.values(rows(y, indices)),
    sampleWeight: takeRows(sampleWeight, indices),
  }),
};

test("a source by names, one in order and tensors train, validate and evaluate to the same bits", async () => {
  const results = [];
  for (const data of [{ x, y, sampleWeight }, byName, inOrder]) {
    const net = twoSided();
    const { history } = await net.fit(data, { epochs: 3, batchSize: 5, validationData: data });
    results.push({
      history,
      weights: await net.weightsSha256(),
      evaluated: await net.evaluate(data, { batchSize: 4 }),
    });
    await net.close();
  }
  assert.deepEqual(Object.keys(results[0]!.evaluated), ["loss", "side_loss", "side_accuracy", "size_loss"]);
  assert.deepEqual(results[1], results[0]);
  assert.deepEqual(results[2], results[0]);
});

test("a source that does not fit the model, or its own word, is refused in a sentence", async () => {
  const net = twoSided();
  const fit = (source: Partial<BatchSource>) => net.fit({ ...byName, ...source }, { batchSize: 5 });
  await assert.rejects(fit({ x: typeOf(x.left) }), /fit: expected x for 2 \(left, right\), received 1/);
  await assert.rejects(
    fit({ y: { side: typeOf(y.side) } }),
    /fit: expected y by the names side, size, "size" is missing/,
  );
  await assert.rejects(
    fit({ x: { ...types(x), left: typeOf(x.right) } }),
    /fit: expected input \[batch, 3\], received \[23, 5\]/,
  );
  const few: BatchSource["take"] = (indices) => byName.take(indices.subarray(1));
  await assert.rejects(fit({ take: few }), /fit: expected the source to give 5 rows of x, received \[4, 3\]/);
  const take: BatchSource["take"] = (indices) => ({ x: takeRows(x.left, indices), y: rows(y, indices) });
  await assert.rejects(fit({ take: take }), /fit: expected x for 2 \(left, right\), received 1/);
  const weighing =
    (weight: Tensor | undefined): BatchSource["take"] =>
    (indices) => ({
      x: rows(x, indices),
      y: rows(y, indices),
      ...(weight === undefined ? {} : { sampleWeight: takeRows(weight, indices) }),
    });
  const holed = { ...sampleWeight, data: sampleWeight.data.map((value, i) => (i === 7 ? Number.NaN : value)) };
  await assert.rejects(fit({ take: weighing(holed) }), /fit: expected finite numbers as sampleWeight, received NaN at/);
  await assert.rejects(fit({ take: weighing(undefined) }), /says weighted: true, its batch has no sampleWeight/);
  await assert.rejects(fit({ weighted: false }), /says weighted: false, its batch has a sampleWeight/);
  await assert.rejects(
    fit({ take: weighing(x.left) }),
    /fit: expected one sampleWeight per sample, \[5\], received \[5, 3\]/,
  );
  await net.close();
});

test("a source of int8 trains to the bits of the same numbers as int32", async () => {
  const hashes = [];
  for (const dtype of ["int8", "int32"] as const) {
    const numbers = (count: number, of: (i: number) => number): Int8Array | Int32Array => {
      const list = Array.from({ length: count }, (_, i) => of(i));
      return dtype === "int8" ? Int8Array.from(list) : Int32Array.from(list);
    };
    const samples = { dtype, shape: [SAMPLES, 4], data: numbers(SAMPLES * 4, (i) => ((i * 37) % 200) - 100) } as Tensor;
    const targets = { dtype, shape: [SAMPLES], data: numbers(SAMPLES, (i) => i % 3) } as Tensor;
    const source: BatchSource = {
      size: SAMPLES,
      x: typeOf(samples),
      y: typeOf(targets),
      take: (indices) => ({ x: takeRows(samples, indices), y: takeRows(targets, indices) }),
    };
    const net = sequential([input([4]), dense(3, { activation: "softmax" })], { seed: 3, threads: 1 });
    net.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    await net.fit(source, { epochs: 2, batchSize: 6 });
    hashes.push(await net.weightsSha256());
    await net.close();
  }
  assert.equal(hashes[0], hashes[1]);
});

test("a training that fails waits for the batch that is being fetched, so that its source can be closed", async () => {
  const net = sequential([input([3]), dense(2)], { threads: 1 });
  net.compile({ optimizer: "sgd", loss: "mse" });
  let fetching = 0;
  const source: BatchSource = {
    size: SAMPLES,
    x: typeOf(x.left),
    y: typeOf(y.size),
    take: async (indices) => {
      fetching++;
      await new Promise((resume) => setTimeout(resume, 20));
      fetching--;
      return { x: takeRows(x.left, indices), y: takeRows(y.size, indices) };
    },
  };
  const failing = {
    onBatchBegin: () => {
      throw new Error("enough");
    },
  };
  await assert.rejects(net.fit(source, { batchSize: 4, callbacks: [failing] }), /enough/);
  assert.equal(fetching, 0);
  await net.close();
});
