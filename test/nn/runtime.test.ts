// Runtimes: models share one session, which queues what they ask for, frees what they leave, and loses no bit.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Backend, Executable, Session } from "../../src/backends/contract.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import {
  callLayer,
  FoveaError,
  layerOutputs,
  type Model,
  type Runtime,
  runtime,
  type Sequential,
  sequential,
  type Tensor,
  zeros,
} from "../../src/index.js";
import { dense, input, softmax } from "../../src/nn/layers/index.js";
import { bands, bandsModel } from "./problem.js";

/** A backend that counts its sessions, and whose threads can die. */
function watched(inline = true) {
  const real = createWasmBackend({ inline, check: true });
  const seen = { opened: 0, closed: 0, dying: false, dead: false };
  const backend: Backend = {
    ...real,
    async open(options) {
      const session = await real.open(options);
      seen.opened++;
      seen.dead = seen.dying = false;
      return watchedSession(session, seen);
    },
  };
  return { backend, seen };
}

function watchedSession(session: Session, seen: { closed: number; dying: boolean; dead: boolean }): Session {
  const dying = (executable: Executable): Executable => ({
    ...executable,
    run: async (inputs) => {
      seen.dead ||= seen.dying;
      if (seen.dead) throw new FoveaError("worker-failed", "a compute thread failed: out of memory");
      return executable.run(inputs);
    },
  });
  return {
    threads: session.threads,
    mode: session.mode,
    get usable() {
      return session.usable && !seen.dead;
    },
    compile: async (graph) => dying(await session.compile(graph)),
    holds: (variable) => session.holds(variable),
    read: (variable) => session.read(variable),
    write: (variable, contents) => session.write(variable, contents),
    release: (variables) => session.release(variables),
    usedBytes: () => session.usedBytes(),
    close: () => {
      seen.closed++;
      return session.close();
    },
  };
}

const blank = (...shape: number[]): Tensor => zeros(shape, "float32");
const SIZE = 512;
const wide = (engine: ReturnType<typeof runtime>, seed = 1): Sequential =>
  sequential([input([SIZE]), dense(SIZE, { activation: "relu", name: "hidden" }), dense(2)], { seed, runtime: engine });
const WEIGHT_BYTES = 4 * SIZE * SIZE;
const data = bands(40, 1);

test("three models of one network use one session and one copy of the weights", async () => {
  const { backend, seen } = watched();
  const engine = runtime({ backend });
  const model = wide(engine);
  const parts = [layerOutputs(model, "hidden"), layerOutputs(model, ["hidden", ""])];
  const x = blank(1, SIZE);
  const expected = await model.predict(x);
  const alone = await engine.usedBytes();
  assert.ok(alone > WEIGHT_BYTES);
  for (const part of parts) assert.deepEqual((await part.predictAll(x)).at(-1)!.shape[0], 1);
  assert.deepEqual((await parts[1]!.predictAll(x))[1], expected);
  assert.equal(seen.opened, 1);
  assert.ok((await engine.usedBytes()) < alone + WEIGHT_BYTES / 2, "the weights are there once");
  await Promise.all([model, parts[0]!].map((part) => part.close()));
  assert.ok((await engine.usedBytes()) > WEIGHT_BYTES, "the third model still uses them");
  assert.deepEqual((await parts[1]!.predictAll(x))[1], expected);
  await parts[1]!.close();
  assert.ok((await engine.usedBytes()) < WEIGHT_BYTES / 2);
  assert.equal(seen.closed, 0);
  await engine.close();
  assert.deepEqual(seen, { opened: 1, closed: 1, dying: false, dead: false });
  assert.equal(await engine.usedBytes(), 0);
});

test("memory of models that were closed or compiled anew is used again", async () => {
  const { backend, seen } = watched();
  const engine = runtime({ backend });
  const used: number[] = [];
  const afterwards: number[] = [];
  for (let round = 0; round < 4; round++) {
    const model = wide(engine, round);
    for (let again = 0; again < 3; again++) {
      model.compile({ optimizer: "adam", loss: "mse" });
      await model.fit({ x: blank(8, SIZE), y: blank(8, 2) }, { batchSize: 4 });
      used.push(await engine.usedBytes());
    }
    await model.close();
    afterwards.push(await engine.usedBytes());
  }
  assert.ok(used[0]! > 3 * WEIGHT_BYTES, "weights and both slots of Adam");
  assert.deepEqual(new Set(used).size, 1, `bytes in use grew: ${used}`);
  assert.deepEqual(new Set(afterwards).size, 1, `bytes left behind grew: ${afterwards}`);
  assert.ok(afterwards[0]! < WEIGHT_BYTES / 2);
  assert.equal(seen.opened, 1);
  await engine.close();
});

