// An ONNX graph under construction: nodes, constants, and how each tensor lies. Images are kept channels first from the
// input on, as ONNX's operators want them, and turned only where an operation needs the order of elements.
import { FoveaError } from "../../../core/errors.js";
import { type Shape, sizeOf, stridesOf, walk } from "../../../core/shape.js";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "./proto.js";
import type { OpenShape } from "./symbolic.js";

/** Places of the axes of images [n, h, w, c] when channels are first. */
const CHANNELS_FIRST = [0, 3, 1, 2] as const;
const CHANNELS_LAST = [0, 2, 3, 1] as const;

/** A constant, in f64 until it is written. */
export interface Constant {
  readonly kind: "constant";
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A tensor that a node or the input gives. Its own shape may still have to be broadcast to what is meant. */
export interface Stored {
  readonly kind: "stored";
  readonly name: string;
  /** In the order of axes that the model means, whatever the layout. */
  readonly shape: OpenShape;
  /** True where the axes lie as [n, c, h, w] where [n, h, w, c] is meant. */
  readonly channelsFirst: boolean;
  /** The same as booleans, where there is one. */
  readonly truth?: string;
}

export type Operand = Constant | Stored;

interface Growing extends OnnxNode {
  op: string;
  inputs: string[];
  attributes: Record<string, OnnxAttribute>;
}

/** A shape without the axes of extent 1 that lead it. */
const trimmed = (shape: OpenShape): OpenShape => {
  const first = shape.findIndex((extent) => extent !== 1);
  return first < 0 ? [] : shape.slice(first);
};

/** The elements of `from` with axes in another order. */
export function transposed({ shape, data }: Pick<Constant, "shape" | "data">, order: readonly number[]): Constant {
  const to = order.map((axis) => shape[axis]!);
  const strides = stridesOf(shape);
  const out = new Float64Array(data.length);
  walk(
    to,
    order.map((axis) => strides[axis]!),
    (index, offset) => {
      out[index] = data[offset]!;
    },
  );
  return { kind: "constant", shape: to, data: out };
}

export class OnnxBuilder {
  readonly nodes: Growing[] = [];
  readonly constants = new Map<string, OnnxTensor>();
  readonly #producers = new Map<string, Growing>();
  readonly #counts = new Map<string, number>();
  readonly #names = new Set<string>();

