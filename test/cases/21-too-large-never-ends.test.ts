// A model that is too large is refused from its shapes, before a weight is drawn, as often as it is asked; close() frees,
// and the process ends by itself. Nor is it held by threads that never ran, and V8's flags do not keep threads from starting.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { FoveaError, sequential, tensor } from "../../src/index.js";
import { conv2d, dense, input } from "../../src/nn/layers/index.js";
import { spawnWorkers } from "../../src/platform/workers.js";
import { workplace } from "../cli/fovea.js";

const zeros = (...shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape, "float32");

/** Ends a program that hangs; it needs seconds, on a busy machine some more. */
const LIMIT = 120_000;

/** Runs a program over the built library. */
function run(t: TestContext, program: string, flags: readonly string[] = [], env: Record<string, string> = {}) {
  const index = new URL("../../src/index.js", import.meta.url).href;
  const layers = new URL("../../src/nn/layers/index.js", import.meta.url).href;
  const file = join(workplace(t), "program.mjs");
  writeFileSync(
    file,
    `import { sequential, tensor } from ${JSON.stringify(index)};
import { conv2d, dense, input } from ${JSON.stringify(layers)};
const zeros = (...shape) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape, "float32");
${program}`,
  );
  const options = { encoding: "utf8", timeout: LIMIT, env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, file], options);
  return { status, stdout: stdout.trim(), stderr };
}

const REFUSAL = /need \d+ MiB, more than the 4096 MiB that this engine can reserve; use a smaller batch/;

test("a layer of 9.6 GB is refused without drawing a weight, in predict, fit and evaluate, again and again", async () => {
  let drawn = 0;
  const kernelInitializer = {
    className: "Counted",
    config: {},
    seed: undefined,
    fill: (): never => {
      drawn++;
      throw new Error("a weight was drawn");
    },
  } as never;
  const model = sequential([input([40000]), dense(60000, { kernelInitializer })], { seed: 1, threads: 2 });
  model.compile({ optimizer: "adagrad", loss: "mse" });
  const x = zeros(1, 40000);
  const y = zeros(1, 60000);
  const messages: string[] = [];
  for (const call of [() => model.predict(x), () => model.predict(x), () => model.evaluate({ x, y })])
    await assert.rejects(call, (error: Error) => {
      messages.push(error.message);
      return error instanceof FoveaError && REFUSAL.test(error.message);
    });
  assert.equal(messages[0], messages[1]);
  await assert.rejects(
    model.fit({ x, y }, { epochs: 1 }),
    /matmul: a tensor of shape \[40000, 60000\] is too large.*use a/,
  );
  await model.close();
  await model.close();
  await assert.rejects(model.predict(x), REFUSAL);
  await model.close();
  assert.equal(drawn, 0);
});

test("a batch that is too large leaves the model as it was, for smaller ones", async () => {
  const model = sequential([input([64, 64, 1]), conv2d(64, 3, { padding: "same" })], { seed: 1, threads: 2 });
  const small = await model.predict(zeros(2, 64, 64, 1));
  await assert.rejects(model.preparePrediction({ dtype: "float32", shape: [6000, 64, 64, 1] }), REFUSAL);
  assert.deepEqual(await model.predict(zeros(2, 64, 64, 1)), small);
  await model.close();
});

test("after the refusal the process ends by itself, with close() and without", (t) => {
  for (const close of ["", "await model.close();"]) {
    const program = `
const model = sequential([input([2000, 2000, 1]), conv2d(512, 3, { padding: "same" })], { seed: 1, threads: 2 });
model.compile({ optimizer: "adam", loss: "mse" });
await model.predict(zeros(1, 2000, 2000, 1)).catch((error) => console.log(error.message));
${close}
console.log("done");`;
    const { status, stdout, stderr } = run(t, program);
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`${REFUSAL.source}.*\\ndone$`));
  }
});