test("models without a runtime share one by backend, threads and mode, which closes with the last of them", async () => {
  const make = (options: Parameters<typeof sequential>[1] = {}): Sequential =>
    sequential([input([3]), dense(2)], { threads: 1, ...options });
  const [a, b, other] = [make(), make({ mode: "reproducible" }), make({ threads: 2 })];
  assert.equal(a.place.runtime, b.place.runtime);
  assert.equal(a.place.runtime, layerOutputs(a, "").place.runtime);
  assert.notEqual(a.place.runtime, other.place.runtime);
  const { backend, seen } = watched();
  const [c, d] = [make({ backend }), make({ backend })];
  for (let round = 1; round <= 2; round++) {
    await Promise.all([c, d].map((model) => model.predict(blank(1, 3))));
    assert.deepEqual([seen.opened, seen.closed], [round, round - 1]);
    await c.close();
    await d.predict(blank(1, 3));
    assert.deepEqual([seen.opened, seen.closed], [round, round - 1]);
    await d.close();
    assert.deepEqual([seen.opened, seen.closed], [round, round]);
  }
  const images = blank(1, 3);
  assert.deepEqual((await callLayer(c, images)).shape, [1, 2]);
});

test("a layer is called where one says, whose threads stay for the next call", async () => {
  const { backend, seen } = watched();
  const engine = runtime({ backend, threads: 1 });
  for (let call = 0; call < 2; call++)
    assert.deepEqual((await callLayer(softmax(), blank(1, 3), { runtime: engine })).shape, [1, 3]);
  assert.deepEqual([seen.opened, seen.closed], [1, 0]);
  await engine.close();
  const notThere = {} as unknown as Runtime;
  await assert.rejects(callLayer(softmax(), blank(1, 3), { runtime: notThere }), /^FoveaError: callLayer runtime: /);
});

test("models that train at the same time wait for each other, and end in the bits of each alone", async () => {
  const train = async (model: Model): Promise<string> => {
    await model.fit(data, { epochs: 3, batchSize: 16 });
    return model.weightsSha256();
  };
  const make = (seed: number, engine = runtime({ threads: 1 })) => bandsModel({ seed, runtime: engine });
  const alone = [await train(make(1)), await train(make(2)), await train(make(3))];
  const { backend, seen } = watched(false);
  const engine = runtime({ backend, threads: 2 });
  const models = [1, 2, 3].map((seed) => make(seed, engine));
  assert.deepEqual(await Promise.all(models.map(train)), alone);
  assert.equal(seen.opened, 1);
  await engine.close();
  const [again, fresh] = [models[0]!, make(1)];
  await train(fresh);
  assert.equal(await train(again), await train(fresh), "weights and the optimizer's memory outlive the session");
  await engine.close();
});

test("an error in one model leaves the others as they are", async () => {
  const { backend, seen } = watched();
  const engine = runtime({ backend });
  const [good, plain] = [bandsModel({ runtime: engine }), bandsModel({ runtime: runtime({ backend }) })];
  const broken = sequential([input([8]), dense(2)], { runtime: engine });
  const failing = async (): Promise<void> => {
    const compute = broken.compute("broken", () => {
      throw new FoveaError("wrong-graph", "no graph today");
    }, []);
    await assert.rejects(compute, /no graph today/);
    await assert.rejects(broken.predict(blank(1, 7)), /expected input/);
  };
  const options = { epochs: 2, batchSize: 16 };
  const [history] = await Promise.all([good.fit(data, options), failing(), failing()]);
  assert.deepEqual(history.history, (await plain.fit(data, options)).history);
  assert.equal((await broken.predict(blank(1, 8))).data.length, 2);
  assert.equal(seen.opened, 2);
  await engine.close();
});

test("when a thread dies, the session is left with all weights and opened anew", async () => {
  const { backend, seen } = watched();
  const engine = runtime({ backend });
  const [a, b, plain] = [
    bandsModel({ seed: 1, runtime: engine }),
    bandsModel({ seed: 2, runtime: engine }),
    bandsModel({ seed: 1, runtime: runtime({ backend: watched().backend }) }),
  ];
  const batches = [0, 1, 2, 3].map((at) => bands(16, at));
  for (const [i, batch] of batches.entries()) {
    await b.predict(batch.x);
    if (i === 2) {
      seen.dying = true;
      await assert.rejects(a.trainOnBatch(batch), /a compute thread failed/);
    }
    await a.trainOnBatch(batch);
    await plain.trainOnBatch(batch);
  }
  // The failed step was none: its batch was trained on once.
  assert.equal(await a.weightsSha256(), await plain.weightsSha256());
  assert.equal(seen.opened, 2);
  await b.predict(batches[0]!.x);
  await Promise.all([engine.close(), plain.close()]);
});

