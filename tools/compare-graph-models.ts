// Graph models of TensorFlow.js beside TensorFlow.js itself, and the table of their largest differences.
//
//   npm install --ignore-scripts --prefix PKGS @tensorflow/tfjs-core @tensorflow/tfjs-converter \
//     @tensorflow/tfjs-backend-cpu @vladmandic/human
//   node dist/tools/compare-graph-models.js PKGS MODEL.json...
//
// Every output that Fovea reads is compared on one random input of numbers from 0 to 1 (pixels where the input is int32);
// sizes that a model leaves open are 128. The limit is 1e-4, of the largest output where that is above 1. The packages lie outside of the project and are no part of it.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { sizeOf } from "../src/core/shape.js";
import { type Tensor, tensor } from "../src/core/tensor.js";
import { defaultPlace } from "../src/default-backend.js";
import { loadGraph } from "../src/formats/models/tfjs-graph/import.js";

interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array>;
}
interface Tf {
  ready(): Promise<void>;
  setBackend(name: string): Promise<boolean>;
  tensor(data: Float32Array, shape: readonly number[], dtype: string): TfTensor;
}
interface TfModel {
  readonly inputs: readonly { readonly name: string; readonly dtype: string }[];
  execute(inputs: Readonly<Record<string, TfTensor>>, outputs: readonly string[]): TfTensor | readonly TfTensor[];
}
interface Converter {
  loadGraphModel(handler: { load(): Promise<unknown> }): Promise<TfModel>;
}

const OPEN = [128, 128] as const;

/** The files of a model in the form that TensorFlow.js loads from memory. */
async function artifacts(path: string): Promise<Record<string, unknown>> {
  const json = JSON.parse(await readFile(path, "utf8"));
  const groups: { paths: string[]; weights: object[] }[] = json.weightsManifest;
  const shards = await Promise.all(
    groups.flatMap(({ paths }) => paths).map((name) => readFile(join(dirname(path), name))),
  );
  const bytes = new Uint8Array(Buffer.concat(shards));
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  return { ...json, weightSpecs, weightData: bytes.buffer };
}

/** Numbers from 0 to 1, or whole ones up to 255, by a fixed rule, so that two runs compare the same. */
function randomInput(shape: readonly number[], isWhole: boolean): Tensor<"float32"> {
  let state = 4;
  const data = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return isWhole ? state >>> 24 : state / 2 ** 32;
  });
  return tensor(data, shape, "float32");
}

async function compare(tf: Tf, converter: Converter, path: string): Promise<string> {
  const json = JSON.parse(await readFile(path, "utf8"));
  const signature = json.signature ?? json.userDefinedMetadata?.signature;
  const { modelTopology, weightsManifest } = json;
  const siblings = async (name: string): Promise<Uint8Array> =>
    new Uint8Array(await readFile(join(dirname(path), name)));
  const options = { ...defaultPlace, file: basename(path), imageSize: OPEN };
  const { model, outputs, warnings } = await loadGraph(
    { modelTopology, signature, weightsManifest },
    siblings,
    options,
  );
  const theirs = await converter.loadGraphModel({ load: () => artifacts(path) });
  const isWhole = theirs.inputs.map(({ dtype }) => dtype === "int32");
  const x = model.inputShapes.map((shape, index) => randomInput([1, ...shape], isWhole[index] === true));
  const ours = await model.predictAll(x.length === 1 ? x[0]! : x);
  await model.close();
  const feed = Object.fromEntries(
    x.map(({ data, shape }, index) => {
      const { name, dtype } = theirs.inputs[index]!;
      return [name, tf.tensor(data, shape, dtype)];
    }),
  );
  const answers = [theirs.execute(feed, outputs)].flat();
  let [difference, largest] = [0, 0];
  for (const [index, answer] of answers.entries()) {
    const expected = await answer.data();
    const found = ours[index]!.data;
    if (found.length !== expected.length)
      throw new Error(`${outputs[index]}: [${ours[index]!.shape}] where TensorFlow.js has [${answer.shape}]`);
    for (const [i, value] of expected.entries()) {
      difference = Math.max(difference, Math.abs(value - found[i]!));
      largest = Math.max(largest, Math.abs(value));
    }
  }
  const relative = difference / Math.max(1, largest);
  const left = warnings.length === 0 ? "" : ` ${warnings.join(" ").slice(0, 160)}`;
  const numbers = [model.countParams(), answers.length, largest.toPrecision(3), difference.toExponential(1)];
  return `| ${[basename(path), ...numbers, relative <= 1e-4 ? "yes" : "NO"].join(" | ")} |${left}`;
}

async function main(): Promise<void> {
  const [packages, ...paths] = process.argv.slice(2);
  if (packages === undefined || paths.length === 0)
    throw new Error("expected the folder of packages, then model.json files");
  const from = createRequire(pathToFileURL(join(resolve(packages), "x.js")));
  const tf: Tf = from("@tensorflow/tfjs-core");
  from("@tensorflow/tfjs-backend-cpu");
  const converter: Converter = from("@tensorflow/tfjs-converter");
  await tf.setBackend("cpu");
  await tf.ready();
  console.log(
    "| model | parameters | outputs | largest output | largest difference | within 1e-4 |\n|---|---|---|---|---|---|",
  );
  for (const path of paths)
    try {
      console.log(await compare(tf, converter, path));
    } catch (error) {
      console.log(`| ${basename(path)} | ${error instanceof Error ? error.message.slice(0, 300) : error} |`);
    }
}

await main();
