// @ts-check
// The child that measures onnxruntime, native or WebAssembly: argument 3 is the package's name.
import { answer, measure, noise, readSpec } from "../../dist/bench/measure.js";

const name = process.argv[3];
const spec = readSpec();
const loaded = await import(name);
const ort = loaded.default ?? loaded;
const web = name === "onnxruntime-web";
if (web) ort.env.wasm.numThreads = spec.threads;
const session = await ort.InferenceSession.create(spec.onnx, {
  executionProviders: [web ? "wasm" : "cpu"],
  graphOptimizationLevel: "all",
  ...(web ? {} : { intraOpNumThreads: spec.threads }),
});
const [height, width, channels] = spec.image;
const shape = [spec.batch, channels, height, width];
const x = new ort.Tensor("float32", noise(shape.reduce((a, b) => a * b)), shape);
answer(await measure(spec, () => session.run({ x })));
