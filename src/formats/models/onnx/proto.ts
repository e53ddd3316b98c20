// ONNX's messages as plain objects, both directions: models, graphs, nodes, attributes, tensors. Knows field numbers,
// nothing of operators.
import { FoveaError } from "../../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../../core/shape.js";
import { bytesOf } from "../../containers/packer.js";
import { type Field, fieldsOf, MessageWriter, packed, signed } from "../../containers/protobuf.js";

/** Element types of tensors by ONNX's numbers. */
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const DOUBLE = 11;
/** More than any operator that is read knows of. */
const MOST_AXES = 16;

/** A constant array. int64 becomes numbers; float32 stays as it is. */
export interface OnnxTensor {
  readonly kind: "float" | "int";
  readonly shape: Shape;
  readonly data: Float32Array | readonly number[];
}

export type OnnxAttribute = number | string | readonly number[] | OnnxTensor;

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Extents by name where they are not known, such as the batch. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
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

function tensorMessage({ kind, shape, data }: OnnxTensor, name?: string): MessageWriter {
  const message = new MessageWriter();
  for (const extent of shape) message.int(1, extent);
  message.int(2, kind === "float" ? FLOAT : INT64);
  if (name !== undefined) message.bytes(8, name);
  const raw = kind === "float" ? (data as Float32Array) : BigInt64Array.from(data as readonly number[], BigInt);
  return message.bytes(9, bytesOf(raw));
}

/** Attributes that are FLOAT even where their value is a whole number. */
const REAL: ReadonlySet<string> = new Set(["alpha", "beta", "epsilon", "min", "max", "value", "value_float"]);

/** Attribute types by ONNX's numbers: FLOAT 1, INT 2, STRING 3, TENSOR 4, INTS 7. */
function attributeMessage(name: string, value: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().bytes(1, name);
  if (typeof value === "string") return message.bytes(4, value).int(20, 3);
  if (typeof value === "number")
    return REAL.has(name) ? message.float(2, value).int(20, 1) : message.int(3, value).int(20, 2);
  if (isTensor(value)) return message.bytes(5, tensorMessage(value)).int(20, 4);
  for (const one of value) message.int(8, one);
  return message.int(20, 7);
}