test("programs make room for others that would not fit, and no optimizer forgets", async () => {
  const { backend: real } = watched();
  let open = 0;
  const narrow: Backend = {
    ...real,
    async open(options) {
      const session = await real.open(options);
      return {
        ...watchedSession(session, { closed: 0, dying: false, dead: false }),
        usable: true,
        async compile(graph) {
          if (open > 0) throw new FoveaError("out-of-memory-bound", "this model and batch size need 5000 MiB");
          const executable = await session.compile(graph);
          open++;
          const close = async (): Promise<void> => {
            open--;
            await executable.close();
          };
          return { ...executable, close };
        },
      };
    },
  };
  const train = async (backend: Backend): Promise<string[]> => {
    const engine = runtime({ backend });
    const models = [1, 2].map((seed) => bandsModel({ seed, runtime: engine }));
    for (let round = 0; round < 3; round++)
      for (const model of models) {
        await model.trainOnBatch(bands(16, round));
        await model.evaluate(data);
      }
    const hashes = await Promise.all(models.map((model) => model.weightsSha256()));
    for (const model of models) await model.close();
    assert.equal(open, 0);
    await engine.close();
    return hashes;
  };
  assert.deepEqual(await train(narrow), await train(real));
  const failing: Backend = {
    ...real,
    open: async () => ({
      ...(await narrow.open()),
      compile: () => Promise.reject(new FoveaError("out-of-memory-bound", "need 5000 MiB")),
    }),
  };
  await assert.rejects(bandsModel({ runtime: runtime({ backend: failing }) }).predict(data.x), /need 5000 MiB/);
});

test("what models leave that nobody closed is freed with them", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { backend } = watched();
  const engine = runtime({ backend });
  const use = async (): Promise<void> => void (await wide(engine).predict(blank(1, SIZE)));
  await use();
  assert.ok((await engine.usedBytes()) > WEIGHT_BYTES);
  for (let round = 0; round < 50 && (await engine.usedBytes()) > WEIGHT_BYTES; round++) {
    collect();
    await new Promise((resume) => setImmediate(resume));
  }
  assert.ok((await engine.usedBytes()) < WEIGHT_BYTES);
  await engine.close();
});

test("options that contradict a runtime, and what is none, are refused in a sentence", async () => {
  const engine = runtime({ threads: 2 });
  const make = (options: object) => () => sequential([input([3]), dense(2)], options);
  assert.throws(
    make({ runtime: engine, threads: 3 }),
    /sequential: threads 3 is not that of the runtime, 2; pass threads/,
  );
  assert.throws(make({ runtime: engine, mode: "fast" }), /mode "fast" is not that of the runtime, "reproducible"/);
  assert.throws(
    make({ runtime: { threads: 2 } }),
    /sequential runtime: expected a Runtime, made by runtime\(\) from "fovea"/,
  );
  const { backend } = watched();
  assert.throws(
    make({ runtime: engine, backend }),
    /sequential: backend "wasm" is not that of the runtime, another "wasm"; pass backend to runtime\(\) alone/,
  );
  for (const none of [null, 5, {}])
    assert.throws(make({ backend: none }), /sequential backend: expected a backend, such as defaultBackend, received/);
  make({ runtime: engine, backend: engine.backend })();
  assert.throws(() => runtime({ threads: 0 }), /runtime threads: expected a whole number of at least 1, received 0/);
  assert.throws(() => runtime({ mode: "quick" as "fast" }), /runtime mode/);
  make({ runtime: engine, threads: 2, mode: "reproducible" })();
  await engine.close();
});

test("models that share a runtime and are never closed hold no process", () => {
  const index = new URL("../../src/index.js", import.meta.url).href;
  const layers = new URL("../../src/nn/layers/index.js", import.meta.url).href;
  const program = `
    import { layerOutputs, runtime, sequential, zeros } from ${JSON.stringify(index)};
    import { dense, input } from ${JSON.stringify(layers)};
    const place = runtime({ threads: 2 });
    const model = sequential([input([4]), dense(3)], { runtime: place });
    const shared = sequential([input([4]), dense(3)], { threads: 2 });
    await Promise.all([model, layerOutputs(model, ""), shared].map((one) => one.predict(zeros([2, 4], "float32"))));
    console.log("done");`;
  const flags = ["--input-type=module", "-e", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: 60_000 });
  assert.deepEqual({ status, stdout: stdout.trim(), stderr }, { status: 0, stdout: "done", stderr: "" });
});
