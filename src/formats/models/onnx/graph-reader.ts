// An ONNX graph on its way to layers: the value of each name, and the layers that were applied, with the arrays that
// become their weights. layout.ts and moves.ts know how axes lie, and read-ops.ts knows what each operator means.
import { FoveaError } from "../../../core/errors.js";
import { showShape, sizeOf } from "../../../core/shape.js";
import { type Tensor, tensor } from "../../../core/tensor.js";
import type { ApplyOptions, Layer, SymbolicTensor } from "../../../nn/layers/layer.js";
import type { Weight } from "../../../nn/layers/weight.js";
import { type Folded, whole } from "./constants/index.js";
import { BATCH, type Extent, type Layout } from "./layout.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** A tensor of the model under construction. */
export interface Flowing {
  readonly kind: "flowing";
  readonly tensor: SymbolicTensor;
  readonly layout: Layout;
  /** Known to be 0 or more, so that padding with zeros changes no maximum. */
  readonly positive?: boolean;
  /** Known to hold whole numbers. */
  readonly whole?: boolean;
  /** Scale and zero point of a tensor that stands for whole numbers, which it was never rounded to. */
  readonly rounded?: Rounding;
  /** The same with a constant added or multiplied, where the layer that gives it can take that in. */
  readonly absorb?: (op: "Add" | "Mul", constant: OnnxTensor) => Flowing | undefined;
}

/** Scale and zero point by which numbers are rounded to whole ones. */
export interface Rounding {
  readonly scale: OnnxTensor;
  readonly zero: OnnxTensor | undefined;
}

/** A tensor whose last layer takes in no constants any more, since the axes are others now. */
export const withoutAbsorb = ({ absorb: _, ...x }: Flowing): Flowing => x;

export type Known = Flowing | Folded;

/** Most numbers that reading a file may make. */
export interface Bounds {
  /** All layers' arrays together, for a file may name one array thousands of times. */
  readonly weights: number;
  /** All constants that are computed. */
  readonly constants: number;
}

export class GraphReader {
  readonly known = new Map<string, Known>();
  readonly warnings = new Set<string>();
  readonly #contents: [Layer, readonly OnnxTensor[]][] = [];
  #numbers = 0;

  constructor(
    readonly file: string,
    readonly opset: number,
    /** The batch in each of the two sizes for which constants are computed; equal where the file fixes it. */
    readonly batch: Extent,
    readonly bounds: Bounds,
    /** Number of times that nodes and outputs read each name. */
    readonly readers: ReadonlyMap<string, number>,
  ) {}

  refusal(node: OnnxNode, why: string): FoveaError {
    return new FoveaError("unsupported-operator", `the operator ${node.op} that gives "${node.outputs[0]}" ${why}`);
  }

  /** Checks whether an optional input is there. */
  has = (node: OnnxNode, index: number): boolean => (node.inputs[index] ?? "") !== "";

  at(node: OnnxNode, index: number): Known {
    const found = this.known.get(node.inputs[index] ?? "");
    if (found === undefined) throw this.refusal(node, `needs "${node.inputs[index] ?? ""}", which nothing gives`);
    return found;
  }
  flowing(node: OnnxNode, index = 0): Flowing {
    const found = this.at(node, index);
    if (found.kind !== "flowing") throw this.refusal(node, "takes a constant where a tensor of the model is expected");
    return found;
  }
  constant(node: OnnxNode, index: number): Folded {
    const found = this.at(node, index);
    if (found.kind === "flowing")
      throw this.refusal(node, `computes its input ${index} from the model's input; expected a constant`);
    return found;
  }
  /** A constant that is the same for every size of the batch. */
  fixed(node: OnnxNode, index: number): OnnxTensor {
    const found = this.constant(node, index);
    if (found.twin !== undefined) throw this.refusal(node, "depends on how many images there are in a batch");
    return found;
  }
  /** Whole numbers from an input or, in older operator sets, an attribute. */
  list(node: OnnxNode, index: number, attribute: string): readonly number[] | undefined {
    if (this.has(node, index)) return Array.from(this.fixed(node, index).data);
    const value = node.attributes[attribute];
    return Array.isArray(value) ? (value as readonly number[]) : undefined;
  }
  number(node: OnnxNode, attribute: string, fallback: number): number {
    const value = node.attributes[attribute];
    return typeof value === "number" ? value : fallback;
  }

  /** The extent of a file's axis, for both sizes of the batch. */
  extent({ layout, tensor }: Flowing, axis: number): Extent {
    const of = (batch: number): number =>
      (layout[axis] ?? []).reduce((size, part) => size * (part === BATCH ? batch : tensor.shape[part - 1]!), 1);
    return [of(this.batch[0]), of(this.batch[1])];
  }
  /** The extents of all axes of the file. */
  extents(x: Flowing): readonly Extent[] {
    return x.layout.map((_, axis) => this.extent(x, axis));
  }
  /** The shape in the file as messages show it. */
  shown(x: Flowing): string {
    const extents = this.extents(x).map(([a, b]) =>
      a === b ? a : a === this.batch[0] ? "batch" : `${a / this.batch[0]} batch`,
    );
    return `[${extents.join(", ")}]`;
  }
  /** An axis that counts from the end, or from the front, as it counts from the front. */
  axis(node: OnnxNode, axis: number, rank: number): number {
    const positive = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
    throw this.refusal(node, `has the axis ${axis} of a tensor with ${rank} axes`);
  }
  /** The shape as constants of the file have it. */
  shape(x: Flowing): Folded {
    const extents = this.extents(x);
    const list = (side: 0 | 1): OnnxTensor => whole(extents.map((extent) => extent[side]));
    return extents.every(([a, b]) => a === b) ? list(0) : { ...list(0), twin: list(1) };
  }

  /** Puts a layer on top of tensors; `weights` become its arrays once it is built. */
  apply(
    layer: Layer,
    x: SymbolicTensor | readonly SymbolicTensor[],
    weights: readonly OnnxTensor[] = [],
    options: ApplyOptions = {},
  ): SymbolicTensor {
    if (weights.length > 0) this.#contents.push([layer, weights]);
    this.#numbers += weights.reduce((sum, { data }) => sum + data.length, 0);
    if (this.#numbers > this.bounds.weights)
      throw new FoveaError(
        "damaged-file",
        "its layers have far more weights than the file has; it is damaged or malicious",
      );
    return layer.apply(x, options);
  }

  /** Content of every weight whose layer `apply` got arrays for; these layers must be built. */
  contents(): Map<Weight, Tensor> {
    const found = new Map<Weight, Tensor>();
    for (const [layer, arrays] of this.#contents)
      for (const [index, weight] of layer.weights.entries()) {
        const { data } = arrays[index]!;
        if (data.length !== sizeOf(weight.shape))
          throw new FoveaError(
            "weights-mismatch",
            `${this.file}: expected ${showShape(weight.shape)} as ${weight.path}, found ${data.length} numbers`,
          );
        found.set(weight, tensor(new Float32Array(data), weight.shape, "float32"));
      }
    return found;
  }
}
