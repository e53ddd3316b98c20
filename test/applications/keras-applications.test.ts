// keras.applications: every layer's name, class, shape and parameters, the printed summary, preprocessing to the bit,
// and, with all weights filled by one formula here and in Keras, the same outputs and input gradients.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  IMAGENET_NAMES,
  type ImageNetName,
  type ImageNetOptions,
  imageNetApplication,
} from "../../src/applications/imagenet/index.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { canonicalize } from "../../src/compile/canonicalize.js";
import { FoveaError, gradients, input, mul, sum, type Tensor, tensor } from "../../src/core/index.js";
import { mobileNetV2, resNet50 } from "../../src/index.js";
import { DepthwiseConv2D, InferenceContext } from "../../src/nn/layers/index.js";
import type { Layer } from "../../src/nn/layers/layer.js";
import type { Functional } from "../../src/nn/model/functional.js";
import { sha256Hex } from "../../src/platform/hashing.js";

interface Described {
  readonly options: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly layers: number;
  readonly layersSha256: string;
  readonly some: readonly unknown[];
  readonly weightPathsSha256: string;
  readonly params: number;
  readonly trainable: number;
  readonly summarySha256: string;
}

interface Computed {
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: [number, number, number];
  readonly gain: number;
  /** Seed of the formula that fills the input. */
  readonly image: number;
  readonly outputs: readonly number[];
  readonly gradientStep: number;
  readonly gradient: readonly number[];
  readonly gradientNorm: number;
}

type Fixture = Record<ImageNetName, { models: readonly Described[]; runs: readonly Computed[] }> & {
  preprocessing: Record<"tf" | "caffe", readonly number[]>;
};

// From dist/test/applications to the fixtures in the source tree.
const path = fileURLToPath(new URL("../../../test/applications/fixtures/keras-applications.json", import.meta.url));
const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;
const sha256 = (text: string): Promise<string> => sha256Hex(new TextEncoder().encode(text));

/** Every seventh output is kept. */
const OUTPUT_STEP = 7;

/** Keras's options in our spelling. */
const optionsOf = (options: Readonly<Record<string, unknown>>): ImageNetOptions =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

const rowOf = (layer: Layer) => [layer.className, layer.name, layer.outputShape, layer.countParams()];

for (const name of IMAGENET_NAMES)
  test(`${name} has Keras's layers, names, shapes and parameters`, async () => {
    for (const { options, ...expected } of fixture[name].models) {
      const model = imageNetApplication(name).build(optionsOf(options));
      const rows = model.layers.map(rowOf);
      assert.deepEqual(
        rows.filter((_, i) => i % 25 === 0),
        expected.some,
      );
      const trainable = model.trainableWeights.reduce((total, weight) => total + weight.size, 0);
      assert.deepEqual(
        {
          name: model.name,
          layers: rows.length,
          layersSha256: await sha256(JSON.stringify(rows)),
          weightPathsSha256: await sha256(
            model.weights.map(({ path, shape }) => `${path} [${shape.join(", ")}]`).join("\n"),
          ),
          params: model.countParams(),
          trainable,
        },
        {
          name: expected.name,
          layers: expected.layers,
          layersSha256: expected.layersSha256,
          weightPathsSha256: expected.weightPathsSha256,
          params: expected.params,
          trainable: expected.trainable,
        },
      );
      assert.equal(await sha256(model.summary()), expected.summarySha256);
    }
  });

/** The number in [-1, 1) at a place of a series: murmur3's finalizer over a counter. */
function uniformAt(start: number, index: number): number {
  let h = (start + index) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0) / 2 ** 31 - 1;
}

/** The series of a number, through `value`. A plain loop: networks have millions of weights, and `from` calls an iterator. */
function uniform(number: number, size: number, value: (u: number) => number = (u) => u): Float32Array<ArrayBuffer> {
  const start = Math.imul(number, 0x9e3779b1);
  const values = new Float32Array(size);
  for (let index = 0; index < size; index++) values[index] = value(uniformAt(start, index));
  return values;
}

/** Makes a weight's numbers of uniform ones. */
function valuesOf(name: string, shape: readonly number[], isDepthwise: boolean, gain: number): (u: number) => number {
  if (["gamma", "moving_variance", "variance"].includes(name)) return (u) => 1 + u / 4;
  if (name === "count") return () => 0;
  const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1) / (isDepthwise ? shape[2]! : 1);
  const scale = Math.sqrt(gain / inputs);
  return shape.length > 1 ? (u) => u * scale : (u) => u / 8;
}

function fill(model: Functional, gain: number): void {
  let number = 0;
  for (const layer of model.layers)
    for (const weight of layer.weights) {
      const { name, shape } = weight;
      const isDepthwise = shape.length === 4 && (layer instanceof DepthwiseConv2D || name === "depthwise_kernel");
      const values = uniform(++number, weight.size, valuesOf(name, shape, isDepthwise, gain));
      weight.contents = tensor(values, shape, "float32");
    }
}

