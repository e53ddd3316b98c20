// An ONNX graph on its way to layers: what each name stands for, how images lie, and the layers that were applied, with
// the arrays that become their weights. What each operator means is read-ops.ts's business.
import { FoveaError } from "../../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../../core/shape.js";
import type { Tensor } from "../../../core/tensor.js";
import { flatten, permute, reshape } from "../../../nn/layers/index.js";
import type { Layer, SymbolicTensor } from "../../../nn/layers/layer.js";
import type { Weight } from "../../../nn/layers/weight.js";
import { type Constant, transposed } from "./builder.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** A tensor of the model under construction. */
export interface Flowing {
  readonly kind: "flowing";
  readonly tensor: SymbolicTensor;
  /** Images that the file means as [n, c, h, w] and that lie as [n, h, w, c] here. */
  readonly images: boolean;
  /** Known to be 0 or more, so that padding with zeros changes no maximum. */
  readonly positive: boolean;
}

export type Known = Flowing | OnnxTensor;

export class GraphReader {
  readonly known = new Map<string, Known>();
  readonly #contents: [Layer, readonly Constant[]][] = [];
  #numbers = 0;

  /** @param mostNumbers that all layers' arrays may have together, for a file may name one array thousands of times */
  constructor(
    readonly file: string,
    readonly opset: number,
    readonly mostNumbers: number,
  ) {}

  refusal(node: OnnxNode, why: string): FoveaError {
    return new FoveaError(`the operator ${node.op} that gives "${node.outputs[0]}" ${why}`);
  }

  /** Whether an optional input is there. */
  has = (node: OnnxNode, index: number): boolean => (node.inputs[index] ?? "") !== "";

  at(node: OnnxNode, index: number): Known {
    const found = this.known.get(node.inputs[index] ?? "");
    if (found === undefined)
      throw this.refusal(node, `needs "${node.inputs[index] ?? ""}", which nothing before it gives`);
    return found;
  }
  flowing(node: OnnxNode, index = 0): Flowing {
    const found = this.at(node, index);
    if (found.kind !== "flowing") throw this.refusal(node, "takes a constant where a tensor of the model is expected");
    return found;
  }
  constant(node: OnnxNode, index: number): Constant {
    const found = this.at(node, index);
    if (found.kind === "flowing") throw this.refusal(node, `computes its input ${index}; expected a constant`);
    return { kind: "constant", shape: found.shape, data: Float64Array.from(found.data) };
  }
  /** Whole numbers from an input or, in older operator sets, an attribute. */
  list(node: OnnxNode, index: number, attribute: string): readonly number[] | undefined {
    if (this.has(node, index)) return [...this.constant(node, index).data];
    const value = node.attributes[attribute];
    return Array.isArray(value) ? (value as readonly number[]) : undefined;
  }
  number(node: OnnxNode, attribute: string, fallback: number): number {
    const value = node.attributes[attribute];
    return typeof value === "number" ? value : fallback;
  }

  /** Images as convolutions and pooling want them. */
  images(node: OnnxNode, index = 0): Flowing {
    const x = this.flowing(node, index);
    if (x.images) return x;
    if (x.tensor.shape.length !== 3)
      throw this.refusal(node, `expects images, received samples ${showShape(x.tensor.shape)}`);
    return { ...this.apply(permute([2, 3, 1]), x), images: true };
  }
  /** The elements in the order that the file means. */
  plain(x: Flowing): Flowing {
    const [h, w, c] = x.tensor.shape;
    if (!x.images) return x;
    if (h === 1 && w === 1) return { ...this.apply(reshape([c!, 1, 1]), x), images: false };
    return { ...this.apply(permute([3, 1, 2]), x), images: false };
  }
  /** One axis a sample, in the order that the file means. */
  flat(x: Flowing): Flowing {
    const [h, w] = x.tensor.shape;
    const ordered = x.images && h === 1 && w === 1 ? x : this.plain(x);
    return ordered.tensor.shape.length === 1
      ? { ...ordered, images: false }
      : { ...this.apply(flatten(), ordered), images: false };
  }

  /** Puts a layer on top of a tensor; `weights` become its arrays once it is built. */
  apply(layer: Layer, x: Flowing, weights: readonly Constant[] = []): Flowing {
    if (weights.length > 0) this.#contents.push([layer, weights]);
    this.#numbers += weights.reduce((sum, { data }) => sum + data.length, 0);
    if (this.#numbers > this.mostNumbers)
      throw new FoveaError("its layers have far more weights than the file has; it is damaged or malicious");
    return { ...x, tensor: layer.apply(x.tensor) };
  }

  /** What every weight of the built layers holds. */
  contents(): Map<Weight, Tensor> {
    const found = new Map<Weight, Tensor>();
    for (const [layer, arrays] of this.#contents)
      for (const [index, weight] of layer.weights.entries()) {
        const { data } = arrays[index]!;
        if (data.length !== sizeOf(weight.shape))
          throw new FoveaError(
            `${this.file}: expected ${showShape(weight.shape)} as ${weight.path}, found ${data.length} numbers`,
          );
        found.set(weight, { dtype: "float32", shape: weight.shape, data: Float32Array.from(data) });
      }
    return found;
  }
}

/** A constant that is broadcast over images or rows: one number for all, one a channel, or neither. */
export function spread(x: Flowing, constant: Constant): { all: number } | { channels: Float64Array } | undefined {
  const { data, shape } = constant;
  if (data.length === 1) return { all: data[0]! };
  const rank = x.tensor.shape.length + 1;
  const axis = x.images ? 1 : rank - 1;
  const padded: Shape = [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
  const lone = padded.length === rank && padded.every((extent, at) => at === axis || extent === 1);
  return lone && data.length === x.tensor.shape.at(-1) ? { channels: data } : undefined;
}

/** Filters [out, in, h, w] as ours: [h, w, in, out]. */
export const filtersLast = (filters: Constant): Constant => transposed(filters, [2, 3, 1, 0]);
