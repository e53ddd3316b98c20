// Weights of an ONNX file in fewer bits: 16-bit floats that a Cast widens, int8 with one scale per channel that
// DequantizeLinear widens. Runtimes do both once, when they open the file.
import type { Shape } from "../../../core/shape.js";
import { sizeOf } from "../../../core/shape.js";
import { HALVES, type HalfName } from "../../containers/half.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** ONNX's number of float32, which Cast widens to. */
const FLOAT = 1;
/** Largest number of a symmetric int8. */
const MOST = 127;

export interface GraphParts {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
}

/** The constants of a graph that 16-bit floats hold exactly, as such; single numbers, which are settings, stay. */
export function withHalves(parts: GraphParts, dtype: HalfName): GraphParts {
  return replaced(parts, ({ kind, data, shape }, name) => {
    const floats = Float32Array.from(data);
    if (kind !== "float" || floats.length < 2) return undefined;
    const { pack, unpack } = HALVES[dtype];
    const widened = unpack(pack(floats));
    if (!floats.every((value, index) => value === widened[index])) return undefined;
    const small = `${name}_${dtype}`;
    return {
      constants: [[small, { kind, shape, data, element: dtype }]],
      node: { op: "Cast", inputs: [small], outputs: [name], attributes: { to: FLOAT } },
    };
  });
}

/** The axis of a kernel's output channels by operator, where it is the second input. */
const CHANNEL_AXES: Readonly<Record<string, (node: OnnxNode, shape: Shape) => number>> = {
  Conv: () => 0,
  ConvTranspose: () => 1,
  MatMul: (_, shape) => shape.length - 1,
  Gemm: ({ attributes }) => (attributes.transB === 1 ? 0 : 1),
};

/** The kernels of convolutions and products as int8 with one scale for each output channel: round(w / (max|w| / 127)). */
export function withInt8(parts: GraphParts): GraphParts {
  const axes = new Map<string, number>();
  for (const node of parts.nodes) {
    const kernel = node.inputs[1];
    const found = kernel === undefined ? undefined : parts.constants.get(kernel);
    const axis = found && CHANNEL_AXES[node.op]?.(node, found.shape);
    if (axis !== undefined && found!.shape.length >= 2) axes.set(kernel!, axis);
  }
  return replaced(parts, (tensor, name) => {
    const axis = axes.get(name);
    if (axis === undefined || tensor.kind !== "float") return undefined;
    const { whole, scales } = quantized(tensor, axis);
    const [small, scale] = [`${name}_int8`, `${name}_scale`];
    return {
      constants: [
        [small, { kind: "int", shape: tensor.shape, data: whole, element: "int8" }],
        [scale, { kind: "float", shape: [scales.length], data: scales }],
      ],
      node: { op: "DequantizeLinear", inputs: [small, scale], outputs: [name], attributes: { axis } },
    };
  });
}

function quantized({ shape, data }: OnnxTensor, axis: number): { whole: Float64Array; scales: Float32Array } {
  const channels = shape[axis]!;
  const stride = sizeOf(shape.slice(axis + 1));
  const channelOf = (index: number): number => Math.floor(index / stride) % channels;
  const largest = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) {
    const channel = channelOf(i);
    largest[channel] = Math.max(largest[channel]!, Math.abs(data[i]!));
  }
  // A channel of zeros takes any scale.
  const scales = Float32Array.from(largest, (most) => (most === 0 ? 1 : most / MOST));
  const whole = Float64Array.from(data, (value, index) =>
    Math.max(-MOST, Math.min(MOST, Math.round(value / scales[channelOf(index)]!))),
  );
  return { whole, scales };
}

interface Smaller {
  readonly constants: readonly (readonly [name: string, tensor: OnnxTensor])[];
  /** Gives the constant's name its numbers again. */
  readonly node: OnnxNode;
}

/** The graph with some constants made by a node out of others. */
function replaced(
  { nodes, constants }: GraphParts,
  smaller: (tensor: OnnxTensor, name: string) => Smaller | undefined,
): GraphParts {
  const kept = new Map<string, OnnxTensor>();
  const before: OnnxNode[] = [];
  for (const [name, tensor] of constants) {
    const found = smaller(tensor, name);
    if (found === undefined) kept.set(name, tensor);
    else {
      for (const [small, held] of found.constants) kept.set(small, held);
      before.push(found.node);
    }
  }
  return { nodes: [...before, ...nodes], constants: kept };
}
