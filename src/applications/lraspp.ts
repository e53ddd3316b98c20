// The head for segmentation of MobileNetV3 (Howard and others, "Searching for MobileNetV3", 2019, section 6.4: Lite R-ASPP), with
// the widths and names of torchvision's. Coarse maps, weighted by what is in the whole image, are enlarged and added to finer ones.
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  globalAveragePooling2d,
  multiply,
  reLU,
  reshape,
  resizing,
  type SymbolicTensor,
} from "../nn/layers/index.js";
import type { MapHead } from "./map-head.js";

/** Channels of the coarse maps within the head. */
const CHANNELS = 128;
/** Share of the moving averages that a step leaves, and what keeps variances from zero, as PyTorch has them. */
const [MOMENTUM, EPSILON] = [0.9, 1e-5];

export const lraspp: MapHead = {
  title: "Lite R-ASPP of MobileNetV3 (2019), a class for each pixel",
  strides: [
    [8, 16],
    [4, 8],
  ],
  build: (maps, { imageSize: [height, width], classes }) => {
    const [low, high] = [...maps.keys()].sort((a, b) => a - b).map((stride) => maps.get(stride)!) as [
      SymbolicTensor,
      SymbolicTensor,
    ];
    const convolved = conv2d(CHANNELS, 1, {
      useBias: false,
      kernelInitializer: "he_normal",
      name: "cbr_conv",
    }).apply(high);
    const normalized = batchNormalization({ momentum: MOMENTUM, epsilon: EPSILON, name: "cbr_bn" }).apply(convolved);
    const coarse = reLU({ name: "cbr_relu" }).apply(normalized);
    const mean = globalAveragePooling2d({ name: "scale_mean" }).apply(high);
    const whole = reshape([1, 1, high.shape[2]!], { name: "scale_reshape" }).apply(mean);
    const weighed = conv2d(CHANNELS, 1, { useBias: false, name: "scale_conv" }).apply(whole);
    const scale = activation("sigmoid", { name: "scale_sigmoid" }).apply(weighed);
    const scaled = multiply({ name: "scaled" }).apply([coarse, scale]);
    const enlarged = resizing(low.shape[0]!, low.shape[1]!, { name: "enlarged" }).apply(scaled);
    const classesOf = (name: string) => conv2d(classes, 1, { name });
    const sum = add({ name: "logits" }).apply([
      classesOf("low_classifier").apply(low),
      classesOf("high_classifier").apply(enlarged),
    ]);
    return resizing(height, width, { name: "classes" }).apply(sum);
  },
};
