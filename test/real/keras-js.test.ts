// The 77 layer fixtures of keras-js (made with Keras 2 on TensorFlow 1): each case that images need, and why the others
// are left out. The fixtures hold inputs, weights and outputs but no settings; those below are the ones that fit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { input } from "../../src/core/graph/node.js";
import type { ActivationLike } from "../../src/nn/activations.js";
import * as l from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { close, type Plain, tensorOf } from "../parity/keras-fixtures.js";
import { filesInTar, realData } from "./shared-data.js";

interface Fixture {
  readonly input?: Plain;
  readonly inputs?: readonly Plain[];
  readonly weights?: readonly Plain[];
  readonly expected: Plain;
}
/** The fixtures' numbers have six decimals, and a pipeline adds up what they leave out. */
const TOLERANCE = 5e-5;

type Tensors = readonly l.SymbolicInput[];
/** A function that puts a model together, or the reason why the case is left out. */
type Case = ((inputs: Tensors) => l.SymbolicTensor) | string;

const chain =
  (...layers: readonly l.Layer[]) =>
  ([x]: Tensors): l.SymbolicTensor =>
    layers.reduce<l.SymbolicInput>((value, layer) => layer.apply(value), x!) as l.SymbolicTensor;
const each = (...layers: readonly l.Layer[]): Case[] => layers.map((layer) => chain(layer));

const CHANNELS_FIRST = "channels come first, which Fovea does not support";
const KERAS_2 = "Keras 3 gives this function another slope";
const REPEAT = "needs repeatVector, which images do not";
const UNKNOWN =
  "how its layers are put together is not in the file, and nothing simple that fits the weights gives the output";

const relu = { activation: "relu" } as const;
const same = { padding: "same", ...relu } as const;
const activationCases = (name: ActivationLike): Case[] =>
  each(l.activation(name), l.activation(name), l.activation(name));
const poolings = (pool: (size: number, options?: l.Pooling2DOptions) => l.Layer): Case[] => [
  ...each(pool(2), pool(2, { strides: 1 }), pool(2, { strides: [2, 1] }), pool(3), pool(3)),
  ...each(pool(2, { padding: "same" }), pool(2, { strides: 1, padding: "same" })),
  ...each(pool(2, { strides: [2, 1], padding: "same" }), pool(3, { padding: "same" }), pool(3, { padding: "same" })),
  ...[CHANNELS_FIRST, CHANNELS_FIRST, CHANNELS_FIRST],
];
/** Some dense layers on one input, merged. */
const merged = (merge: () => l.Layer, ...branches: readonly number[]): Case[] =>
  branches.map((count) => ([x]: Tensors) => {
    return merge().apply(Array.from({ length: count }, () => l.dense(2).apply(x!)));
  });
/** A convolution on each of two inputs, merged. */
const branches = (merge: () => l.Layer): Case[] => [
  (inputs) => merge().apply(inputs.map((x) => l.conv2d(4, 3, relu).apply(x))),
];
const bn = (options: l.BatchNormalizationOptions = {}): l.Layer => l.batchNormalization({ epsilon: 1e-5, ...options });
const separable = (filters: number, options: l.SeparableConv2DOptions): l.Layer =>
  l.separableConv2d(filters, 3, options);

