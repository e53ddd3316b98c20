// Functions for the tensors that a model gives, on the host: the most probable class, probabilities from logits,
// one-hot rows from labels. Inside a graph the functions of fovea/core do the same.
import { FoveaError, shown } from "./errors.js";
import { exp } from "./math.js";
import { wholeNumber } from "./options.js";
import { type Shape, showShape, sizeOf } from "./shape.js";
import { type Tensor, tensor } from "./tensor.js";

/** An axis of a tensor, and how the elements lie along it. */
interface Along {
  readonly axis: number;
  readonly extent: number;
  /** Elements between two neighbours along the axis, and how many lines of elements there are. */
  readonly stride: number;
  readonly lines: number;
}

function along(what: string, { shape }: Tensor, index: number): Along {
  const axis = index < 0 ? index + shape.length : index;
  const extent = shape[axis];
  if (!Number.isInteger(axis) || extent === undefined)
    throw new FoveaError(
      "out-of-range",
      `${what}: axis ${shown(index)} is out of range for a tensor of shape ${showShape(shape)}`,
    );
  return { axis, extent, stride: sizeOf(shape.slice(axis + 1)), lines: sizeOf(shape) / Math.max(1, extent) };
}

/** The index of the first element of line `n`. */
const startOf = (n: number, { extent, stride }: Along): number =>
  Math.floor(n / stride) * extent * stride + (n % stride);

/**
 * The index of the largest element along an axis, int32, without that axis. The first one where several are equal; NaN
 * counts as the largest, as in NumPy.
 * @param axis default -1, the last; negative ones count from the end.
 * @param x Values of any shape.
 * @throws FoveaError for an axis that is not there, or has no elements.
 * @example argMax(await model.predict(x)) // the predicted class of each sample
 */
export function argMax(x: Tensor, axis = -1): Tensor<"int32"> {
  const lines = along("argMax", x, axis);
  const { extent, stride } = lines;
  if (extent === 0)
    throw new FoveaError("empty-input", `argMax: expected elements along axis ${axis}, received ${showShape(x.shape)}`);
  const out = Int32Array.from({ length: lines.lines }, (_, n) => {
    const start = startOf(n, lines);
    let best = 0;
    for (let i = 1; i < extent; i++) {
      const [value, largest] = [x.data[start + i * stride]!, x.data[start + best * stride]!];
      if (value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) best = i;
    }
    return best;
  });
  const shape = x.shape.filter((_, i) => i !== lines.axis);
  return tensor(out, shape, "int32");
}

/**
 * exp(x) over its sum along an axis, float32 of the same shape: probabilities from logits.
 * @param axis default -1, the last; negative ones count from the end.
 * @param x Logits of any shape.
 * @throws FoveaError for an axis that is not there.
 * @example softmax(await model.predict(x)) // for a model whose last layer gives logits
 */
export function softmax(x: Tensor, axis = -1): Tensor<"float32"> {
  const lines = along("softmax", x, axis);
  const { extent, stride } = lines;
  const out = new Float32Array(x.data.length);
  for (let n = 0; n < lines.lines && extent > 0; n++) {
    const start = startOf(n, lines);
    const at = Array.from({ length: extent }, (_, i) => start + i * stride);
    const largest = at.reduce((most, i) => Math.max(most, x.data[i]!), -Infinity);
    const powers = at.map((i) => exp(x.data[i]! - largest));
    const total = powers.reduce((a, b) => a + b, 0);
    for (const [i, power] of powers.entries()) out[at[i]!] = power / total;
  }
  return tensor(out, x.shape, "float32");
}

/**
 * One-hot rows from class numbers, float32: Keras's `to_categorical`. Labels `[n]` or `[n, 1]` give `[n, classes]`.
 * @param classes default: the largest label plus 1.
 * @param labels Whole numbers from 0.
 * @throws FoveaError for a label that is no whole number from 0 to `classes - 1`.
 * @example toCategorical(tensor([0, 2, 1], "int32")) // [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
 */
export function toCategorical(labels: Tensor | readonly number[], classes?: number): Tensor<"float32"> {
  const { data, shape }: { readonly data: ArrayLike<number>; readonly shape: Shape } =
    "data" in labels ? labels : { data: labels, shape: [labels.length] };
  const all = Array.from(data);
  const count = wholeNumber(
    "toCategorical classes",
    classes ?? all.reduce((most, label) => Math.max(most, label + 1), 1),
  );
  const wrong = all.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < count));
  if (wrong !== -1)
    throw new FoveaError(
      "wrong-value",
      `toCategorical: expected whole labels from 0 to ${count - 1}, received ${all[wrong]} at position ${wrong}`,
    );
  const out = new Float32Array(all.length * count);
  for (const [i, label] of all.entries()) out[i * count + label] = 1;
  const outer = shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  return tensor(out, [...outer, count], "float32");
}
