// The child that measures Fovea: what a user of the library calls, on made-up images.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { application, applicationOf, defaultCompileOptions, type Tensor, tensor } from "../../src/index.js";
import { answer, measure, noise, noiseBytes, readSpec } from "../measure.js";
import type { Spec } from "../spec.js";
import { mobileNetV2 } from "./mobilenet-v2.js";

/** Something to time. */
export interface Timed {
  readonly once: () => Promise<unknown>;
  readonly first?: () => Promise<unknown>;
  readonly compileMs?: number;
  readonly close?: () => Promise<void>;
}

function labelledNoise({ image, classes }: Spec, count: number): { x: Tensor; y: Tensor } {
  const shape = [count, ...image];
  const pixels = noiseBytes(shape.reduce((a, b) => a * b));
  return { x: tensor(pixels, shape, "uint8"), y: tensor(Int32Array.from(noise(count, classes)), [count], "int32") };
}

/** A known architecture through the public interface: trainOnBatch, predict and fit. */
async function known(spec: Spec): Promise<Timed> {
  const { task, image, classes, batch, threads, mode } = spec;
  const model = application(
    spec.model,
    { imageSize: [image[0], image[1]], channels: image[2], classes },
    { threads, mode },
  );
  model.compile(defaultCompileOptions(applicationOf(spec.model)));
  const close = (): Promise<void> => model.close();
  const data = labelledNoise(spec, batch);
  if (task === "infer") {
    const { compileMs } = await model.preparePrediction(data.x);
    return { once: () => model.predict(data.x, { batchSize: batch }), compileMs, close };
  }
  const { compileMs } = await model.prepareTraining(data.x, data.y);
  if (task === "train") return { once: () => model.trainOnBatch(data), compileMs, close };
  const [train, validation] = spec.samples!.map((count) => labelledNoise(spec, count)) as [typeof data, typeof data];
  const fit = (x: typeof data): Promise<unknown> =>
    model.fit(x, { batchSize: batch, validationData: validation, validationBatchSize: batch });
  // One whole batch and one as the last of the epoch, so that all programs are there.
  const few = labelledNoise(spec, batch + (spec.samples![0] % batch));
  return { once: () => fit(train), first: () => fit(few), compileMs, close };
}

/** `fovea --help`, a process each time. */
function help(): Timed {
  const program = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));
  return {
    once: async () => {
      const { status } = spawnSync(process.execPath, [program, "--help"]);
      if (status !== 0) throw new Error(`fovea --help ended with ${status}`);
    },
  };
}

const spec = readSpec();
const timed = await (spec.task === "help" ? help() : spec.model === "mobilenet_v2" ? mobileNetV2(spec) : known(spec));
const measured = await measure(spec, timed.once, timed.first);
await timed.close?.();
answer({ ...measured, ...(timed.compileMs === undefined ? {} : { compileMs: timed.compileMs }) });
