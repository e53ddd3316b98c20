// The student of the photo base: MobileNetV2 (Sandler and others, 2018) up to its fifteenth block, batch normalization folded into
// the convolutions, and a small end of its own. It begins with the teacher's weights, and its end begins with none.
import type { Tensor } from "../../src/core/tensor.js";
import { model as functional, tensor } from "../../src/index.js";
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

/** The teacher's blocks that the student has: filters and stride. All but the first have six times their input between. */
const BLOCKS = [
  [16, 1],
  [24, 2],
  [24, 1],
  [32, 2],
  [32, 1],
  [32, 1],
  [64, 2],
  [64, 1],
  [64, 1],
  [64, 1],
  [96, 1],
  [96, 1],
  [96, 1],
  [160, 2],
  [160, 1],
] as const;
const EXPANSION = 6;
/** Features of the student, of which its classifier is made. */
const OWN_FEATURES = 152;
/** Blocks that keep the teacher's weights: edges and textures are the same at any size. */
const KEPT_BLOCKS = 7;

const relu6 = (name: string) => reLU({ maxValue: 6, name });
const prefixOf = (id: number): string => (id === 0 ? "expanded_conv" : `block_${id}`);

function block(x: SymbolicTensor, id: number): SymbolicTensor {
  const [filters, strides] = BLOCKS[id]!;
  const prefix = prefixOf(id);
  const channels = x.shape[2]!;
  const expand = conv2d(EXPANSION * channels, 1, { name: `${prefix}_expand` });
  const inside = id === 0 ? x : relu6(`${prefix}_expand_relu`).apply(expand.apply(x));
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

/** Gives the student the teacher's weights as far as it has such layers. */
export async function beginAsTeacher(student: Model, teacher: Model): Promise<void> {
  const put = async (name: string, convolution: string, normalization: string, axis: number): Promise<void> =>
    student.getLayer(name).setWeights(await folded(teacher, convolution, normalization, axis));
  await put("Conv1", "Conv1", "bn_Conv1", 3);
  for (const id of BLOCKS.keys()) {
    const prefix = prefixOf(id);
    if (id > 0) await put(`${prefix}_expand`, `${prefix}_expand`, `${prefix}_expand_BN`, 3);
    await put(`${prefix}_depthwise`, `${prefix}_depthwise`, `${prefix}_depthwise_BN`, 2);
    await put(`${prefix}_project`, `${prefix}_project`, `${prefix}_project_BN`, 3);
  }
}

/** Layers with weights that only the end has. */
const END = ["last", "taught", "predictions"];

/** Says which layers learn: the end alone, or all behind the blocks that keep the teacher's weights. */
export function freeze(student: Model, learning: "end" | "blocks"): void {
  for (const layer of student.layers) {
    const block = /^block_(\d+)_/.exec(layer.name);
    const isLate = block !== null && Number(block[1]) >= KEPT_BLOCKS;
    layer.trainable = END.includes(layer.name) || (learning === "blocks" && isLate);
  }
}
