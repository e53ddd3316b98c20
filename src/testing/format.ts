// The contract of formats of models: what is written comes back with the same answers, twice in the same bytes, and bytes that
// are cut or changed never give a model with other answers.
import { FoveaError } from "../core/errors.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { defaultPlace } from "../default-backend.js";
import * as layers from "../nn/layers/index.js";
import type { Model } from "../nn/model/model.js";
import { Sequential } from "../nn/model/sequential.js";
import { type ContractCase, check } from "./contract.js";

/** A format of models in one file. */
export interface ModelFormat {
  /**
   * Writes a model into the bytes of a file.
   * @param model built, with its weights
   */
  write(model: Model): Promise<Uint8Array>;
  /**
   * Opens a model that can compute, as the loaders of `fovea` give it.
   * @param bytes of a whole file
   */
  read(bytes: Uint8Array): Promise<{ readonly model: Model }>;
}

const SHAPE = [8, 8, 3] as const;

const NETWORKS: Readonly<Record<string, () => layers.Layer[]>> = {
  "a dense network": () => [layers.flatten(), layers.dense(5, { activation: "relu" }), layers.dense(3)],
  "convolutions with normalization and pooling": () => [
    layers.conv2d(4, 3, { padding: "same", useBias: false }),
    layers.batchNormalization(),
    layers.activation("relu"),
    layers.maxPooling2d(2),
    layers.depthwiseConv2d(3),
    layers.globalAveragePooling2d(),
    layers.dense(2, { activation: "softmax" }),
  ],
};

const made = (name: string): Model => new Sequential([layers.input(SHAPE), ...NETWORKS[name]!()], defaultPlace);

/** Two images of a fixed pattern. */
function images(): Tensor<"float32"> {
  const data = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => ((i * 37) % 101) / 100);
  return tensor(data, [2, ...SHAPE], "float32");
}

async function difference(a: Model, b: Model): Promise<number> {
  const [first, second] = [await a.predict(images()), await b.predict(images())];
  check.deepEqual(second.shape, first.shape, "the shape of the answers");
  return first.data.reduce((most: number, value, i) => Math.max(most, Math.abs(value - second.data[i]!)), 0);
}

/** Closes all models after the work, also where it fails. */
async function withModels(work: (keep: (model: Model) => Model) => Promise<void>): Promise<void> {
  const kept: Model[] = [];
  try {
    await work((model) => {
      kept.push(model);
      return model;
    });
  } finally {
    await Promise.all(kept.map((model) => model.close()));
  }
}

/** A changed file opens as the same model or is refused in a sentence; another model, or another error, is a fault. */
async function isHarmless(format: ModelFormat, bytes: Uint8Array, original: Model, what: string): Promise<void> {
  let opened: Model | undefined;
  try {
    opened = (await format.read(bytes)).model;
  } catch (error) {
    check.ok(error instanceof FoveaError, `${what}: expected a FoveaError, found ${String(error)}`);
    return;
  }
  try {
    check.ok((await difference(original, opened)) <= 1e-4, `${what}: it opened as a model with other answers`);
  } finally {
    await opened.close();
  }
}

/**
 * The promises of a format of models: what is written comes back with the same answers, two files of one model are equal to
 * the byte, and a file that is cut short or of something else is refused with a FoveaError.
 * @param format how a model becomes bytes, and a model again
 * @param options.tolerance the largest difference of an answer after a round, such as 0.01 for 16-bit floats. Default 1e-6
 * @returns cases for a runner of tests; a case rejects where its promise is broken
 * @example
 * const date = new Date("2026-01-01"); // files state the time otherwise
 * const format = { write: (model) => saveKeras(model, { date }), read: loadKeras };
 * for (const { name, run } of formatContract(format)) await run(); // or test(name, run)
 */
export function formatContract(
  format: ModelFormat,
  { tolerance = 1e-6 }: { readonly tolerance?: number } = {},
): readonly ContractCase[] {
  const rounds = Object.keys(NETWORKS).map((name) => ({
    name: `${name} comes back with the same answers`,
    run: () =>
      withModels(async (keep) => {
        const model = keep(made(name));
        const back = keep((await format.read(await format.write(model))).model);
        const found = await difference(model, back);
        check.ok(found <= tolerance, `expected answers within ${tolerance}, found ${found}`);
      }),
  }));
  const [first] = Object.keys(NETWORKS) as [string];
  return [
    ...rounds,
    {
      name: "two files of one model are equal",
      run: () =>
        withModels(async (keep) => {
          const model = keep(made(first));
          check.deepEqual([...(await format.write(model))], [...(await format.write(model))], "the bytes of two files");
        }),
    },
    {
      name: "a file that is cut short is refused in a sentence, or opens as the same model",
      run: () =>
        withModels(async (keep) => {
          const model = keep(made(first));
          const bytes = await format.write(model);
          for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
            const end = Math.floor(share * bytes.length);
            await isHarmless(format, bytes.slice(0, end), model, `the first ${end} of ${bytes.length} bytes`);
          }
        }),
    },
    {
      name: "other bytes are refused in a sentence",
      run: () =>
        check.rejects(format.read(Uint8Array.from({ length: 5000 }, (_, i) => (i * 73) % 251)), /^FoveaError: /),
    },
  ];
}
