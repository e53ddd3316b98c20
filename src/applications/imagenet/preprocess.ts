// Preprocessing of pixels for each ImageNet application: keras.applications' preprocess_input, to the bit.
import { FoveaError, shown } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";

/**
 * Keras's modes: `"tf"` scales to -1..1, `"caffe"` turns RGB into BGR and takes off ImageNet's mean colour, `"none"`
 * leaves pixels as they are for models that begin by normalizing them.
 */
export type PreprocessingMode = "tf" | "caffe" | "none";

/** The mean of ImageNet's pixels: blue, green, red. */
const MEANS = Float32Array.of(103.939, 116.779, 123.68);

/**
 * Pixels from 0 to 255 as a model wants them: `[height, width, channels]` or a batch of these, uint8 or float32, RGB
 * for `"caffe"`. The tensor that is passed stays as it is.
 */
export function preprocessPixels(mode: PreprocessingMode, pixels: Tensor): Tensor<"float32"> {
  if (typeof pixels !== "object" || pixels === null || !("dtype" in pixels))
    throw new FoveaError("wrong-type", `preprocessInput: expected a tensor of pixels, received ${shown(pixels)}`);
  const { shape } = pixels;
  if (shape.length !== 3 && shape.length !== 4)
    throw new FoveaError(
      "shape-mismatch",
      `preprocessInput: expected pixels [height, width, channels] or a batch of these, received ${showShape(shape)}`,
    );
  const data = Float32Array.from(pixels.data as ArrayLike<number>);
  if (mode === "tf") for (const [i, value] of data.entries()) data[i] = Math.fround(value / 127.5) - 1;
  if (mode === "caffe") toCenteredBgr(data, shape.at(-1)!);
  return tensor(data, shape, "float32");
}

function toCenteredBgr(data: Float32Array, channels: number): void {
  if (channels !== 3)
    throw new FoveaError("shape-mismatch", `preprocessInput: expected RGB, received ${channels} channels`);
  const [blue, green, red] = MEANS as unknown as [number, number, number];
  for (let i = 0; i < data.length; i += 3) {
    const first = data[i]!;
    data[i] = data[i + 2]! - blue;
    data[i + 1] = data[i + 1]! - green;
    data[i + 2] = first - red;
  }
}
