// ONNX's messages out of a file's bytes, field by field. Believes no length and no shape that the bytes do not have.
import { FoveaError } from "../../../core/errors.js";
import { showShape, sizeOf } from "../../../core/shape.js";
import { type Field, fieldsOf, packed, signed } from "../../containers/protobuf.js";
import { decoded, elementOf, fromWhole } from "./elements.js";
import { type ExternalData, externalData } from "./external.js";
import type { OnnxAttribute, OnnxBranch, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./proto.js";

/** More than any operator that is read knows of. */
const MOST_AXES = 16;
/** Graphs within graphs: branches of branches. */
const MOST_DEPTH = 4;

interface Source {
  readonly what: string;
  readonly external: ReadExternal;
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

/** Gives the bytes of a tensor that lies in another file; undefined while it is only asked which files there are. */
export type ReadExternal = (where: string, data: ExternalData) => Uint8Array | undefined;

const entriesIn = (what: string, from: Uint8Array): [string, string] => {
  const [key, value] = [inside(what, from, [1]), inside(what, from, [2])];
  return [text(key ?? new Uint8Array(0)), text(value ?? new Uint8Array(0))];
};

function readTensor({ what, external }: Source, from: Uint8Array): { name: string; tensor: OnnxTensor } {
  let [name, type, isExternal] = ["", 0, false];
  const shape: number[] = [];
  let raw: Uint8Array | undefined;
  const listed: number[] = [];
  const whole: number[] = [];
  const entries = new Map<string, string>();
  for (const { field, value, fixed } of fieldsOf(what, from)) {
    if (field === 1) for (const extent of ints(what, value)) shape.push(extent);
    else if (field === 2) type = int(value);
    else if (field === 4) for (const double of reals(value, fixed)) listed.push(double);
    else if (field === 5 || field === 7 || field === 11) for (const integer of ints(what, value)) whole.push(integer);
    else if (field === 10) for (const double of doubles(value)) listed.push(double);
    else if (field === 8) name = text(value);
    else if (field === 9) raw = bytes(value);
    else if (field === 13) entries.set(...entriesIn(what, bytes(value)));
    else if (field === 14) isExternal = int(value) === 1;
  }
  const where = `${what}, tensor "${name}"`;
  if (shape.length > MOST_AXES)
    throw new FoveaError("too-large", `${where}: has ${shape.length} axes; expected at most ${MOST_AXES}`);
  if (shape.some((extent) => extent < 0))
    throw new FoveaError("damaged-file", `${where}: has the shape ${showShape(shape)}`);
  const element = elementOf(where, type);
  const tensor = { kind: element.kind, shape, element: element.name };
  if (isExternal) {
    raw = external(where, externalData(where, entries));
    if (raw === undefined) return { name, tensor: { ...tensor, data: new Float32Array(0) } };
  }
  const held = raw !== undefined ? Math.floor(raw.length / element.width) : Math.max(listed.length, whole.length);
  if (held !== sizeOf(shape))
    throw new FoveaError("damaged-file", `${where}: ${showShape(shape)} needs ${sizeOf(shape)} numbers, found ${held}`);
  if (raw !== undefined) return { name, tensor: { ...tensor, data: decoded(element, raw) } };
  const data = whole.length > 0 ? fromWhole(element, whole) : Float32Array.from(listed);
  return { name, tensor: { ...tensor, data: element.kind === "int" ? Float64Array.from(data) : data } };
}

const aligned = (raw: Uint8Array, width: number): ArrayBuffer =>
  new Uint8Array(raw.subarray(0, raw.length - (raw.length % width))).buffer;
const floatsIn = (raw: Uint8Array): Float32Array => new Float32Array(aligned(raw, 4));
/** One double, or several packed ones. */
const doubles = (value: Field["value"]): Float64Array =>
  typeof value === "bigint" ? new Float64Array(BigUint64Array.of(value).buffer) : new Float64Array(aligned(value, 8));

function readAttribute(source: Source, from: Uint8Array): [string, OnnxAttribute] {
  const { what } = source;
  let name = "";
  let found: OnnxAttribute | undefined;
  let type = 0;
  const list: number[] = [];
  for (const { field, value, fixed } of fieldsOf(what, from)) {
    if (field === 1) name = text(value);
    else if (field === 2) found = real(value);
    else if (field === 3) found = int(value);
    else if (field === 4) found = text(value);
    else if (field === 5) found = readTensor(source, bytes(value)).tensor;
    else if (field === 7) for (const element of reals(value, fixed)) list.push(element);
    else if (field === 8) for (const integer of ints(what, value)) list.push(integer);
    else if (field === 20) type = int(value);
  }
  // Some writers leave out a value that is zero: FLOAT is 1, INT 2, STRING 3.
  return [name, found ?? (type === 1 || type === 2 ? 0 : type === 3 ? "" : list)];
}

/** Name and graph of an attribute that is one. */
function readBranch(source: Source, from: Uint8Array, depth: number): [string, OnnxBranch] | undefined {
  let name = "";
  let graph: Uint8Array | undefined;
  for (const { field, value } of fieldsOf(source.what, from)) {
    if (field === 1) name = text(value);
    else if (field === 6) graph = bytes(value);
  }
  if (graph === undefined) return undefined;
  if (depth >= MOST_DEPTH)
    throw new FoveaError("damaged-file", `${source.what}: has graphs in graphs, more than ${MOST_DEPTH} deep`);
  const { nodes, initializers, outputs } = readGraph(source, graph, depth + 1);
  return [name, { nodes, initializers, outputs: outputs.map((output) => output.name) }];
}

/** Names that a branch reads and does not make. */
function readOutside({ nodes, initializers, outputs }: OnnxBranch): string[] {
  const inside = new Set([...initializers.keys(), ...nodes.flatMap((node) => node.outputs)]);
  return [...nodes.flatMap((node) => node.inputs), ...outputs].filter((name) => name !== "" && !inside.has(name));
}

function readNode(source: Source, from: Uint8Array, depth: number): OnnxNode {
  let [op, domain] = ["", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: [string, OnnxAttribute][] = [];
  const branches: [string, OnnxBranch][] = [];
  for (const { field, value } of fieldsOf(source.what, from)) {
    if (field === 1) inputs.push(text(value));
    else if (field === 2) outputs.push(text(value));
    else if (field === 4) op = text(value);
    else if (field === 7) domain = text(value);
    else if (field === 5) {
      const branch = readBranch(source, bytes(value), depth);
      if (branch === undefined) attributes.push(readAttribute(source, bytes(value)));
      else branches.push(branch);
    }
  }
  const foreign = domain === "" || domain === "ai.onnx" ? {} : { domain };
  const node = { op, ...foreign, inputs, outputs, attributes: Object.fromEntries(attributes) };
  if (branches.length === 0) return node;
  const captured = new Set(branches.flatMap(([, branch]) => readOutside(branch)));
  return { ...node, inputs: [...inputs, ...captured], branches: Object.fromEntries(branches) };
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

const notRead: ReadExternal = (where, { location }) => {
  throw new FoveaError("weights-missing", `${where}: lies in ${location}, which was not read`);
};

/**
 * Reads an .onnx file.
 * @param external gives the bytes of tensors that lie in other files; without it those are refused
 * @throws FoveaError when it is damaged, cut short, or a tensor is not whole.
 */
export function readOnnx(from: Uint8Array, what = "the model", external: ReadExternal = notRead): OnnxModel {
  const source = { what, external };
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
    throw new FoveaError(
      "unknown-format",
      `${what}: expected an ONNX model, found other bytes or one that is cut short`,
    );
  return { opset, metadata, ...readGraph(source, graph, 0) };
}

function readGraph(source: Source, graph: Uint8Array, depth: number): Omit<OnnxModel, "opset" | "metadata"> {
  const { what } = source;
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const [inputs, outputs]: [OnnxValue[], OnnxValue[]] = [[], []];
  let name = "";
  for (const { field, value } of fieldsOf(what, graph)) {
    if (field === 1) nodes.push(readNode(source, bytes(value), depth));
    else if (field === 2) name = text(value);
    else if (field === 5) {
      const { name: key, tensor } = readTensor(source, bytes(value));
      initializers.set(key, tensor);
    } else if (field === 11) inputs.push(readValue(what, bytes(value)));
    else if (field === 12) outputs.push(readValue(what, bytes(value)));
  }
  // Before version 4 constants were listed among the inputs.
  return { name, nodes, initializers, inputs: inputs.filter((input) => !initializers.has(input.name)), outputs };
}
