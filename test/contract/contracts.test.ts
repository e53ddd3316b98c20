// The contracts of fovea/testing hold for formats, and a backend, storage, sampler or format that breaks a promise fails them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { loadKeras, loadOnnx, saveKeras, saveOnnx } from "../../src/file-formats.js";
import {
  backendContract,
  ContractBroken,
  type ContractCase,
  formatContract,
  samplerContract,
  storageContract,
} from "../../src/testing/index.js";
import { MemoryStorage, randomSampler, type Sampler } from "../../src/tune/index.js";
import { runCases } from "./run-cases.js";

// Files state the time otherwise, and two of them may be a second apart.
const date = new Date("2026-01-01");
runCases("keras", formatContract({ write: (model) => saveKeras(model, { date }), read: loadKeras }));
runCases("onnx", formatContract({ write: async (model) => saveOnnx(model), read: loadOnnx }));

/** The names of the cases that are broken; any other failure is thrown on. */
async function brokenOf(cases: readonly ContractCase[], only = /./): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of cases)
    if (only.test(name))
      await run().catch((error) => {
        if (!(error instanceof ContractBroken)) throw error;
        names.push(name);
      });
  return names;
}

test("a storage that forgets values fails", async () => {
  const make = async () => {
    const storage = new MemoryStorage();
    const finish = storage.finish.bind(storage);
    storage.finish = (id, owner, outcome) =>
      finish(id, owner, outcome.state === "complete" ? { ...outcome, values: [0, 0] } : outcome);
    return { open: async () => storage, remove: async () => {} };
  };
  assert.deepEqual(await brokenOf(storageContract(make), /remembered|values of every kind|signs of life/), [
    "a trial is remembered in every detail",
    "values of every kind",
  ]);
});

test("a sampler that tries one value only, or does not repeat, fails", async () => {
  const lowest = (): Sampler => ({
    ...randomSampler(),
    sample: (_view, _name, distribution) =>
      distribution.type === "categorical" ? distribution.choices[0]! : distribution.low,
  });
  assert.deepEqual(await brokenOf(samplerContract(lowest, "grid")), ["values are in their ranges and on their steps"]);
  let calls = 0;
  const drifting = (): Sampler => ({
    ...randomSampler(),
    sample: (_view, _name, distribution) =>
      distribution.type === "categorical"
        ? distribution.choices[calls++ % distribution.choices.length]!
        : calls++ % 2 === 0
          ? distribution.low
          : distribution.high,
  });
  assert.deepEqual(await brokenOf(samplerContract(drifting, "grid"), /a study repeats/), [
    "a study repeats, in pieces and with four trials at once",
  ]);
});

test("a backend that rounds to 16 bits fails", async () => {
  const coarse = {
    ...referenceBackend,
    open: async () => {
      const session = await referenceBackend.open();
      const compile = session.compile.bind(session);
      session.compile = async (graph) => {
        const executable = await compile(graph);
        const run = executable.run.bind(executable);
        executable.run = async (inputs) =>
          (await run(inputs)).map((output) => {
            const data = output.data.slice();
            if (output.dtype === "float32")
              for (const [i, value] of data.entries()) data[i] = Math.round(value * 256) / 256;
            return { ...output, data } as typeof output;
          });
        return executable;
      };
      return session;
    },
  };
  assert.deepEqual(await brokenOf(backendContract(coarse), /^(exp|neg|floor) agrees|session closes/), [
    "neg agrees with the reference",
    "exp agrees with the reference",
  ]);
});

test("a format that loses weights, writes other bytes each time, or opens cut files fails", async () => {
  let count = 0;
  const careless = {
    write: async (model: Parameters<typeof saveKeras>[0]) => {
      const [first, ...others] = await model.getWeights();
      await model.setWeights([{ ...first!, data: first!.data.map((value) => value + ++count / 10) }, ...others]);
      const bytes = await saveKeras(model);
      await model.setWeights([first!, ...others]);
      return bytes;
    },
    read: loadKeras,
  };
  assert.deepEqual(await brokenOf(formatContract(careless), /dense|two files/), [
    "a dense network comes back with the same answers",
    "two files of one model are equal",
  ]);
});
