// Properties of the backend in a worker besides the contract of all: graphs survive the way through the port to the bit,
// only what is needed travels, contents are made last, and a worker that is missing or dies is told of in a sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { BACKEND_WORKER } from "../../src/backends/remote/backend-worker-module.js";
import { graphFromRecord, graphToRecord } from "../../src/backends/remote/graph-record.js";
import { copyToMove, giveAway } from "../../src/backends/remote/moved.js";
import { remoteBackend } from "../../src/backends/remote/remote-backend.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { gradients } from "../../src/core/autodiff.js";
import { FoveaError } from "../../src/core/errors.js";
import * as f from "../../src/core/functions/index.js";
import { type Graph, printGraph } from "../../src/core/graph/graph.js";
import { apply, input, Variable } from "../../src/core/graph/node.js";
import { addOp } from "../../src/core/ops/elementwise.js";
import { tensor } from "../../src/core/tensor.js";
import { dense, dropout, input as inputLayer } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const inline = createWasmBackend({ inline: true });
const remote = (): Backend => remoteBackend(inline, BACKEND_WORKER, (sentence) => assert.fail(sentence));

test("a graph comes back from its record as it was", () => {
  const x = input("x", [4, 6, 5, 2], "uint8");
  const unused = input("unused", [3]);
  const filter = new Variable("filter", { dtype: "float32", shape: [3, 3, 2, 4] });
  const other = new Variable("other", { dtype: "float32", shape: [] });
  const images = f.mul(f.cast(x, "float32"), 1 / 255);
  const pooled = f.maxPool2d(f.conv2d(images, filter.read(), { padding: "same" }), [2, 2]);
  const loss = f.mean(f.maximum(pooled, Number.NEGATIVE_INFINITY));
  const [gradient] = gradients(loss, [filter.read()]);
  const graph: Graph = {
    inputs: [x, unused],
    outputs: [loss, loss],
    updates: [
      [filter, f.sub(filter.read(), gradient!)],
      [other, loss],
    ],
  };
  const numbers = new Map<Variable, number>();
  const record = graphToRecord(graph, (variable) => {
    numbers.set(variable, numbers.get(variable) ?? numbers.size);
    return numbers.get(variable)!;
  });
  const variables = [...numbers.keys()].map(({ name, type }) => new Variable(name, type));
  const back = graphFromRecord(structuredClone(record), (number) => variables[number]!);
  assert.equal(printGraph(back), printGraph(graph));
  assert.equal(back.inputs[1]!.node.kind, "input");
  assert.equal(back.outputs[0], back.outputs[1]);
});

test("an op that is none of the table is refused", async () => {
  const x = input("x", [2]);
  const myOp = { ...addOp, name: "mine" };
  const session = await remote().open();
  const graph = { inputs: [x], outputs: [apply(myOp, [x, x], {})], updates: [] };
  await assert.rejects(session.compile(graph), /op "mine" is unknown/);
  await session.close();
});

test("a tensor travels without the rest of its buffer, and stays with its owner", () => {
  const all = new Float32Array(1000);
  all[500] = 7;
  const moved = copyToMove({ dtype: "float32", shape: [2], data: all.subarray(500, 502) });
  assert.equal(moved.data.buffer.byteLength, 8);
  assert.equal(giveAway({ dtype: "float32", shape: [2], data: all.subarray(500, 502) }).data.buffer.byteLength, 8);
  const whole = tensor([1, 2]);
  assert.equal(giveAway(whole).data.buffer, whole.data.buffer);
});

test("first contents are made after the graph fits, and once", async () => {
  let made = 0;
  const contents = (): { dtype: "float32"; shape: number[]; data: Float32Array } => {
    made++;
    return { dtype: "float32", shape: [2], data: Float32Array.of(3, 4) };
  };
  const small = new Variable("small", { dtype: "float32", shape: [2] }, contents);
  const huge = new Variable("huge", { dtype: "float32", shape: [1 << 30] }, () => assert.fail("too large to be made"));
  const session = await remote().open();
  const both = { inputs: [], outputs: [f.sum(small.read()), f.sum(huge.read())], updates: [] };
  await assert.rejects(session.compile(both), FoveaError);
  assert.equal(made, 0);
  assert.ok(!session.holds(small) && !session.holds(huge));
  const graph: Graph = { inputs: [], outputs: [], updates: [[small, f.add(small.read(), 1)]] };
  const executable = await session.compile(graph);
  assert.ok(session.holds(small));
  await session.compile(graph);
  await executable.run([]);
  assert.equal(made, 1);
  assert.deepEqual([...(await session.read(small)).data], [4, 5]);
  await session.close();
  await assert.rejects(session.read(small), /this session is closed/);
});

test("training through the port ends in the same weights", async () => {
  const train = async (backend: Backend): Promise<string> => {
    const layers = [
      inputLayer([6]),
      dense(9, { activation: "relu" }),
      dropout(0.3),
      dense(3, { activation: "softmax" }),
    ];
    const model = new Sequential(layers, { backend, seed: 2 });
    model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
    const x = tensor(
      Float32Array.from({ length: 60 }, (_, i) => Math.sin(i)),
      [10, 6],
      "float32",
    );
    const y = tensor(
      Int32Array.from({ length: 10 }, (_, i) => i % 3),
      [10],
      "int32",
    );
    await model.fit({ x, y }, { epochs: 3, batchSize: 4, verbose: 0 });
    const hash = await model.weightsSha256();
    await model.close();
    return hash;
  };
  assert.equal(await train(remote()), await train(inline));
});

test("where the worker does not load, the backend behind it computes, and a sentence says so once", async () => {
  const said: string[] = [];
  const missing = { ...BACKEND_WORKER, path: "./no-such-worker.js", from: import.meta.url };
  const backend = remoteBackend(inline, missing, (sentence) => said.push(sentence));
  const x = input("x", [2]);
  for (let i = 0; i < 2; i++) {
    const session = await backend.open();
    const executable = await session.compile({ inputs: [x], outputs: [f.neg(x)], updates: [] });
    assert.deepEqual([...(await executable.run([tensor([1, 2])]))[0]!.data], [-1, -2]);
    await session.close();
  }
  assert.equal(said.length, 1);
  assert.match(said[0]!, /no-such-worker\.js.*put "fovea\/workers\/backend" beside/);
});

test("options that the backend refuses are its own sentence, and a worker that dies fails the calls after it", async () => {
  await assert.rejects(remote().open({ threads: 1000 }), /threads: expected a whole number from 1 to 256/);
  const mortal = { ...BACKEND_WORKER, path: "./mortal-worker.js", from: import.meta.url };
  const session = await remoteBackend(inline, mortal).open();
  const x = input("x", [2]);
  const graph = { inputs: [x], outputs: [f.neg(x)], updates: [] };
  for (let i = 0; i < 2; i++)
    await assert.rejects(session.compile(graph), /the worker that computes failed: .*ended unexpectedly/);
  await session.close();
});
