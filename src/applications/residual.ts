// Residual networks of basic blocks (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016): every
// two convolutions add to what went into them, so that depth does not get in the way of learning. With 18 layers for
// photos, with 20 thin ones (their section 4.2) for small pictures.
import {
  add,
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  reLU,
  rescaling,
  type SymbolicTensor,
} from "../nn/layers/index.js";
import { type ApplicationOptions, branched, CIFAR_10, IMAGENET } from "./application.js";

/** Convolution without bias, which batch normalization would cancel, and that normalization. */
function normalized(x: SymbolicTensor, filters: number, size: number, strides: number, name: string): SymbolicTensor {
  const options = {
    strides,
    padding: "same",
    useBias: false,
    kernelInitializer: "he_normal",
    name: `${name}_conv`,
  } as const;
  return batchNormalization({ name: `${name}_bn` }).apply(conv2d(filters, size, options).apply(x));
}

/** relu(x + F(x)) with F two convolutions; x is projected where its shape changes. */
function block(x: SymbolicTensor, filters: number, strides: number, name: string): SymbolicTensor {
  const first = reLU({ name: `${name}_1_relu` }).apply(normalized(x, filters, 3, strides, `${name}_1`));
  const second = normalized(first, filters, 3, 1, `${name}_2`);
  const changes = strides !== 1 || x.shape[2] !== filters;
  const shortcut = changes ? normalized(x, filters, 1, strides, `${name}_0`) : x;
  return reLU({ name: `${name}_out` }).apply(add({ name: `${name}_add` }).apply([shortcut, second]));
}

/** Stages of `blocks` blocks; each but the first halves the image. */
function stages(x: SymbolicTensor, widths: readonly number[], blocks: number): SymbolicTensor {
  let y = x;
  widths.forEach((filters, stage) => {
    for (let i = 0; i < blocks; i++)
      y = block(y, filters, stage > 0 && i === 0 ? 2 : 1, `stage${stage + 1}_block${i + 1}`);
  });
  return y;
}

function ended(x: SymbolicTensor, { classes, head }: ApplicationOptions): SymbolicTensor {
  const average = globalAveragePooling2d({ name: "average" }).apply(x);
  return (head ?? [dense(classes, { name: "output" })]).reduce((y, layer) => layer.apply(y), average);
}

export const resnet18 = branched(
  { name: "resnet18", title: "ResNet of 2016 with 18 layers, for photos", shape: IMAGENET, fromLogits: true },
  (image, shape) => {
    const stem = normalized(rescaling(1 / 255).apply(image), 64, 7, 2, "stem");
    const pooled = maxPooling2d(3, { strides: 2, padding: "same", name: "stem_pool" }).apply(
      reLU({ name: "stem_relu" }).apply(stem),
    );
    return ended(stages(pooled, [64, 128, 256, 512], 2), shape);
  },
);

/** Images with a longer side than this are halved at once. */
const SMALL = 48;

export const resnet20 = branched(
  {
    name: "resnet20",
    title: "ResNet of 2016 with 20 thin layers, for small pictures",
    shape: CIFAR_10,
    fromLogits: true,
  },
  (image, shape) => {
    const strides = Math.max(...shape.imageSize) > SMALL ? 2 : 1;
    const stem = normalized(rescaling(1 / 255).apply(image), 16, 3, strides, "stem");
    return ended(stages(reLU({ name: "stem_relu" }).apply(stem), [16, 32, 64], 3), shape);
  },
);