/** The cases of each file, in its order. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  "activations.json": [
    ...activationCases("softmax"),
    ...[...activationCases("elu"), chain(l.eLU({ alpha: 0.5 }))],
    ...[...activationCases("selu"), ...activationCases("softplus"), ...activationCases("softsign")],
    ...[...activationCases("relu"), chain(l.reLU({ maxValue: 0.5 })), chain(l.reLU({ negativeSlope: 0.3 }))],
    ...[...activationCases("tanh"), ...activationCases("sigmoid")],
    ...[KERAS_2, KERAS_2, KERAS_2, ...activationCases("linear")],
  ],
  "layers/advanced_activations.json": each(
    l.leakyReLU({ negativeSlope: 0.4 }),
    l.pReLU(),
    l.eLU({ alpha: 1.1 }),
    l.reLU({ threshold: 0.9 }),
  ),
  "layers/convolutional/Conv2D.json": [
    ...each(l.conv2d(4, 3), l.conv2d(4, 3, { useBias: false }), l.conv2d(4, 3, { strides: 2, ...relu })),
    ...each(l.conv2d(5, [4, 4], { strides: [2, 1], ...relu }), l.conv2d(4, 3, same)),
    ...each(l.conv2d(4, 3, { strides: 2, ...same }), l.conv2d(4, 3, { strides: [3, 2], ...same })),
    ...each(l.conv2d(4, 3, { dilationRate: 2 }), l.conv2d(4, 3, { dilationRate: 2, useBias: false })),
    ...each(l.conv2d(4, 3, { dilationRate: 3, ...relu }), l.conv2d(3, 4, { dilationRate: 2, ...same })),
    ...each(l.conv2d(4, 3, { dilationRate: 4, ...same })),
  ],
  "layers/convolutional/Conv2DTranspose.json": [
    ...each(l.conv2dTranspose(4, 3, { useBias: false }), l.conv2dTranspose(4, 3)),
    ...each(l.conv2dTranspose(4, 3, { strides: 2, ...relu }), l.conv2dTranspose(4, 3, same)),
    ...each(l.conv2dTranspose(5, 3, { strides: 2, ...same }), l.conv2dTranspose(3, [2, 3], same)),
  ],
  "layers/convolutional/SeparableConv2D.json": [
    ...each(separable(4, {}), separable(4, { depthMultiplier: 2, ...relu })),
    ...each(separable(16, { depthMultiplier: 3, ...relu }), separable(4, { strides: 2, ...relu }), separable(4, same)),
    ...each(separable(4, { depthMultiplier: 2, useBias: false, ...same })),
    ...each(separable(4, { depthMultiplier: 2, strides: 2, ...same })),
  ],
  "layers/convolutional/Cropping2D.json": [
    ...[chain(l.cropping2d(1)), CHANNELS_FIRST],
    ...[chain(l.cropping2d([[4, 2], [3, 1]])), CHANNELS_FIRST], // biome-ignore format: four sides
    ...each(l.cropping2d([2, 3]), l.cropping2d(1)),
  ],
  "layers/convolutional/UpSampling2D.json": [
    ...[chain(l.upSampling2d(2)), CHANNELS_FIRST, chain(l.upSampling2d([3, 2])), CHANNELS_FIRST],
    ...each(l.upSampling2d(2)),
  ],
  "layers/convolutional/ZeroPadding2D.json": [
    ...[chain(l.zeroPadding2d(1)), CHANNELS_FIRST, chain(l.zeroPadding2d([3, 2])), CHANNELS_FIRST],
    ...each(l.zeroPadding2d([[1, 2], [3, 4]]), l.zeroPadding2d(2)), // biome-ignore format: four sides
  ],
  "layers/core/Activation.json": [
    ...(["softmax", "elu", "selu", "softplus", "softsign", "relu", "tanh", "sigmoid"] as const).map((name) =>
      chain(l.dense(2), l.activation(name)),
    ),
    ...[KERAS_2, chain(l.dense(2), l.activation("linear"))],
  ],
  "layers/core/Dense.json": [0, 1].flatMap(() =>
    each(l.dense(2), l.dense(2, { activation: "sigmoid" }), l.dense(2, { activation: "softplus", useBias: false })),
  ),
  "layers/core/Dropout.json": [chain(l.dense(2), l.dropout(0.4))],
  "layers/core/Flatten.json": each(l.flatten(), l.flatten(), l.flatten()),
  "layers/core/Permute.json": each(
    l.permute([2, 1]),
    l.permute([3, 2, 1]),
    l.permute([2, 1, 3]),
    l.permute([3, 1, 2, 4]),
  ),
  "layers/core/Reshape.json": each(l.reshape([2, 3]), l.reshape([6]), l.reshape([4, 3])),
  "layers/merge/Add.json": merged(() => l.add(), 2, 3, 4),
  "layers/merge/Average.json": merged(() => l.average(), 2, 3, 4),
  "layers/merge/Concatenate.json": [...merged(() => l.concatenate(), 2), ...Array<Case>(6).fill(REPEAT)],
  "layers/merge/Maximum.json": merged(() => l.maximum(), 2, 3, 4),
  "layers/merge/Minimum.json": merged(() => l.minimum(), 2, 3, 4),
  "layers/merge/Multiply.json": merged(() => l.multiply(), 2, 3, 4),
  "layers/merge/Subtract.json": merged(() => l.subtract(), 2),
  "layers/noise/GaussianNoise.json": [chain(l.dense(2), l.gaussianNoise(0.5))],
  "layers/normalization/BatchNormalization.json": [
    ...each(bn(), bn({ epsilon: 1e-2 }), bn({ axis: 1 }), bn({ axis: 2 }), bn({ scale: false }), bn({ center: false })),
    ...each(bn({ center: false, scale: false, epsilon: 1e-3 })),
  ],
  "layers/pooling/AveragePooling2D.json": poolings(l.averagePooling2d),
  "layers/pooling/MaxPooling2D.json": poolings(l.maxPooling2d),
  "layers/pooling/GlobalAveragePooling2D.json": [
    ...[chain(l.globalAveragePooling2d()), CHANNELS_FIRST, chain(l.globalAveragePooling2d())],
  ],
  "layers/pooling/GlobalMaxPooling2D.json": [
    ...[chain(l.globalMaxPooling2d()), CHANNELS_FIRST, chain(l.globalMaxPooling2d())],
  ],
  "graph/00.json": [
    ([x, y]) => l.permute([1, 3, 2]).apply(l.concatenate({ axis: 2 }).apply([x!, l.permute([2, 1, 3]).apply(y!)])),
  ],
  "graph/01.json": branches(() => l.add()),
  "graph/02.json": branches(() => l.average()),
  "graph/03.json": branches(() => l.multiply()),
  "graph/04.json": branches(() => l.maximum()),
  "graph/05.json": branches(() => l.concatenate()),
  "graph/06.json": [UNKNOWN],
  "graph/07.json": [
    (inputs) => {
      const first = inputs.map((x) => l.conv2d(4, 3, same).apply(x));
      const second = first.map((x) => l.conv2d(4, 3, same).apply(x));
      return l.conv2d(4, 3, { padding: "same" }).apply(l.concatenate().apply(second));
    },
  ],
  "pipeline/00.json": [chain(l.conv2d(4, 3, relu), l.conv2d(4, 3, relu), l.conv2d(4, 3, relu))],
  "pipeline/01.json": [UNKNOWN],
  "pipeline/02.json": [UNKNOWN],
  "pipeline/03.json": [chain(l.conv2d(4, 3, relu), bn())],
  "pipeline/04.json": [UNKNOWN],
  "pipeline/05.json": [chain(l.conv2d(4, 3, relu), l.maxPooling2d())],
  "pipeline/06.json": [UNKNOWN],
  "pipeline/07.json": [chain(l.conv2d(4, 3, relu), l.maxPooling2d(2, { strides: 1 }))],
  "pipeline/08.json": [
    chain(l.conv2d(4, 3, same), l.conv2d(4, 3, relu), l.maxPooling2d(2, { strides: 1, padding: "same" })),
  ],
  "pipeline/09.json": [chain(l.conv2d(4, 3, relu), l.averagePooling2d(2))],
  "pipeline/10.json": [UNKNOWN],
  "pipeline/11.json": [chain(l.conv2d(4, 3, relu), l.averagePooling2d(2, { strides: 1 }))],
  "pipeline/12.json": [
    chain(l.conv2d(4, 3, same), l.conv2d(4, 3, relu), l.averagePooling2d(2, { strides: 1, padding: "same" })),
  ],
  "pipeline/13.json": [
    chain(
      ...[l.conv2d(2, 3, relu), l.conv2d(2, 3, same), l.averagePooling2d(2), l.flatten()],
      ...[l.dense(3, relu), l.dense(3, { activation: "softmax" })],
    ),
  ],
  "pipeline/14.json": [chain(separable(2, {}), separable(2, {}))],
  "pipeline/15.json": [
    chain(
      l.conv2d(2, 3),
      l.batchNormalization(),
      l.activation("relu"),
      separable(2, { padding: "same" }),
      l.batchNormalization(),
    ),
  ],
  "pipeline/16.json": [UNKNOWN],
};

/** Files about what Fovea leaves out. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/[13]D\.json$/, "not about images"],
  [/recurrent|wrappers|Embedding/, "about sequences"],
  [/RepeatVector|Dot|GaussianDropout/, "not a layer that vision needs"],
];

const { path, skip } = realData("keras/keras-js-layer-fixtures.tar");

test("the keras-js fixtures pass, or it is said why not", { skip, timeout: 300_000 }, async (t) => {
  const session = await createWasmBackend().open({ threads: 2 });
  const left: string[] = [];
  let [files, passed] = [0, 0];
  for (const file of filesInTar(path)) {
    const name = file.path.replace(/^\.\//, "");
    if (!name.endsWith(".json")) continue;
    files++;
    const fixtures = Object.entries(JSON.parse(new TextDecoder().decode(file.bytes)) as Record<string, Fixture>);
    const cases = CASES[name];
    if (cases === undefined) {
      const reason = OTHERS.find(([pattern]) => pattern.test(name))?.[1];
      assert.ok(reason, `${name} is neither tested nor left out for a reason`);
      left.push(`${name}: ${reason}`);
      continue;
    }
    assert.equal(cases.length, fixtures.length, `${name} has ${fixtures.length} cases`);
    for (const [i, [id, { input: only, inputs = [only!], weights = [], expected }]] of fixtures.entries()) {
      const build = cases[i]!;
      if (typeof build === "string") {
        left.push(`${id}: ${build}`);
        continue;
      }
      const symbols = inputs.map(({ shape }) => l.input(shape));
      const model = new Functional({ inputs: symbols, outputs: build(symbols) });
      assert.equal(model.weights.length, weights.length, `${id}: number of weights`);
      for (const [w, weight] of model.weights.entries()) weight.contents = tensorOf(weights[w]!);
      const feeds = inputs.map(({ shape, data }) => tensorOf({ shape: [1, ...shape], data }));
      const values = feeds.map(({ shape }, x) => input(`x${x}`, shape));
      const outputs = model.callAll(values, new l.InferenceContext());
      const program = await session.compile({ inputs: values, outputs, updates: [] });
      close((await program.run(feeds))[0]!, { ...expected, shape: [1, ...expected.shape] }, TOLERANCE, id);
      passed++;
    }
  }
  await session.close();
  assert.equal(files, 77);
  t.diagnostic(`${passed} cases pass; left out: ${left.join("; ")}`);
});