  /** A name that nothing has yet. */
  fresh(base: string): string {
    for (;;) {
      const count = this.#counts.get(base) ?? 0;
      this.#counts.set(base, count + 1);
      const name = count === 0 ? base : `${base}_${count}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }

  /** Adds a node with one output and gives that output's name. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const name = this.fresh(op.toLowerCase());
    const node = { op, inputs: [...inputs], outputs: [name], attributes: { ...attributes } };
    this.nodes.push(node);
    this.#producers.set(name, node);
    return name;
  }

  /** Adds a node with several outputs and gives their names. */
  several(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.fresh(op.toLowerCase()));
    this.nodes.push({ op, inputs: [...inputs], outputs, attributes: { ...attributes } });
    return outputs;
  }

  /** The node that gives a tensor, to be changed while nothing else has seen it. */
  producer({ name }: Stored): Growing | undefined {
    return this.#producers.get(name);
  }

  floats({ shape, data }: Pick<Constant, "shape" | "data">, base = "constant"): string {
    const name = this.fresh(base);
    this.constants.set(name, { kind: "float", shape, data: Float32Array.from(data) });
    return name;
  }
  ints(data: readonly number[], base = "shape"): string {
    const name = this.fresh(base);
    this.constants.set(name, { kind: "int", shape: [data.length], data });
    return name;
  }

  /** The operand as a tensor with channels last. */
  plain(operand: Operand): Stored {
    if (operand.kind === "constant") return { ...this.#constant(operand), channelsFirst: false };
    if (!operand.channelsFirst) return operand;
    const name = this.node("Transpose", [operand.name], { perm: CHANNELS_LAST });
    return { kind: "stored", name, shape: operand.shape, channelsFirst: false };
  }

  /** The operand, which means images, as a tensor with channels first. */
  channelsFirst(operand: Operand): Stored {
    const padded = [...new Array<number>(4 - operand.shape.length).fill(1), ...operand.shape];
    if (operand.kind === "constant") {
      const turned = transposed({ shape: padded, data: operand.data }, CHANNELS_FIRST);
      const shape = trimmed(turned.shape);
      return { kind: "stored", name: this.floats({ shape, data: turned.data }), shape: padded, channelsFirst: true };
    }
    if (operand.channelsFirst) return operand;
    const whole = operand.shape.length === 4 ? operand : this.reshape(operand, padded);
    const name = this.node("Transpose", [whole.name], { perm: CHANNELS_FIRST });
    return { kind: "stored", name, shape: padded, channelsFirst: true };
  }

  #constant({ shape, data }: Constant): Stored {
    return { kind: "stored", name: this.floats({ shape, data }), shape, channelsFirst: false };
  }

  /** Another shape for elements in the order that is meant. */
  reshape(operand: Stored, shape: OpenShape): Stored {
    const [n, h, w, c] = operand.shape;
    // One pixel, or one channel: both layouts have the same order.
    const sameOrder = operand.channelsFirst && n !== undefined && (c === 1 || (h === 1 && w === 1));
    const source = operand.channelsFirst && !sameOrder ? this.plain(operand) : operand;
    const name = this.node("Reshape", [source.name, this.ints(openExtents(shape))]);
    return { kind: "stored", name, shape, channelsFirst: false };
  }

  /** The operand in the full shape that is meant; operations other than elementwise ones need that. */
  whole(operand: Operand, shape: OpenShape): Operand {
    const aligned = [...new Array<number>(shape.length - operand.shape.length).fill(1), ...operand.shape];
    const same = aligned.every((extent, axis) => extent === shape[axis]);
    if (same && operand.shape.length === shape.length) return operand;
    if (aligned.some((extent, axis) => extent !== shape[axis] && shape[axis]! < 0))
      throw new FoveaError(
        "not-exportable",
        "onnx: the model repeats something once for every sample, which cannot be exported",
      );
    if (operand.kind === "constant") {
      const padded = { ...operand, shape: aligned };
      const strides = stridesOf(aligned).map((stride, axis) => (aligned[axis] === 1 ? 0 : stride));
      const data = new Float64Array(sizeOf(shape));
      walk(shape, strides, (index, offset) => {
        data[index] = padded.data[offset]!;
      });
      return { kind: "constant", shape, data };
    }
    // Extents of 1 leave the batch as it is.
    const target = shape.map((extent) => (extent < 0 ? 1 : extent));
    const name = this.node("Expand", [this.plain(operand).name, this.ints(target)]);
    return { kind: "stored", name, shape, channelsFirst: false };
  }

  /** Drops what no output needs. */
  needed(outputs: readonly string[]): { nodes: OnnxNode[]; constants: Map<string, OnnxTensor> } {
    const wanted = new Set(outputs);
    const nodes = [...this.nodes].reverse().filter((node) => {
      const is = node.outputs.some((name) => wanted.has(name));
      if (is) for (const name of node.inputs) wanted.add(name);
      return is;
    });
    return { nodes: nodes.reverse(), constants: new Map([...this.constants].filter(([name]) => wanted.has(name))) };
  }
}

/** A shape as Reshape wants it: at most one extent left open. */
function openExtents(shape: OpenShape): number[] {
  if (shape.filter((extent) => extent < 0).length > 1)
    throw new FoveaError(
      "not-exportable",
      "onnx: the model has the batch on two axes of one tensor, which cannot be exported",
    );
  return shape.map((extent) => (extent < 0 ? -1 : extent));
}
