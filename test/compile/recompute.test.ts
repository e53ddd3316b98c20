// Recomputation: a program within a tight memory has the same bits as one that keeps everything, and a limit that cannot
// be kept is refused in a sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { CPU_TARGET } from "../../src/backends/wasm/cpu-target.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { compile } from "../../src/compile/program.js";
import { recompute } from "../../src/compile/recompute.js";
import { Random } from "../../src/core/random.js";
import { tensor } from "../../src/core/tensor.js";
import * as layers from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { adam } from "../../src/nn/optimizers/index.js";

const BATCH = 12;
const TYPES = {
  x: [{ dtype: "uint8", shape: [BATCH, 16, 14, 3] }],
  y: [{ dtype: "int32", shape: [BATCH] }],
  weighted: false,
} as const;

/** Batch normalization of both kinds, skips, dropout, pooling with and without a convolution, strides, shared layers. */
function network(backend: Backend): Functional {
  const inputs = layers.input([16, 14, 3]);
  const stem = layers.conv2d(8, 3, { padding: "same" }).apply(layers.rescaling(1 / 255).apply(inputs));
  const first = layers.activation("relu6").apply(layers.batchNormalization().apply(stem));
  const wide = layers.conv2d(16, 1, { activation: "swish" }).apply(first);
  const deep = layers.depthwiseConv2d(3, { padding: "same" }).apply(wide);
  const narrow = layers.conv2d(8, 1).apply(layers.batchNormalization().apply(deep, { training: false }));
  const joined = layers.dropout(0.2).apply(layers.add().apply([first, narrow]));
  const pooled = layers.maxPooling2d().apply(layers.conv2d(8, 3, { activation: "relu" }).apply(joined));
  const shared = layers.conv2d(8, 3, { padding: "same", activation: "tanh" });
  const twice = shared.apply(layers.batchNormalization().apply(shared.apply(pooled)));
  const flat = layers.globalAveragePooling2d().apply(twice);
  const model = new Functional({ inputs, outputs: layers.dense(5).apply(flat), seed: 3, backend });
  const loss = sparseCategoricalCrossentropy({ fromLogits: true });
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss, metrics: ["accuracy"], numerics: 1 });
  return model;
}

const graph = () => network(createWasmBackend()).trainer.trainingGraph(TYPES);
const arena = (memory: number): number =>
  compile(graph(), CPU_TARGET, { within: { bytes: memory, recompute }, check: true }).memory.bytes;

test("the less memory a program may take, the smaller its arena, until it cannot be smaller", () => {
  const plain = arena(Infinity);
  for (const share of [0.9, 0.8, 0.72]) assert.ok(arena(plain * share) <= plain * share, `${share}`);
  const least = arena(1);
  assert.ok(least > 1 && least < plain * 0.72, `${least} of ${plain}`);
  assert.equal(arena(least), least);
  const prediction = compile({ ...graph(), updates: [] }, CPU_TARGET);
  const tight = compile({ ...graph(), updates: [] }, CPU_TARGET, { within: { bytes: 1, recompute }, check: true });
  assert.equal(tight.stages.flat().length, prediction.stages.flat().length);
});

test("a training step has the same bits whatever it may keep, on 1, 2 and 3 threads", async () => {
  const random = new Random(5, 0);
  const bytes = Uint8Array.from({ length: 3 * BATCH * 16 * 14 * 3 }, () => random.integer(256));
  const labels = Int32Array.from({ length: 3 * BATCH }, () => random.integer(5));
  const data = { x: tensor(bytes, [3 * BATCH, 16, 14, 3], "uint8"), y: tensor(labels, [3 * BATCH], "int32") };
  const plain = arena(Infinity);
  const trained = async (threads: number, memory: number | undefined): Promise<readonly [unknown, string]> => {
    const backend = createWasmBackend({ check: true });
    const limited: Backend = {
      ...backend,
      open: async (options) => {
        const session = await backend.open({ ...options, threads });
        const compileWithin = session.compile.bind(session);
        session.compile = (program) => compileWithin(program, { memory });
        return session;
      },
    };
    const model = network(limited);
    const { history } = await model.fit(data, { batchSize: BATCH, epochs: 1 });
    const found = [history, await model.weightsSha256()] as const;
    await model.close();
    return found;
  };
  const wanted = await trained(2, undefined);
  for (const [threads, memory] of [
    [1, plain * 0.9],
    [2, plain * 0.8],
    [3, plain * 0.72],
    [3, undefined],
  ] as const)
    assert.deepEqual(await trained(threads, memory), wanted, `${threads} threads, memory ${memory}`);
  await assert.rejects(
    trained(1, 1000),
    /^FoveaError: memory 1000 B: this program needs at least [\d.]+ MB for its results in between; allow as much, or use a smaller batch or smaller images$/,
  );
});