test("threads that never ran, or could not all start, hold no process", (t) => {
  const workers = new URL("../../src/platform/workers.js", import.meta.url).href;
  const backend = new URL("../../src/default-backend.js", import.meta.url).href;
  const program = `
const { spawnWorkers } = await import(${JSON.stringify(workers)});
await spawnWorkers({ path: "worker.js", from: "https://nowhere/" }, "compute", 2).catch((error) => console.log(error.message));
const { defaultBackend } = await import(${JSON.stringify(backend)});
await defaultBackend.open({ threads: 2 });`;
  const { status, stdout, stderr } = run(t, program);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^a thread could not be started: .*; try fewer threads$/);
});

test("a thread whose module is not there, and an impossible number of threads, are sentences", async () => {
  const web = (): Worker => assert.fail("Node has threads of its own");
  const nowhere = { path: "worker.js", from: "https://nowhere/", web };
  await assert.rejects(spawnWorkers(nowhere, "compute", 1), FoveaError);
  const model = sequential([input([2]), dense(1)], { threads: 1000 });
  for (let i = 0; i < 2; i++)
    await assert.rejects(
      model.predict(zeros(1, 2)),
      /^.*threads: expected a whole number from 1 to 256, received 1000$/,
    );
  await model.close();
  for (const threads of [1.5, 0, Number.NaN])
    await assert.rejects(
      createWasmBackend().open({ threads }),
      new RegExp(`^FoveaError: threads: expected a whole number from 1 to 256, received ${threads}$`),
    );
});

test("closing twice, before use, and while a batch is being computed changes no value", async () => {
  const make = () => {
    const model = sequential([input([8]), dense(4, { activation: "relu" }), dense(2)], { seed: 3, threads: 2 });
    model.compile({ optimizer: "adam", loss: "mse" });
    return model;
  };
  const data = {
    x: tensor(
      Float32Array.from({ length: 320 }, (_, i) => Math.sin(i)),
      [40, 8],
      "float32",
    ),
    y: zeros(40, 2),
  };
  const [plain, closed] = [make(), make()];
  await closed.close();
  await plain.fit(data, { epochs: 6, batchSize: 4 });
  let going = true;
  const training = closed.fit(data, { epochs: 6, batchSize: 4 }).finally(() => {
    going = false;
  });
  while (going) {
    await Promise.all([closed.close(), closed.close()]);
    await new Promise((resume) => setTimeout(resume, 1));
  }
  await training;
  assert.equal(await closed.weightsSha256(), await plain.weightsSha256());
  assert.deepEqual(await closed.predict(data.x), await plain.predict(data.x));
  await Promise.all([plain.close(), closed.close()]);
});

for (const [flags, env] of [
  [["--max-old-space-size=512"], {}],
  [["--stack-size=900", "--max-semi-space-size=16"], {}],
  [[], { NODE_OPTIONS: "--max-old-space-size=512 --enable-source-maps" }],
] as const)
  test(`threads start under ${[...flags, ...Object.values(env)].join(" ")}`, (t) => {
    const program = `
const model = sequential([input([4]), dense(3)], { seed: 1, threads: 2 });
console.log((await model.predict(zeros(2, 4))).data.length);`;
    assert.deepEqual(run(t, program, flags, env), { status: 0, stdout: "6", stderr: "" });
  });

test("threads start in a program of --eval, with its own flags and V8's", () => {
  const index = new URL("../../src/index.js", import.meta.url).href;
  const workers = new URL("../../src/default-backend.js", import.meta.url).href;
  const program = `await import(${JSON.stringify(index)});
const { defaultBackend } = await import(${JSON.stringify(workers)});
const session = await defaultBackend.open({ threads: 2 });
console.log(session.threads);
await session.close();`;
  const flags = ["--input-type=module", "--max-old-space-size=512", "--title=fovea", "-e", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: LIMIT });
  assert.deepEqual({ status, stdout: stdout.trim(), stderr }, { status: 0, stdout: "2", stderr: "" });
});
