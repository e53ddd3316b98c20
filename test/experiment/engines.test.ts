// The optional engine for trained networks: what is said without its package, how images reach it, what recipe, model
// and cache keep of it; with a made-up package, and with the real onnxruntime-node where bench/ has it (npm ci there).
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { mobileNetV2 } from "../../src/applications/imagenet/mobilenet-v2.js";
import { writeHanzi } from "../../src/data/index.js";
import { findData, loadData } from "../../src/experiment/data/experiment-data.js";
import { openEngine, recordedEngine } from "../../src/experiment/pretrained/onnxruntime.js";
import { expectedOf, replay } from "../../src/experiment/run/replay.js";
import { recipeOf, startRun } from "../../src/experiment/run/run.js";
import { makeTransferRecipe, preprocessingFor, type TransferWish } from "../../src/experiment/transfer/recipe.js";
import { readRecipe } from "../../src/formats/index.js";
import { readOnnx } from "../../src/formats/models/onnx/read-proto.js";
import { defaultBackend as backend, loadKeras, Sequential, tensor } from "../../src/index.js";
import { flatten, input, randomFlip, rescaling } from "../../src/nn/layers/index.js";
import type { Model } from "../../src/nn/model/model.js";
import { importPackage } from "../../src/platform/packages.js";

type Shape = readonly number[];

/** A package with onnxruntime-node's words: its networks give, of each image, `width` numbers that are its pixels. */
class MadeUp {
  readonly fed: { readonly data: Float32Array; readonly dims: Shape }[] = [];
  released = 0;

  constructor(
    readonly version: string,
    readonly width: number,
  ) {}

  readonly find = async (name: string): Promise<unknown> => {
    assert.equal(name, "onnxruntime-node");
    const create = async (bytes: Uint8Array) => {
      const { inputs, outputs } = readOnnx(bytes);
      return {
        inputNames: inputs.map((value) => value.name),
        outputNames: outputs.map((output) => output.name),
        run: async (feeds: Record<string, { data: Float32Array; dims: Shape }>) => {
          const { data, dims } = feeds[inputs[0]!.name]!;
          this.fed.push({ data, dims });
          const each = data.length / dims[0]!;
          const at = (i: number) => data[Math.floor(i / this.width) * each + (((i % this.width) * 7) % each)]! / 255;
          const numbers = Float32Array.from({ length: dims[0]! * this.width }, (_, i) => at(i));
          return { [outputs[0]!.name]: { data: numbers } };
        },
        release: async () => {
          this.released++;
        },
      };
    };
    const Tensor = class {
      constructor(
        readonly type: string,
        readonly data: Float32Array,
        readonly dims: Shape,
      ) {}
    };
    return {
      default: { env: { versions: { node: this.version, common: "0" } }, Tensor, InferenceSession: { create } },
    };
  };
}

const nothing = async (): Promise<undefined> => undefined;

let directory = "";
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "fovea-engines-"));
  process.env.FOVEA_CACHE = join(directory, "cache");
  await writeHanzi(join(directory, "signs"), { characters: [..."人大木"], scale: 0.02, seed: 5 });
});
after(() => rmSync(directory, { recursive: true, force: true }));

test("without the package, or with one that does not load, there is one sentence", async () => {
  assert.equal(await openEngine("wasm", nothing), undefined);
  assert.equal(await importPackage("a-package-that-nobody-has"), undefined);
  const message = (work: Promise<unknown>) =>
    work.then(
      () => "no error",
      (error: Error) => `${error.name}: ${error.message}`,
    );
  assert.equal(
    await message(openEngine("onnxruntime", nothing)),
    "FoveaError: --engine onnxruntime needs the package onnxruntime-node; install it beside fovea: npm install onnxruntime-node",
  );
  const broken = () => Promise.reject(new Error("wrong ELF class"));
  assert.match(await message(openEngine("onnxruntime", broken)), /^FoveaError: .*does not load.*wrong ELF class/);
  assert.match(await message(openEngine("tpu")), /^FoveaError: engine: expected one of wasm, onnxruntime/);
  const made = { name: "onnxruntime", version: "1.2.3" } as const;
  assert.match(
    await message(recordedEngine(made, nothing)),
    /^FoveaError: this run was made with --engine onnxruntime and needs .* npm install onnxruntime-node@1\.2\.3$/,
  );
  assert.match(
    await message(recordedEngine(made, new MadeUp("1.2.4", 1).find)),
    /^FoveaError: this run's features come from onnxruntime-node@1\.2\.3, found 1\.2\.4/,
  );
});

test("images go there channels first, in batches, and answers come back in order", async () => {
  const runtime = new MadeUp("1.0.0", 12);
  const model = new Sequential([input([2, 2, 3]), flatten()], { backend });
  const found = await openEngine("onnxruntime", runtime.find);
  const predictor = found!.run(model, { threads: 1 });
  const x = tensor(
    Uint8Array.from({ length: 36 }, (_, i) => i),
    [3, 2, 2, 3],
    "uint8",
  );
  const told: number[] = [];
  const { shape, data } = await predictor.predict(x, { batchSize: 2, onBatch: (done) => told.push(done) });
  assert.deepEqual(
    [shape, told],
    [
      [3, 12],
      [2, 3],
    ],
  );
  assert.deepEqual(
    runtime.fed.map(({ dims }) => dims),
    [
      [2, 3, 2, 2],
      [1, 3, 2, 2],
    ],
  );
  assert.deepEqual([...runtime.fed[1]!.data], [24, 27, 30, 33, 25, 28, 31, 34, 26, 29, 32, 35]);
  assert.equal(data[24], Math.fround(24 / 255));
  await predictor.close();
  assert.equal(runtime.released, 1);
});

