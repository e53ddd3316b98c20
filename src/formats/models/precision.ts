// Precision of the weights in a file. Models compute with float32 whatever their file holds: half the bytes (float16,
// bfloat16) or a quarter (int8 with one scale per channel) cost accuracy once, when the file is written.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { Model } from "../../nn/model/model.js";
import { HALVES, type HalfArray, type HalfName } from "../containers/half.js";

/** `int8` is for the kernels of convolutions and products alone; the rest of such a file is float32. */
export const WEIGHT_DTYPES = ["float32", "float16", "bfloat16", "int8"] as const;
export type WeightDType = (typeof WEIGHT_DTYPES)[number];

export const isHalf = (dtype: string): dtype is HalfName => dtype in HALVES;

/** The largest finite number of 16 bits: 2^16 - 2^5. */
const LARGEST: Readonly<Record<HalfName, string>> = { float16: "65504", bfloat16: "3.39e38" };

/**
 * A weight by the bits of 16-bit floats.
 * @param path name of the weight in errors
 * @throws FoveaError when a number of it is beyond their range
 */
export function asHalf(path: string, { shape, data }: Tensor<"float32">, dtype: HalfName): HalfArray {
  const { pack, unpack } = HALVES[dtype];
  const bits = pack(data);
  const beyond = unpack(bits).findIndex((value) => !Number.isFinite(value));
  if (beyond >= 0)
    throw new FoveaError(
      "not-exportable",
      `the weight ${path} holds ${data[beyond]}, and ${dtype} ends at ${LARGEST[dtype]}; write ` +
        `${dtype === "float16" ? "bfloat16 or " : ""}float32`,
    );
  return { dtype, shape, data: bits };
}

/**
 * True for the weights that 16 bits are worth it for: kernels with several inputs. Biases and kernels of depthwise convolutions
 * (`[height, width, channels, 1]`) are few, a hundredth of a MobileNet, and their rounding reaches a whole channel: with them in 32 bits
 * the largest error of a probability of MobileNetV2 falls from 0.018 to 0.005.
 */
const isWide = (shape: readonly number[]): boolean => shape.length >= 2 && !(shape.length === 4 && shape[3] === 1);

/** True where 16 bits lose nothing, such as the ones of a scale that is not used. */
function isExact({ data }: Tensor<"float32">, { dtype, data: bits }: HalfArray): boolean {
  const back = HALVES[dtype].unpack(bits);
  return data.every((value, index) => Object.is(value, back[index]));
}

/**
 * A model's weights as a file holds them, in the model's order. Of 16 bits are the kernels that make up a file's size.
 * @throws FoveaError for numbers beyond the range of the type, and for int8, which belongs to ONNX
 */
export async function weightsIn(model: Model, dtype: WeightDType): Promise<(Tensor<"float32"> | HalfArray)[]> {
  const values = await model.getWeights();
  if (dtype === "float32") return values;
  if (!isHalf(dtype))
    throw new FoveaError(
      "not-exportable",
      `${dtype} needs a scale for each channel, which only .onnx has a place for; write float16`,
    );
  return values.map((value, index) => {
    const half = asHalf(model.weights[index]!.path, value, dtype);
    return isWide(value.shape) || isExact(value, half) ? half : value;
  });
}

/** The float32 numbers that 16-bit floats stand for. */
export const fromHalf = ({ dtype, shape, data }: HalfArray): Tensor<"float32"> => ({
  dtype: "float32",
  shape,
  data: HALVES[dtype].unpack(data),
});
