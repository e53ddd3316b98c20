// The worker transport: messages and transfers both ways, errors and unexpected ends reported, clean termination.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hardwareThreads, spawnWorker, type WorkerModule } from "../../src/platform/workers.js";

const echo: WorkerModule = {
  path: "./echo-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./echo-worker.js", import.meta.url), { type: "module" }),
};

test("messages and buffers travel both ways", async () => {
  const worker = await spawnWorker<{ sum: number; numbers: Float64Array }>(echo, "echo");
  const answer = new Promise<{ sum: number; numbers: Float64Array }>((resolve, reject) => {
    worker.onMessage(resolve);
    worker.onError(reject);
  });
  const numbers = Float64Array.of(1, 2, 3);
  worker.post({ numbers }, [numbers.buffer]);
  assert.equal(numbers.length, 0, "a transferred buffer is gone on the sender's side");
  assert.deepEqual(await answer, { sum: 6, numbers: Float64Array.of(1, 2, 3) });
  await worker.terminate();
});

for (const message of [{ fail: true }, { leave: true }])
  test(`onError hears of ${Object.keys(message)[0]}`, async () => {
    const worker = await spawnWorker(echo, "echo");
    const error = new Promise<Error>((resolve) => worker.onError(resolve));
    worker.post(message);
    assert.match((await error).message, /told to fail|ended unexpectedly/);
    await worker.terminate();
  });

test("terminate is quiet, and a worker that need not be kept alive lets the process end", async () => {
  const worker = await spawnWorker(echo, "echo");
  worker.onError((error) => assert.fail(error.message));
  worker.keepAlive(false);
  worker.keepAlive(true);
  await worker.terminate();
  assert.ok((await hardwareThreads()) >= 1);
});
