// The student of the photo base: MobileNetV2's blocks without batch normalization and without the widest ones. Its first
// weights are the teacher's: normalization is folded into the convolutions, and of the late blocks those channels stay
// that give most of a block's output (the idea of Li, Kadav, Durdanovic, Samet and Graf, "Pruning filters for efficient
// ConvNets", 2017; here by activations times weights).
import type { Tensor } from "../../src/core/tensor.js";
import { model as functional, layerOutputs, tensor } from "../../src/index.js";
import {
  add,
  conv2d,
  dense,
  depthwiseConv2d,
  globalAveragePooling2d,
  input,
  reLU,
  rescaling,
  type SymbolicTensor,
} from "../../src/nn/layers/index.js";
import type { Functional } from "../../src/nn/model/functional.js";
import type { Model } from "../../src/nn/model/model.js";
import { CLASSES, FEATURES, STUDENT_SIDE } from "./sizes.js";

/** The teacher's blocks that the student has: filters, stride, and the channels between, fewer than six times in late ones. */
const BLOCKS = [
  [16, 1, 32],
  [24, 2, 96],
  [24, 1, 144],
  [32, 2, 144],
  [32, 1, 192],
  [32, 1, 192],
  [64, 2, 192],
  [64, 1, 384],
  [64, 1, 384],
  [64, 1, 384],
  [96, 1, 384],
  [96, 1, 448],
  [96, 1, 448],
  [160, 2, 480],
  [160, 1, 352],
  [160, 1, 352],
] as const;
/** Features of the student, of which its classifier is made. */
const OWN_FEATURES = 288;

const relu6 = (name: string) => reLU({ maxValue: 6, name });
const prefixOf = (id: number): string => (id === 0 ? "expanded_conv" : `block_${id}`);

function block(x: SymbolicTensor, id: number): SymbolicTensor {
  const [filters, strides, wide] = BLOCKS[id]!;
  const prefix = prefixOf(id);
  const channels = x.shape[2]!;
  const inside =
    id === 0 ? x : relu6(`${prefix}_expand_relu`).apply(conv2d(wide, 1, { name: `${prefix}_expand` }).apply(x));
  const deep = depthwiseConv2d(3, { strides, padding: "same", name: `${prefix}_depthwise` }).apply(inside);
  const narrow = conv2d(filters, 1, { name: `${prefix}_project` }).apply(relu6(`${prefix}_depthwise_relu`).apply(deep));
  return channels === filters && strides === 1 ? add({ name: `${prefix}_add` }).apply([x, narrow]) : narrow;
}

/** The student with two outputs: the teacher's features, which only training needs, and the classes of ImageNet. */
export function makeStudent(): Functional {
  const image = input([STUDENT_SIDE, STUDENT_SIDE, 3], { name: "photo" });
  const scaled = rescaling(1 / 127.5, -1, { name: "pixels" }).apply(image);
  let x = relu6("Conv1_relu").apply(conv2d(32, 3, { strides: 2, padding: "same", name: "Conv1" }).apply(scaled));
  for (let id = 0; id < BLOCKS.length; id++) x = block(x, id);
  const last = conv2d(OWN_FEATURES, 1, { kernelInitializer: "he_normal", name: "last" }).apply(x);
  const features = globalAveragePooling2d({ name: "features" }).apply(relu6("last_relu").apply(last));
  const taught = dense(FEATURES, { name: "taught" }).apply(features);
  const classes = dense(CLASSES, { activation: "softmax", name: "predictions" }).apply(features);
  return functional({ inputs: image, outputs: [taught, classes], name: "photos" });
}

/** Kernel and bias of a convolution, its normalization folded in. `axis` of the kernel has the normalized channels. */
async function folded(
  teacher: Model,
  convolution: string,
  normalization: string,
  axis: number,
): Promise<Tensor<"float32">[]> {
  const [kernel] = await teacher.getLayer(convolution).getWeights();
  const [gamma, beta, mean, variance] = await teacher.getLayer(normalization).getWeights();
  const scale = gamma!.data.map((value, channel) => value / Math.sqrt(variance!.data[channel]! + 1e-3));
  const inner = kernel!.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const data = kernel!.data.map((value, i) => value * scale[Math.floor(i / inner) % scale.length]!);
  const bias = beta!.data.map((value, channel) => value - mean!.data[channel]! * scale[channel]!);
  return [tensor(data, kernel!.shape, "float32"), tensor(bias, [bias.length], "float32")];
}

/** Some channels of one axis of a tensor. */
function taken({ data, shape }: Tensor<"float32">, axis: number, channels: readonly number[]): Tensor<"float32"> {
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const out = new Float32Array(outer * channels.length * inner);
  for (let a = 0, next = 0; a < outer; a++)
    for (const channel of channels)
      for (let b = 0; b < inner; b++) out[next++] = data[(a * shape[axis]! + channel) * inner + b]!;
  return tensor(out, [...shape.slice(0, axis), channels.length, ...shape.slice(axis + 1)], "float32");
}

/** The channels between of a block that give most of its output over some images, in their order. */
async function strongest(teacher: Model, images: Tensor, id: number, count: number): Promise<readonly number[]> {
  const prefix = prefixOf(id);
  const [kernel] = await folded(teacher, `${prefix}_project`, `${prefix}_project_BN`, 3);
  const activations = await layerOutputs(teacher, `${prefix}_depthwise_relu`).predict(images);
  const wide = activations.shape.at(-1)!;
  const energy = new Float64Array(wide);
  for (const [i, value] of activations.data.entries()) energy[i % wide]! += value * value;
  const filters = kernel!.shape[3]!;
  const strength = [...energy].map((sum, channel) => {
    const row = kernel!.data.subarray(channel * filters, (channel + 1) * filters);
    return sum * row.reduce((total, weight) => total + weight * weight, 0);
  });
  const order = [...strength.keys()].sort((a, b) => strength[b]! - strength[a]!);
  return order.slice(0, count).sort((a, b) => a - b);
}

/** Gives the student the teacher's weights as far as it has such layers. `images`: what the teacher takes, -1 to 1. */
export async function beginAsTeacher(student: Model, teacher: Model, images: Tensor): Promise<void> {
  const put = (name: string, weights: readonly Tensor[]): Promise<void> => student.getLayer(name).setWeights(weights);
  await put("Conv1", await folded(teacher, "Conv1", "bn_Conv1", 3));
  for (const [id, [, , wide]] of BLOCKS.entries()) {
    const prefix = prefixOf(id);
    const channels = await strongest(teacher, images, id, wide);
    if (id > 0) {
      const [kernel, bias] = await folded(teacher, `${prefix}_expand`, `${prefix}_expand_BN`, 3);
      await put(`${prefix}_expand`, [taken(kernel!, 3, channels), taken(bias!, 0, channels)]);
    }
    const [deep, deepBias] = await folded(teacher, `${prefix}_depthwise`, `${prefix}_depthwise_BN`, 2);
    await put(`${prefix}_depthwise`, [taken(deep!, 2, channels), taken(deepBias!, 0, channels)]);
    const [narrow, narrowBias] = await folded(teacher, `${prefix}_project`, `${prefix}_project_BN`, 3);
    await put(`${prefix}_project`, [taken(narrow!, 2, channels), narrowBias!]);
  }
}
