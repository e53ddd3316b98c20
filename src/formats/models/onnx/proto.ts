// ONNX's messages as plain objects: models, graphs, nodes, attributes, tensors; and how they are written. Knows field
// numbers, nothing of operators. read-proto.ts reads them.
import type { Shape } from "../../../core/shape.js";
import { HALVES } from "../../containers/half.js";
import { bytesOf } from "../../containers/packer.js";
import { MessageWriter } from "../../containers/protobuf.js";
import type { Numbers } from "./elements.js";

/** Element types by ONNX's numbers. */
const FLOAT = 1;

interface Written {
  readonly type: number;
  readonly raw: (data: Numbers) => ArrayBufferView;
}

/** Element types that are written. */
const ELEMENTS: Readonly<Record<string, Written>> = {
  float: { type: FLOAT, raw: (data) => Float32Array.from(data) },
  int8: { type: 3, raw: (data) => Int8Array.from(data) },
  int64: { type: 7, raw: (data) => BigInt64Array.from(data, BigInt) },
  float16: { type: 10, raw: (data) => HALVES.float16.pack(Float32Array.from(data)) },
  bfloat16: { type: 16, raw: (data) => HALVES.bfloat16.pack(Float32Array.from(data)) },
};

/** A constant array of real or whole numbers, whatever their width in the file. */
export interface OnnxTensor {
  readonly kind: "float" | "int";
  readonly shape: Shape;
  readonly data: Numbers;
  /** The name of its element type in the file: `int8`. */
  readonly element?: string;
}

export type OnnxAttribute = number | string | readonly number[] | OnnxTensor;

/** Nodes inside of a node, which may read what is outside. */
export interface OnnxBranch {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly outputs: readonly string[];
}

export interface OnnxNode {
  readonly op: string;
  /** The set that the operator belongs to, where it is not ONNX's own: `com.microsoft`. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  /** Graphs among the attributes, by name; what they read from outside is among the inputs. */
  readonly branches?: Readonly<Record<string, OnnxBranch>>;
}

/** Extents by name where they are not known, such as the batch. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** Element type where it is not float. */
  readonly element?: string;
}

export interface OnnxModel {
  readonly opset: number;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: ReadonlyMap<string, string>;
}

const isTensor = (value: OnnxAttribute): value is OnnxTensor => typeof value === "object" && "kind" in value;

function tensorMessage({ kind, shape, data, element }: OnnxTensor, name?: string): MessageWriter {
  const message = new MessageWriter();
  const { type, raw } = ELEMENTS[element ?? (kind === "float" ? "float" : "int64")]!;
  for (const extent of shape) message.int(1, extent);
  message.int(2, type);
  if (name !== undefined) message.bytes(8, name);
  return message.bytes(9, bytesOf(raw(data)));
}

/** Attributes that are FLOAT even where their value is a whole number. */
const REAL: ReadonlySet<string> = new Set(["alpha", "beta", "gamma", "epsilon", "min", "max", "value", "value_float"]);

/** Attribute types by ONNX's numbers: FLOAT 1, INT 2, STRING 3, TENSOR 4, INTS 7. */
function attributeMessage(name: string, value: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().bytes(1, name);
  if (typeof value === "string") return message.bytes(4, value).int(20, 3);
  if (typeof value === "number")
    return REAL.has(name) ? message.float(2, value).int(20, 1) : message.int(3, value).int(20, 2);
  if (isTensor(value)) return message.bytes(5, tensorMessage(value)).int(20, 4);
  for (const integer of value) message.int(8, integer);
  return message.int(20, 7);
}

function valueMessage({ name, shape, element = "float" }: OnnxValue): MessageWriter {
  const dims = new MessageWriter();
  for (const extent of shape)
    dims.bytes(
      1,
      typeof extent === "number" ? new MessageWriter().int(1, extent) : new MessageWriter().bytes(2, extent),
    );
  const tensor = new MessageWriter().int(1, ELEMENTS[element]!.type).bytes(2, dims);
  return new MessageWriter().bytes(1, name).bytes(2, new MessageWriter().bytes(1, tensor));
}

/** The model as the bytes of an .onnx file. */
export function writeOnnx(model: OnnxModel, producer: { readonly name: string; readonly version: string }): Uint8Array {
  const graph = new MessageWriter();
  for (const { op, inputs, outputs, attributes } of model.nodes) {
    const node = new MessageWriter();
    for (const input of inputs) node.bytes(1, input);
    for (const output of outputs) node.bytes(2, output);
    node.bytes(3, outputs[0]!).bytes(4, op);
    for (const [name, value] of Object.entries(attributes)) node.bytes(5, attributeMessage(name, value));
    graph.bytes(1, node);
  }
  graph.bytes(2, model.name);
  for (const [name, tensor] of model.initializers) graph.bytes(5, tensorMessage(tensor, name));
  for (const value of model.inputs) graph.bytes(11, valueMessage(value));
  for (const value of model.outputs) graph.bytes(12, valueMessage(value));
  const message = new MessageWriter()
    .int(1, 8)
    .bytes(2, producer.name)
    .bytes(3, producer.version)
    .bytes(7, graph)
    .bytes(8, new MessageWriter().bytes(1, "").int(2, model.opset));
  for (const [key, value] of model.metadata) message.bytes(14, new MessageWriter().bytes(1, key).bytes(2, value));
  return message.finish();
}
