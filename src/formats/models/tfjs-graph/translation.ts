// A graph of TensorFlow on its way into the words of ONNX: nodes in order, constants by name. The reader of ONNX makes
// layers of it, and its order of axes costs nothing, since transposes only relabel axes there.
import { FoveaError } from "../../../core/errors.js";
import type { Shape } from "../../../core/shape.js";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../onnx/proto.js";
import type { GraphNode } from "./graph.js";

/** Translates one node; its results go by `node.name`, `node.name:1` and so on. */
export type Translate = (node: GraphNode, to: Translation) => void;

/** The set that operators belong to which ONNX does not have. */
export const DOMAIN = "tfjs";

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

export class Translation {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxTensor>();
  #count = 0;

  /** A name that no node of the file has, since its colon has no number behind it. */
  fresh(): string {
    return `:${this.#count++}`;
  }

  /** Adds a node of one result. @returns its name */
  emit(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output = this.fresh(),
    domain?: string,
  ): string {
    this.nodes.push({ op, inputs, outputs: [output], attributes, ...(domain !== undefined && { domain }) });
    return output;
  }

  floats(data: readonly number[] | Float32Array, shape: Shape = [data.length]): string {
    return this.#constant({ kind: "float", shape, data: Float32Array.from(data) });
  }
  whole(data: readonly number[], shape: Shape = [data.length]): string {
    return this.#constant({ kind: "int", shape, data: Float64Array.from(data) });
  }
  keep = (tensor: OnnxTensor): string => this.#constant(tensor);

  #constant(tensor: OnnxTensor): string {
    const name = this.fresh();
    this.constants.set(name, tensor);
    return name;
  }

  /** A constant input. @throws FoveaError when it is computed */
  fixed({ op, inputs }: GraphNode, index: number): OnnxTensor {
    const found = this.constants.get(inputs[index] ?? "");
    if (found === undefined)
      throw new FoveaError("unsupported-operator", `the input ${index} of ${op} is computed; expected a constant`);
    return found;
  }
  numbers = (node: GraphNode, index: number): number[] => Array.from(this.fixed(node, index).data);
  number = (node: GraphNode, index: number): number => this.numbers(node, index)[0] ?? 0;

  /** Images with channels first, as ONNX's windows want them, and back. */
  channelsFirst = (name: string): string => this.emit("Transpose", [name], { perm: TO_CHANNELS_FIRST });
  channelsLast = (name: string, output?: string): string =>
    this.emit("Transpose", [name], { perm: TO_CHANNELS_LAST }, output);
}