const backend = createWasmBackend();
const opened = backend.open({});
after(async () => (await opened).close());

/** Outputs of the model, and the gradient of a weighted sum of them with respect to the input. */
async function run(model: Functional, x: Tensor): Promise<readonly [Tensor, Tensor]> {
  const image = input("x", x.shape, "float32");
  const [y] = canonicalize([model.call(image, new InferenceContext())]);
  const weighting = input("weighting", y!.type.shape, "float32");
  const [slope] = gradients(sum(mul(y!, weighting)), [image]);
  const size = y!.type.shape.reduce((a, b) => a * b);
  const program = await (await opened).compile({ inputs: [image, weighting], outputs: [y!, slope!], updates: [] });
  const results = await program.run([x, tensor(uniform(2000, size), y!.type.shape, "float32")]);
  return results as unknown as readonly [Tensor, Tensor];
}

const largest = (values: Iterable<number>): number => [...values].reduce((most, v) => Math.max(most, Math.abs(v)), 0);

/** The largest difference, as a share of the largest value. */
function offBy(actual: readonly number[], expected: readonly number[]): number {
  assert.equal(actual.length, expected.length);
  return largest(expected.map((value, i) => value - actual[i]!)) / largest(expected);
}

const every = (values: Tensor["data"], step: number): number[] =>
  Array.from(values as Float32Array).filter((_, i) => i % step === 0);

for (const name of IMAGENET_NAMES)
  for (const expected of fixture[name].runs)
    test(`${name} ${JSON.stringify(expected.options)} computes what Keras computes`, async () => {
      const { inputShape, gain, image } = expected;
      const model = imageNetApplication(name).build({ ...optionsOf(expected.options), inputShape });
      fill(model, gain);
      const shape = [2, ...inputShape];
      const mode = imageNetApplication(name).preprocessing;
      const [scale, offset] = mode === "tf" ? [1, 0] : [100, mode === "none" ? 128 : 0];
      const pixels = uniform(
        image,
        shape.reduce((a, b) => a * b),
        (u) => u * scale + offset,
      );
      const [outputs, gradient] = await run(model, tensor(pixels, shape, "float32"));
      const wrong = offBy(every(outputs.data, OUTPUT_STEP), expected.outputs);
      assert.ok(wrong < 1e-4, `outputs off by ${wrong}`);
      const wrongSlope = offBy(every(gradient.data, expected.gradientStep), expected.gradient);
      assert.ok(wrongSlope < 1e-3, `gradients off by ${wrongSlope}`);
      const norm = Math.sqrt((gradient.data as Float32Array).reduce((total, v) => total + v * v, 0));
      assert.ok(Math.abs(norm / expected.gradientNorm - 1) < 1e-3, `norm ${norm} instead of ${expected.gradientNorm}`);
    });

test("pixels are preprocessed as in Keras, to the bit", () => {
  const pixels = tensor(
    Uint8Array.from({ length: 60 }, (_, i) => (i * 37) % 256),
    [5, 4, 3],
    "uint8",
  );
  assert.deepEqual([...mobileNetV2.preprocessInput(pixels).data], fixture.preprocessing.tf);
  assert.deepEqual([...resNet50.preprocessInput(pixels).data], fixture.preprocessing.caffe);
  const [first] = pixels.data as Uint8Array;
  assert.equal(first, 0, "the pixels themselves stay");
});

test("options that cannot be get one sentence", () => {
  const wrong: [() => unknown, RegExp][] = [
    [
      () => mobileNetV2({ inputShape: [31, 224, 3] }),
      /mobileNetV2: expected an inputShape .* of at least 32x32 pixels, received \[31,224,3\]/,
    ],
    [() => mobileNetV2({ alpha: 0 }), /mobileNetV2 alpha: expected a number above 0/],
    [() => resNet50({ pooling: "mean" as "avg" }), /resNet50 pooling: expected one of avg, max, received "mean"/],
    [() => resNet50({ classes: 0 }), /resNet50 classes: expected a whole number of at least 1/],
    [() => resNet50({ weights: "imagenet" } as object), /resNet50: expected no option "weights"; .* loadWeights/],
    [() => mobileNetV2({ includeTop: 1 as never }), /mobileNetV2 includeTop: expected true or false, received 1/],
    [() => mobileNetV2.preprocessInput(null as never), /preprocessInput: expected a tensor of pixels, received null/],
    [() => imageNetApplication("vgg16"), /model: expected one of mobilenet, mobilenet_v2/],
  ];
  for (const [make, message] of wrong)
    assert.throws(make, (error) => error instanceof FoveaError && message.test(error.message));
});
