// Writes models in every format with images and predictions beside them, for tools/check-keras.py, check-tfjs.js and
// check-onnx.js to open in the real programs: the lecture's CNN, a residual network with batch normalization and a
// nested model that is used twice, and MobileNetV2 with Keras's ImageNet weights. More models can be named.
//
//   node dist/tools/export-models.js OUT mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5 [MODEL FILE...]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openModelFile } from "../src/experiment/models/trained-model.js";
import { loadWeights, saveOnnx, saveTfjs, writeNpy } from "../src/formats/index.js";
import { application, type Model, mobileNetV2, model, saveKeras, sequential, tensor } from "../src/index.js";
import * as layers from "../src/nn/layers/index.js";

const SAMPLES = 2;
const { conv2d, input } = layers;

function residual(): Model {
  const block = sequential(
    [input([10, 9, 8]), conv2d(8, 3, { padding: "same", useBias: false }), layers.batchNormalization(), layers.reLU()],
    { name: "block" },
  );
  const image = input([20, 18, 3]);
  const x = conv2d(8, 3, { strides: 2, padding: "same" }).apply(layers.rescaling(1 / 127.5, -1).apply(image));
  const y = layers.add().apply([block.apply(x), x]);
  const z = layers
    .add()
    .apply([block.apply(y), layers.leakyReLU().apply(layers.depthwiseConv2d(3, { padding: "same" }).apply(y))]);
  const joined = layers
    .concatenate()
    .apply([layers.globalAveragePooling2d().apply(z), layers.globalMaxPooling2d().apply(y)]);
  return model({
    inputs: image,
    outputs: layers.dense(5, { activation: "softmax" }).apply(joined),
    name: "residual",
    seed: 3,
  });
}

/** Values that differ everywhere, variances above 0 among them. */
async function shaken(network: Model): Promise<Model> {
  const values = await network.getWeights();
  await network.setWeights(
    values.map((value, k) =>
      value.shape.length > 1 ? value : { ...value, data: value.data.map((_, i) => 0.8 + 0.3 * Math.sin(i + k)) },
    ),
  );
  return network;
}

async function pretrained(file: string): Promise<Model> {
  const network = mobileNetV2();
  await loadWeights(network, readFileSync(file), { file });
  return network;
}

async function write(folder: string, network: Model, scaled = (pixel: number): number => pixel): Promise<void> {
  mkdirSync(join(folder, "tfjs"), { recursive: true });
  const size = SAMPLES * network.inputShape.reduce((product, extent) => product * extent, 1);
  const pixels = Float32Array.from({ length: size }, (_, i) => scaled((i * 89 + Math.floor(i / 7)) % 256));
  const x = tensor(pixels, [SAMPLES, ...network.inputShape], "float32");
  writeFileSync(join(folder, "x.npy"), writeNpy(x));
  writeFileSync(join(folder, "y.npy"), writeNpy(await network.predict(x)));
  writeFileSync(join(folder, "model.keras"), await saveKeras(network));
  writeFileSync(join(folder, "model.onnx"), await saveOnnx(network));
  for (const [name, bytes] of await saveTfjs(network)) writeFileSync(join(folder, "tfjs", name), bytes);
  await network.close();
  console.log(folder);
}

const [out, weights, ...files] = process.argv.slice(2);
if (out === undefined || weights === undefined)
  throw new Error("expected a folder to write to, and Keras's weights of MobileNetV2");
await write(join(out, "cnn"), application("cnn", { imageSize: [80, 60], channels: 1, classes: 55 }, { seed: 1 }));
await write(join(out, "residual"), await shaken(residual()));
await write(join(out, "mobilenet_v2"), await pretrained(weights), (pixel) => pixel / 127.5 - 1);
for (const file of files) await write(join(out, basename(file)), (await openModelFile(file)).loaded.model);
