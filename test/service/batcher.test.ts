// Dynamic batching: which requests are computed together, what is refused, and what a request that is given up leaves behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Batcher } from "../../src/service/batcher.js";
import { batchSizes } from "../../src/service/hosted-model.js";

const never = new AbortController().signal;

/** A batcher whose batches end when the test says so. */
function heldBatcher(workers: number, { batch = 4, queue = 10, delay = 0 } = {}) {
  const batches: { readonly worker: number; readonly lane: string; readonly inputs: readonly number[] }[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batcher = new Batcher<number, number>({
    ...{ workers, batch, queue, delay },
    compute: (worker, lane, inputs) =>
      new Promise((resolve, reject) => {
        batches.push({ worker, lane, inputs });
        ends.push((error) => (error === undefined ? resolve(inputs.map((input) => 10 * input)) : reject(error)));
      }),
  });
  return { batcher, batches, ends };
}

test("requests that wait while a batch is computed go together, in order and up to its size", async () => {
  const { batcher, batches, ends } = heldBatcher(1);
  const outs = [1, 2, 3, 4, 5, 6].map((input) => batcher.submit(input, 1, "a", never));
  assert.deepEqual(
    batches.map(({ inputs }) => inputs),
    [[1]],
  );
  ends[0]!();
  assert.equal(await outs[0], 10);
  await new Promise((resume) => setImmediate(resume));
  assert.deepEqual(batches[1]?.inputs, [2, 3, 4, 5]);
  ends[1]!();
  assert.deepEqual(await Promise.all(outs.slice(1, 5)), [20, 30, 40, 50]);
  ends[2]!();
  assert.equal(await outs[5], 60);
});

test("lanes are not mixed, large requests are a batch of their own, and free workers take what is next", async () => {
  const { batcher, batches, ends } = heldBatcher(2);
  const outs = [
    batcher.submit(1, 1, "a", never),
    batcher.submit(2, 1, "a", never),
    batcher.submit(3, 9, "b", never),
    batcher.submit(4, 1, "b", never),
    batcher.submit(5, 1, "a", never),
  ];
  ends[0]!();
  await outs[0];
  await new Promise((resume) => setImmediate(resume));
  const told = batches.map(({ lane, inputs }) => [lane, ...inputs]);
  assert.deepEqual(told, [
    ["a", 1],
    ["a", 2],
    ["b", 3],
  ]);
  assert.deepEqual(
    batches
      .map(({ worker }) => worker)
      .slice(0, 2)
      .sort(),
    [0, 1],
  );
  ends[1]!();
  ends[2]!();
  await Promise.all(outs.slice(0, 3));
  await new Promise((resume) => setImmediate(resume));
  for (const end of ends.slice(3)) end();
  assert.deepEqual(await Promise.all(outs), [10, 20, 30, 40, 50]);
});

test("places are bounded: 429 with a time to wait, 413 for what never fits", () => {
  const { batcher } = heldBatcher(1);
  const leave = batcher.admit(8);
  assert.throws(
    () => batcher.admit(3),
    (error: { status?: number; retryAfter?: number }) => error.status === 429 && (error.retryAfter ?? 0) >= 1,
  );
  batcher.admit(2);
  leave();
  leave();
  assert.equal(batcher.rows, 2);
  batcher.admit(8);
  assert.throws(
    () => batcher.admit(11),
    (error: { status?: number }) => error.status === 413,
  );
});

test("a request that is given up leaves the queue, and a failure reaches all of its batch", async () => {
  const { batcher, batches, ends } = heldBatcher(1);
  const busy = batcher.submit(1, 1, "a", never);
  const gone = new AbortController();
  const left = batcher.submit(2, 1, "a", gone.signal);
  const stays = batcher.submit(3, 1, "a", never);
  gone.abort(new Error("too late"));
  await assert.rejects(left, /too late/);
  await assert.rejects(batcher.submit(4, 1, "a", gone.signal), /too late/);
  ends[0]!();
  await busy;
  await new Promise((resume) => setImmediate(resume));
  assert.deepEqual(batches[1]?.inputs, [3]);
  ends[1]!(new Error("a worker broke"));
  await assert.rejects(stays, /a worker broke/);
  const next = batcher.submit(5, 1, "a", never);
  await new Promise((resume) => setImmediate(resume));
  ends[2]!();
  assert.equal(await next, 50);
});

test("a sample waits for others a moment, but not for a batch that is full", async () => {
  const { batcher, batches, ends } = heldBatcher(1, { delay: 60_000 });
  const outs = [1, 2, 3].map((input) => batcher.submit(input, 1, "a", never));
  assert.equal(batches.length, 0);
  outs.push(batcher.submit(4, 1, "a", never));
  assert.deepEqual(batches[0]?.inputs, [1, 2, 3, 4]);
  ends[0]!();
  await Promise.all(outs);
});

test("batches are computed in sizes that were compiled", () => {
  assert.deepEqual(batchSizes(37, 32), [32, 4, 1]);
  assert.deepEqual(batchSizes(70, 32), [32, 32, 4, 2]);
  assert.deepEqual(batchSizes(7, 6), [4, 2, 1]);
  assert.deepEqual(batchSizes(3, 1), [1, 1, 1]);
});
