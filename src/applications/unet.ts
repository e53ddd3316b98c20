// A small U-Net (Ronneberger, Fischer and Brox, "U-Net: convolutional networks for biomedical image segmentation", 2015): pairs
// of convolutions on four scales, each half as large as the one before, and back up with what was there on the way down.
import {
  concatenate,
  conv2d,
  cropping2d,
  maxPooling2d,
  rescaling,
  type SymbolicTensor,
  upSampling2d,
  zeroPadding2d,
} from "../nn/layers/index.js";
import { type ApplicationOptions, branched } from "./application.js";

/** Filters of each scale, the finest first. */
const FILTERS = [16, 32, 64, 128] as const;
/** Images are filled up to a whole number of these. */
const STRIDE = 2 ** (FILTERS.length - 1);

/** Two convolutions of 3x3 with ReLU. */
function pair(x: SymbolicTensor, filters: number, name: string): SymbolicTensor {
  const options = { padding: "same", activation: "relu", kernelInitializer: "he_normal" } as const;
  const first = conv2d(filters, 3, { ...options, name: `${name}_conv1` }).apply(x);
  return conv2d(filters, 3, { ...options, name: `${name}_conv2` }).apply(first);
}

/** Rows and columns of zeros that a side lacks. */
const lacking = (side: number): number => (STRIDE - (side % STRIDE)) % STRIDE;

/** The network between images and its last features, of the images' size. */
function features(image: SymbolicTensor, { imageSize: [height, width] }: ApplicationOptions): SymbolicTensor {
  const scaled = rescaling(1 / 255, { name: "scale" }).apply(image);
  const [bottom, right] = [lacking(height), lacking(width)];
  const edges = [
    [0, bottom],
    [0, right],
  ] as const;
  const isWhole = bottom + right === 0;
  let x = isWhole ? scaled : zeroPadding2d(edges, { name: "fill" }).apply(scaled);
  const passed: SymbolicTensor[] = [];
  for (const [scale, filters] of FILTERS.entries()) {
    if (scale > 0) x = maxPooling2d({ name: `down${scale}` }).apply(x);
    x = pair(x, filters, `down${scale + 1}`);
    passed.push(x);
  }
  for (let scale = FILTERS.length - 2; scale >= 0; scale--) {
    const up = upSampling2d(2, { name: `up${scale + 1}` }).apply(x);
    const both = concatenate({ name: `join${scale + 1}` }).apply([passed[scale]!, up]);
    x = pair(both, FILTERS[scale]!, `up${scale + 1}`);
  }
  return isWhole ? x : cropping2d(edges, { name: "cut" }).apply(x);
}

export const unet = branched(
  {
    name: "unet",
    title: "U-Net of 16 to 128 filters, a class for each pixel",
    shape: { imageSize: [96, 96], channels: 3, classes: 2 },
    fromLogits: true,
  },
  (image, shape) =>
    (shape.head ?? [conv2d(shape.classes, 1, { name: "classes" })]).reduce(
      (x, layer) => layer.apply(x),
      features(image, shape),
    ),
);
