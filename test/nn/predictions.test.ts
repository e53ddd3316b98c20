// Predictions in batches: a batch of fewer samples is filled on request, with the same answers from a single program.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { sequential, type Tensor, tensor } from "../../src/index.js";
import { conv2d, dense, flatten, input, softmax } from "../../src/nn/layers/index.js";

/** A small network on a backend that counts what it compiles. */
function counted() {
  const real = createWasmBackend({ inline: true, check: true });
  const seen = { compiled: 0 };
  const backend: typeof real = {
    ...real,
    async open(options) {
      const session = await real.open(options);
      const { compile } = session;
      session.compile = (graph) => {
        seen.compiled++;
        return compile.call(session, graph);
      };
      return session;
    },
  };
  const model = sequential([input([6, 6, 1]), conv2d(4, 3), flatten(), dense(3), softmax()], {
    backend,
    seed: 2,
  });
  return { model, seen };
}

const photos = (count: number): Tensor =>
  tensor(
    Uint8Array.from({ length: count * 36 }, (_, i) => (i * 7919) % 256),
    [count, 6, 6, 1],
    "uint8",
  );

test("a filled batch has the bits of a whole pass, and needs one program", async () => {
  const { model, seen } = counted();
  const wanted = await model.predict(photos(11), { batchSize: 11 });
  assert.equal(seen.compiled, 1);
  const before = seen.compiled;
  for (const count of [3, 8, 11]) {
    const some = await model.predict(photos(count), { batchSize: 8, fill: true });
    assert.deepEqual(some.shape, [count, 3]);
    assert.deepEqual(some.data, wanted.data.slice(0, count * 3));
  }
  assert.equal(seen.compiled - before, 1);
  await model.predict(photos(11), { batchSize: 8 });
  assert.equal(seen.compiled - before, 2, "without filling, the last three samples have a program of their own");
  await model.close();
});
