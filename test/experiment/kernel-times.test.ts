// Kernels of a step timed by themselves: all stages are there, their operations are those of the layers, and weights stay as they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CPU_TARGET } from "../../src/backends/wasm/cpu-target.js";
import { memoryFacts } from "../../src/compile/print.js";
import { kernelTimes } from "../../src/experiment/models/index.js";
import { sequential, zeros } from "../../src/index.js";
import { conv2d, dense, flatten, input } from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { predictionGraph } from "../../src/nn/model/graphs.js";

test("every stage has a time, rates beside the machine's, and a share of the nearer ceiling", async () => {
  const model = sequential([input([8, 8, 4]), conv2d(8, 3, { padding: "same" }), flatten(), dense(5)], { seed: 1 });
  model.compile({ optimizer: "adam", loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
  const before = await model.weightsSha256();
  const { ceiling, stages } = await kernelTimes("step", model, { batchSize: 6, classes: 5, steps: 1, threads: 1 });
  assert.ok(ceiling.operationsPerSecond > 1e8 && ceiling.bytesPerSecond > 1e8, JSON.stringify(ceiling));
  assert.deepEqual(
    stages.map(({ stage }) => stage),
    stages.map((_, i) => i),
  );
  for (const { ms, share, bound, operationsPerSecond, bytesPerSecond } of stages) {
    assert.ok(ms > 0);
    const nearer = Math.max(operationsPerSecond / ceiling.operationsPerSecond, bytesPerSecond / ceiling.bytesPerSecond);
    assert.equal(share, nearer);
    assert.equal(bound, share === operationsPerSecond / ceiling.operationsPerSecond ? "arithmetic" : "memory");
  }
  const kinds = stages.flatMap((stage) => stage.kinds);
  assert.ok(kinds.includes("matmul") && kinds.some((kind) => /conv2d/i.test(kind)), kinds.join());
  assert.equal(await model.weightsSha256(), before);
  await model.close();
});

test("operations are those of the algorithm: direct, Winograd's sixteen a tile, products of matrices", () => {
  const operations = (channels: number): readonly (readonly [string, number])[] => {
    const model = sequential([input([8, 8, channels]), conv2d(8, 3, { padding: "same" }), flatten(), dense(5)]);
    const { kernels } = memoryFacts(predictionGraph(model, [zeros([6, 8, 8, channels], "float32")]), CPU_TARGET);
    return kernels.flatMap(({ kind, operations }) =>
      /^(conv2d|winogradConv2d|matmul)$/.test(kind) ? [[kind, operations] as const] : [],
    );
  };
  const dense5 = ["matmul", 2 * 6 * 512 * 5] as const;
  assert.deepEqual(operations(3), [["conv2d", 2 * 6 * 64 * 9 * 3 * 8], dense5]);
  assert.deepEqual(operations(64), [["winogradConv2d", 2 * 6 * 16 * 16 * 64 * 8], dense5]);
});
