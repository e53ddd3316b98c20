// Runs ONNX files that Fovea wrote in ONNX Runtime and compares predictions.
//
//   node tools/check-onnx.js model.onnx images.npy predictions.npy [TOLERANCE]
//       The arrays are float32 files of writeNpy: images [n, height, width, channels] as Fovea was fed, and what it
//       gave. Prints the largest difference; exit code 1 when it is above the tolerance (default 1e-4).
//   node tools/check-onnx.js --run model.onnx < input.json
//       For tools/onnx-fixtures.py: {"shape", "data"} in, the first output's numbers out.
//
// The runtime comes from bench/ (npm ci there), or from the folder in FOVEA_BENCH; Fovea must be built.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { readNpy } from "../dist/src/formats/index.js";

const require = createRequire(join(resolve(process.env.FOVEA_BENCH ?? "bench"), "package.json"));
const ort = require("onnxruntime-node");

const arrayIn = (path) => readNpy(readFileSync(path), path);

/** [n, h, w, c] as [n, c, h, w]. */
function channelsFirst({ shape: [n, h, w, c], data }) {
  const out = new Float32Array(data.length);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < h * w; p++)
      for (let ch = 0; ch < c; ch++) out[(i * c + ch) * h * w + p] = data[(i * h * w + p) * c + ch];
  return { shape: [n, c, h, w], data: out };
}

async function run(path, { shape, data }) {
  const session = await ort.InferenceSession.create(path);
  const results = await session.run({ [session.inputNames[0]]: new ort.Tensor("float32", data, shape) });
  return results[session.outputNames[0]].data;
}

async function compare(path, images, predictions, tolerance = "1e-4") {
  const given = arrayIn(images);
  const x = given.shape.length === 4 ? channelsFirst(given) : given;
  let ours = arrayIn(predictions);
  if (ours.shape.length === 4) ours = channelsFirst(ours);
  const theirs = await run(path, x);
  const worst = ours.data.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
  console.log(JSON.stringify({ runtime: ort.env.versions.node, samples: x.shape[0], max_difference: worst }));
  process.exitCode = theirs.length === ours.data.length && worst <= Number(tolerance) ? 0 : 1;
}

const args = process.argv.slice(2);
if (args[0] === "--run") {
  const { shape, data } = JSON.parse(readFileSync(0, "utf8"));
  console.log(JSON.stringify(Array.from(await run(args[1], { shape, data: Float32Array.from(data) }))));
} else await compare(...args);
