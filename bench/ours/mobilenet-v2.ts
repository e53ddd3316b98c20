// MobileNetV2 (Sandler et al., 2018) straight from graph functions, with made-up weights: for prediction with batch
// norm folded into biases, for fine-tuning with a scale and a shift per channel, which is what batch norm in inference
// mode comes to. What it computes is nothing; what it costs is what a trained one costs.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import {
  add,
  conv2d,
  depthwiseConv2d,
  type Graph,
  gradients,
  input,
  matmul,
  mean,
  minimum,
  mul,
  relu,
  softmax,
  type Tensor,
  type Value,
  Variable,
} from "../../src/core/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { adam } from "../../src/nn/optimizers/index.js";
import { noise } from "../measure.js";
import type { Spec } from "../spec.js";
import type { Timed } from "./main.js";

/** Rows of the paper's table 2: expansion, channels, repeats, stride of the first. */
const BLOCKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** Logits of `x`; `variables` collects the weights. */
function network(x: Value, classes: number, affine: boolean, variables: Variable[]): Value {
  const weight = (shape: number[], scale: number, offset: number): Value => {
    const data = noise(
      shape.reduce((a, b) => a * b),
      scale,
      offset,
    );
    const variable = new Variable(
      `weight${variables.length}`,
      { dtype: "float32", shape },
      { dtype: "float32", shape, data },
    );
    variables.push(variable);
    return variable.read();
  };
  /** He's uniform initialization, which keeps activations in their range. */
  const filter = (shape: number[], fanIn: number): Value => {
    const limit = Math.sqrt(6 / fanIn);
    return weight(shape, 2 * limit, -limit);
  };
  const normalize = (y: Value): Value => {
    const channels = y.type.shape.at(-1)!;
    const scaled = affine ? mul(y, weight([channels], 0, 1)) : y;
    return add(scaled, weight([channels], 0, 0));
  };
  const relu6 = (y: Value): Value => minimum(relu(y), 6);
  const convolution = (y: Value, size: number, channels: number, stride: number): Value => {
    const from = y.type.shape[3]!;
    const kernel = filter([size, size, from, channels], size * size * from);
    return normalize(conv2d(y, kernel, { strides: [stride, stride], padding: "same" }));
  };
  const depthwise = (y: Value, stride: number): Value => {
    const kernel = filter([3, 3, y.type.shape[3]!], 9);
    return normalize(depthwiseConv2d(y, kernel, { strides: [stride, stride], padding: "same" }));
  };
  let y = relu6(convolution(x, 3, 32, 2));
  for (const [expansion, channels, repeats, stride] of BLOCKS)
    for (let i = 0; i < repeats; i++) {
      const from = y.type.shape[3]!;
      const step = i === 0 ? stride : 1;
      const wide = expansion === 1 ? y : relu6(convolution(y, 1, from * expansion, 1));
      const narrow = convolution(relu6(depthwise(wide, step)), 1, channels, 1);
      y = step === 1 && from === channels ? add(y, narrow) : narrow;
    }
  const features = mean(relu6(convolution(y, 1, 1280, 1)), [1, 2]);
  return add(matmul(features, filter([1280, classes], 1280)), weight([classes], 0, 0));
}

/** Adam on all weights at once, as nn's trainer does it. */
function trainingGraph(
  x: Value,
  labels: Value,
  stepSize: Value,
  { classes }: Spec,
  optimizer: ReturnType<typeof adam>,
): Graph {
  const variables: Variable[] = [];
  const logits = network(x, classes, true, variables);
  const loss = mean(sparseCategoricalCrossentropy({ fromLogits: true }).values(labels, logits));
  const slopes = gradients(
    loss,
    variables.map((variable) => variable.read()),
  );
  const updates = variables.flatMap((variable, i): [Variable, Value][] => {
    const slots = optimizer.slotNames.map((slot) => new Variable(`${variable.name}/${slot}`, variable.type));
    const before = slots.map((slot) => slot.read());
    const [next] = optimizer.update([{ weight: variable.read(), gradient: slopes[i]!, slots: before }], [stepSize]);
    return [[variable, next!.weight], ...slots.map((slot, s): [Variable, Value] => [slot, next!.slots[s]!])];
  });
  return { inputs: [x, labels, stepSize], outputs: [loss], updates };
}

/** A prediction, or a fine-tuning step of all layers. */
export async function mobileNetV2(spec: Spec): Promise<Timed> {
  const { task, batch, image, classes, threads, mode } = spec;
  const shape = [batch, ...image];
  const x = input("x", shape);
  const images: Tensor = {
    dtype: "float32",
    shape,
    data: noise(
      shape.reduce((a, b) => a * b),
      2,
      -1,
    ),
  };
  const session = await createWasmBackend().open({ threads, mode });
  const close = (): Promise<void> => session.close();
  if (task === "infer") {
    const outputs = [softmax(network(x, classes, false, []))];
    const program = await session.compile({ inputs: [x], outputs, updates: [] });
    return { once: () => program.run([images]), compileMs: program.stats.compileMs, close };
  }
  const optimizer = adam({ learningRate: 1e-5 });
  const labels: Tensor = { dtype: "int32", shape: [batch], data: Int32Array.from(noise(batch, classes)) };
  const graph = trainingGraph(x, input("labels", [batch], "int32"), input("stepSize", []), spec, optimizer);
  const program = await session.compile(graph);
  let iteration = 0;
  const once = (): Promise<unknown> => {
    const rate = Float32Array.from(optimizer.numbers(iteration++));
    return program.run([images, labels, { dtype: "float32", shape: [], data: rate }]);
  };
  return { once, compileMs: program.stats.compileMs, close };
}