function valueMessage({ name, shape }: OnnxValue): MessageWriter {
  const dims = new MessageWriter();
  for (const extent of shape)
    dims.bytes(
      1,
      typeof extent === "number" ? new MessageWriter().int(1, extent) : new MessageWriter().bytes(2, extent),
    );
  const tensor = new MessageWriter().int(1, FLOAT).bytes(2, dims);
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

const text = (value: Field["value"]): string => (typeof value === "bigint" ? "" : new TextDecoder().decode(value));
const bytes = (value: Field["value"]): Uint8Array => (typeof value === "bigint" ? new Uint8Array(0) : value);
const int = (value: Field["value"]): number => (typeof value === "bigint" ? signed(value) : 0);
const ints = (what: string, value: Field["value"]): number[] =>
  typeof value === "bigint" ? [signed(value)] : packed(what, value);
const real = (value: Field["value"]): number =>
  typeof value === "bigint" ? new Float32Array(Uint32Array.of(Number(value & 0xffff_ffffn)).buffer)[0]! : 0;
/** One float, or several packed ones. */
const reals = (value: Field["value"], fixed: Field["fixed"]): Iterable<number> =>
  fixed === 4 ? [real(value)] : floatsIn(bytes(value));

function readTensor(what: string, from: Uint8Array): { name: string; tensor: OnnxTensor } {
  let [name, type, external] = ["", 0, false];
  const shape: number[] = [];
  let raw: Uint8Array | undefined;
  const listed: number[] = [];
  const whole: number[] = [];
  for (const { field, value, fixed } of fieldsOf(what, from)) {
    if (field === 1) for (const one of ints(what, value)) shape.push(one);
    else if (field === 2) type = int(value);
    else if (field === 4) for (const one of reals(value, fixed)) listed.push(one);
    else if (field === 5 || field === 7) for (const one of ints(what, value)) whole.push(one);
    else if (field === 8) name = text(value);
    else if (field === 9) raw = bytes(value);
    else if (field === 14) external = int(value) === 1;
  }
  const where = `${what}, tensor "${name}"`;
  if (external) throw new FoveaError(`${where}: lies in another file, which is not supported; export it into one file`);
  if (shape.length > MOST_AXES)
    throw new FoveaError(`${where}: has ${shape.length} axes; expected at most ${MOST_AXES}`);
  const size = sizeOf(shape);
  if (shape.some((extent) => extent < 0)) throw new FoveaError(`${where}: has the shape ${showShape(shape)}`);
  const check = (held: number): void => {
    if (held !== size) throw new FoveaError(`${where}: ${showShape(shape)} needs ${size} numbers, found ${held}`);
  };
  if (type === FLOAT || type === DOUBLE) {
    const data = raw === undefined ? Float32Array.from(listed) : type === FLOAT ? floatsIn(raw) : doublesIn(raw);
    check(data.length);
    return { name, tensor: { kind: "float", shape, data } };
  }
  if (type !== INT64 && type !== INT32)
    throw new FoveaError(`${where}: expected elements of float, double, int32 or int64, found type ${type}`);
  const data = raw === undefined ? whole : type === INT64 ? longsIn(raw) : [...new Int32Array(aligned(raw, 4))];
  check(data.length);
  return { name, tensor: { kind: "int", shape, data } };
}

const aligned = (raw: Uint8Array, width: number): ArrayBuffer =>
  new Uint8Array(raw.subarray(0, raw.length - (raw.length % width))).buffer;
const floatsIn = (raw: Uint8Array): Float32Array => new Float32Array(aligned(raw, 4));
const doublesIn = (raw: Uint8Array): Float32Array => Float32Array.from(new Float64Array(aligned(raw, 8)));
const longsIn = (raw: Uint8Array): number[] => Array.from(new BigInt64Array(aligned(raw, 8)), Number);

function readAttribute(what: string, from: Uint8Array): [string, OnnxAttribute] {
  let name = "";
  let found: OnnxAttribute | undefined;
  const list: number[] = [];
  for (const { field, value, fixed } of fieldsOf(what, from)) {
    if (field === 1) name = text(value);
    else if (field === 2) found = real(value);
    else if (field === 3) found = int(value);
    else if (field === 4) found = text(value);
    else if (field === 5) found = readTensor(what, bytes(value)).tensor;
    else if (field === 7) for (const one of reals(value, fixed)) list.push(one);
    else if (field === 8) for (const one of ints(what, value)) list.push(one);
  }
  return [name, found ?? list];
}

function readNode(what: string, from: Uint8Array): OnnxNode {
  let op = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: [string, OnnxAttribute][] = [];
  for (const { field, value } of fieldsOf(what, from)) {
    if (field === 1) inputs.push(text(value));
    else if (field === 2) outputs.push(text(value));
    else if (field === 4) op = text(value);
    else if (field === 5) attributes.push(readAttribute(what, bytes(value)));
  }
  return { op, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

/** The first message under a path of field numbers. */
function inside(what: string, from: Uint8Array, path: readonly number[]): Uint8Array | undefined {
  let now: Uint8Array | undefined = from;
  for (const wanted of path) {
    let next: Uint8Array | undefined;
    for (const { field, value } of fieldsOf(what, now)) if (field === wanted) next ??= bytes(value);
    if (next === undefined) return undefined;
    now = next;
  }
  return now;
}

function readValue(what: string, from: Uint8Array): OnnxValue {
  const shape: (number | string)[] = [];
  const dims = inside(what, from, [2, 1, 2]);
  if (dims !== undefined)
    for (const dim of fieldsOf(what, dims)) {
      let extent: number | string = "";
      for (const { field, value } of fieldsOf(what, bytes(dim.value))) extent = field === 1 ? int(value) : text(value);
      shape.push(extent);
    }
  return { name: new TextDecoder().decode(inside(what, from, [1]) ?? new Uint8Array(0)), shape };
}

/** Reads an .onnx file. @throws FoveaError when it is damaged, cut short, or keeps weights in other files. */
export function readOnnx(from: Uint8Array, what = "the model"): OnnxModel {
  let graph: Uint8Array | undefined;
  let opset = 0;
  const metadata = new Map<string, string>();
  for (const { field, value } of fieldsOf(what, from)) {
    if (field === 7) graph = bytes(value);
    else if (field === 14) {
      const [key, kept] = [inside(what, bytes(value), [1]), inside(what, bytes(value), [2])];
      if (key && kept) metadata.set(text(key), text(kept));
    } else if (field === 8) {
      let [domain, version] = ["", 0];
      for (const part of fieldsOf(what, bytes(value))) {
        if (part.field === 1) domain = text(part.value);
        else if (part.field === 2) version = int(part.value);
      }
      if (domain === "" || domain === "ai.onnx") opset = version;
    }
  }
  if (graph === undefined || opset === 0)
    throw new FoveaError(`${what}: expected an ONNX model, found other bytes or one that is cut short`);
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const [inputs, outputs]: [OnnxValue[], OnnxValue[]] = [[], []];
  let name = "";
  for (const { field, value } of fieldsOf(what, graph)) {
    if (field === 1) nodes.push(readNode(what, bytes(value)));
    else if (field === 2) name = text(value);
    else if (field === 5) {
      const { name: key, tensor } = readTensor(what, bytes(value));
      initializers.set(key, tensor);
    } else if (field === 11) inputs.push(readValue(what, bytes(value)));
    else if (field === 12) outputs.push(readValue(what, bytes(value)));
  }
  // Before version 4 constants were listed among the inputs.
  return {
    opset,
    name,
    nodes,
    initializers,
    inputs: inputs.filter((one) => !initializers.has(one.name)),
    outputs,
    metadata,
  };
}