test("a run on another engine says so in recipe, model and report, keeps features of its own and is replayed", async () => {
  const preprocessing = preprocessingFor("hanzi");
  const wish: TransferWish = {
    base: "hanzi",
    split: { validation: 0.2, seed: 123 },
    seed: 3,
    mode: "reproducible",
    training: { epochs: 2, batchSize: 32, monitor: "val_loss", patience: 5 },
    augmentation: "light",
    variants: 1,
  };
  const data = await loadData(await findData(join(directory, "signs")), preprocessing, wish.split);
  const kept = () => readdirSync(join(directory, "cache")).filter((name) => name.endsWith(".features")).length;
  const runOn = async (version: string) => {
    const runtime = new MadeUp(version, 128);
    const engine = await openEngine("onnxruntime", runtime.find);
    const recipe = await makeTransferRecipe({ ...wish, engine: engine! }, preprocessing, data);
    const { folder } = await startRun(join(directory, version), recipe, data, { findPackage: runtime.find });
    return { runtime, folder };
  };
  const plain = await makeTransferRecipe(wish, preprocessing, data);
  assert.ok(!("engine" in plain.transfer!), "our own engine leaves recipes as they were");

  const { runtime, folder } = await runOn("1.0.0");
  assert.equal(kept(), 3, "Train, its variant, Test");
  const recipe = await recipeOf(folder);
  assert.deepEqual(recipe.transfer!.engine, { name: "onnxruntime", version: "1.0.0" });
  const { facts } = await loadKeras(readFileSync(folder.file("model")), { backend });
  assert.deepEqual(readRecipe(JSON.stringify(facts!.recipe)), recipe);
  assert.match(readFileSync(folder.file("report"), "utf8"), /Features by.*onnxruntime 1\.0\.0/s);
  const images = data.folders.train.samples.images.count;
  const pixels = (from: number) => Buffer.from(runtime.fed[from]!.data.slice(0, 4800).buffer);
  assert.notDeepEqual(pixels(0), pixels(Math.ceil(images / 16)), "varied copies were varied before they went there");

  const again = await replay(recipe, data, await expectedOf(folder), { findPackage: runtime.find });
  assert.ok(again.sameBits);
  await assert.rejects(replay(recipe, data, await expectedOf(folder), { findPackage: nothing }), /needs the package/);
  await runOn("1.0.1");
  assert.equal(kept(), 6, "another version has files of its own");
  await assert.rejects(
    startRun(join(directory, "none"), recipe, data, { findPackage: nothing }),
    /npm install onnxruntime-node@1\.0\.0/,
  );
  assert.ok(!existsSync(join(directory, "none")), "nothing is left behind");
});

const bench = resolve(process.env.FOVEA_BENCH ?? fileURLToPath(new URL("../../../bench", import.meta.url)));
const real = createRequire(join(bench, "package.json"));
const isThere = existsSync(join(bench, "node_modules/onnxruntime-node"));
const skip = isThere ? false : `no onnxruntime-node in ${bench}; npm ci there, or set FOVEA_BENCH`;

/** Scales kernels so that random networks of any depth say something, which Glorot's depthwise ones do not. */
function heard<M extends Model>(model: M): M {
  for (const weight of model.weights) {
    const { data, shape } = weight.contents;
    if (shape.length !== 4) continue;
    const [height, width, inputs, outputs] = shape as [number, number, number, number];
    const fan = height * width * (outputs === 1 ? 1 : inputs);
    const spread = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    weight.contents = tensor(
      data.map((value) => (value / spread) * Math.sqrt(2 / fan)),
      shape,
      "float32",
    );
  }
  return model;
}

test("onnxruntime-node computes the features and probabilities that we compute", { skip }, async (t) => {
  const engine = await openEngine("onnxruntime", async (name) => real(name));
  const x = tensor(
    Uint8Array.from({ length: 5 * 64 * 64 * 3 }, (_, i) => ((i * 2654435761) >>> 13) % 256),
    [5, 64, 64, 3],
    "uint8",
  );
  const small = { alpha: 0.35, inputShape: [64, 64, 3], backend, seed: 7 } as const;
  const pixels = () => [input([64, 64, 3]), randomFlip(), rescaling(1 / 127.5, -1)];
  const models: Readonly<Record<string, Model>> = {
    features: new Sequential([...pixels(), heard(mobileNetV2({ ...small, includeTop: false, pooling: "avg" }))], {
      backend,
    }),
    classifier: new Sequential([...pixels(), heard(mobileNetV2({ ...small, classes: 10 }))], { backend }),
  };
  for (const [name, model] of Object.entries(models)) {
    const ours = await model.predict(x);
    const predictor = engine!.run(model, { threads: 2 });
    const theirs = await predictor.predict(x, { batchSize: 2 });
    await predictor.close();
    await model.close();
    assert.deepEqual(theirs.shape, ours.shape);
    const worst = ours.data.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs.data[i]!)), 0);
    const largest = ours.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    t.diagnostic(`${name}: onnxruntime ${engine!.version} is off by ${worst} at most, values up to ${largest}`);
    assert.ok(largest > 0.05, `${name} says nothing: at most ${largest}`);
    assert.ok(worst < 1e-4, `${name} is off by ${worst}`);
  }
});
