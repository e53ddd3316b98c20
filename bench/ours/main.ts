// The child that measures Fovea: what a user of the library calls, on made-up images.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  application,
  applicationOf,
  defaultCompileOptions,
  model as functional,
  type Model,
  mobileNetV2,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { adam } from "../../src/nn/optimizers/index.js";
import { answer, measure, noise, noiseBytes, readSpec } from "../measure.js";
import type { Spec } from "../spec.js";

/** Something to time. */
export interface Timed {
  readonly once: () => Promise<unknown>;
  readonly first?: () => Promise<unknown>;
  readonly compileMs?: number;
  readonly close?: () => Promise<void>;
}

/** Pixels from 0 to 255, or from -1 to 1 for MobileNetV2; a class for each image, or each pixel of a U-Net. */
function labelledNoise({ model, image, classes }: Spec, count: number): { x: Tensor; y: Tensor } {
  const shape = [count, ...image];
  const size = shape.reduce((a, b) => a * b);
  const x =
    model === "mobilenet_v2" ? tensor(noise(size, 2, -1), shape, "float32") : tensor(noiseBytes(size), shape, "uint8");
  const labelled = model === "unet" ? shape.slice(0, 3) : [count];
  const labels = Int32Array.from(
    noise(
      labelled.reduce((a, b) => a * b),
      classes,
    ),
  );
  return { x, y: tensor(labels, labelled, "int32") };
}

/** The application of the spec, compiled as its users would. */
async function modelOf(spec: Spec): Promise<Model> {
  const { image, classes, threads, mode } = spec;
  if (spec.model === "mobilenet_v2") return pretrained(spec);
  const shape = { imageSize: [image[0], image[1]], channels: image[2], classes } as const;
  const model = application(spec.model, shape, { threads, mode });
  model.compile(defaultCompileOptions(applicationOf(spec.model)));
  return model;
}

/** MobileNetV2, all of it to be fine-tuned, with batch norm in inference mode. */
async function pretrained({ task, image, classes, threads, mode }: Spec): Promise<Model> {
  const options = { threads, mode };
  if (task === "infer") return withMadeUpFilters(mobileNetV2({ inputShape: image, classes, ...options }));
  if (task === "head") return headOnly(image, classes, options);
  const base = mobileNetV2({ inputShape: image, classes, classifierActivation: null });
  const inputs = input(image);
  const model = functional({ inputs, outputs: base.apply(inputs, { training: false }), ...options });
  model.compile({ optimizer: adam({ learningRate: 1e-5 }), loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
  return withMadeUpFilters(model);
}

/** A new layer on MobileNetV2, whose own weights do not learn. */
async function headOnly(
  image: Spec["image"],
  classes: number,
  options: Pick<Spec, "threads" | "mode">,
): Promise<Model> {
  const base = mobileNetV2({ inputShape: image, includeTop: false, pooling: "avg" });
  base.trainable = false;
  const inputs = input(image);
  const outputs = dense(classes).apply(base.apply(inputs, { training: false }));
  const model = functional({ inputs, outputs, ...options });
  model.compile({ optimizer: adam({ learningRate: 1e-3 }), loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
  return withMadeUpFilters(model);
}

/** He's uniform initialization in place of Keras's, with which activations fade in so deep a network. */
async function withMadeUpFilters(model: Model): Promise<Model> {
  const weights = (await model.getWeights()).map((weight) => {
    const { shape } = weight;
    if (shape.length < 2) return weight;
    const [size, outputs] = [shape.reduce((a, b) => a * b), shape.at(-1)!];
    // Depthwise filters, [height, width, channels, 1], see one channel each.
    const limit = Math.sqrt(6 / (outputs === 1 ? shape[0]! * shape[1]! : size / outputs));
    return tensor(noise(size, 2 * limit, -limit), shape, "float32");
  });
  await model.setWeights(weights);
  return model;
}

/** Through the public interface: trainOnBatch, predict and fit. */
async function classifier(spec: Spec): Promise<Timed> {
  const { task, batch } = spec;
  const model = await modelOf(spec);
  const close = (): Promise<void> => model.close();
  const data = labelledNoise(spec, batch);
  if (task === "infer") {
    const { compileMs } = await model.preparePrediction(data.x);
    return { once: () => model.predict(data.x, { batchSize: batch }), compileMs, close };
  }
  const { compileMs } = await model.prepareTraining(data.x, data.y);
  if (task === "train" || task === "head") return { once: () => model.trainOnBatch(data), compileMs, close };
  const [train, validation] = spec.samples!.map((count) => labelledNoise(spec, count)) as [typeof data, typeof data];
  const fit = (x: typeof data): Promise<unknown> =>
    model.fit(x, { batchSize: batch, validationData: validation, validationBatchSize: batch });
  // One whole batch and one as the last of the epoch, so that all programs are there.
  const few = labelledNoise(spec, batch + (spec.samples![0] % batch));
  return { once: () => fit(train), first: () => fit(few), compileMs, close };
}

/** `fovea --help`, a process each time. */
function help(): Timed {
  const program = fileURLToPath(new URL("../../command/main.js", import.meta.url));
  return {
    once: async () => {
      const { status } = spawnSync(process.execPath, [program, "--help"]);
      if (status !== 0) throw new Error(`fovea --help ended with ${status}`);
    },
  };
}

const spec = readSpec();
const { once, first, close, compileMs } = spec.task === "help" ? help() : await classifier(spec);
const measured = await measure(spec, once, first);
await close?.();
answer({ ...measured, ...(compileMs === undefined ? {} : { compileMs }) });
