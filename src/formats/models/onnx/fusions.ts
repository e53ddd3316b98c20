// Operators that older operator sets spell out in parts, put together again before the graph is read, since Keras has one
// layer for the whole: layer normalization out of means and roots, GELU out of the error function.
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** A graph in which patterns are looked for. */
interface Pattern {
  /** The node that gives a name. */
  readonly producer: (name: string) => OnnxNode | undefined;
  /** The only number of a constant of that name. */
  readonly scalar: (name: string) => number | undefined;
}

type Fusion = (node: OnnxNode, pattern: Pattern) => OnnxNode | undefined;

const isNear = (value: number | undefined, wanted: number): boolean =>
  value !== undefined && Math.abs(value - wanted) <= 1e-4 * Math.abs(wanted);

/** The other input of a node with two, if one of them is this number. */
function besides(
  node: OnnxNode | undefined,
  op: string,
  wanted: (value: number) => boolean,
  { scalar }: Pattern,
): string | undefined {
  if (node?.op !== op || node.inputs.length !== 2) return undefined;
  const [a, b] = node.inputs as [string, string];
  const matches = (name: string): boolean => {
    const value = scalar(name);
    return value !== undefined && wanted(value);
  };
  return matches(b) ? a : matches(a) ? b : undefined;
}

/** Input of a ReduceMean over the last axis alone that keeps the axis; undefined for other nodes. */
function overLast(node: OnnxNode | undefined, { scalar }: Pattern): string | undefined {
  if (node?.op !== "ReduceMean" || (node.attributes.keepdims ?? 1) !== 1) return undefined;
  const { axes } = node.attributes;
  const only = Array.isArray(axes) ? (axes.length === 1 ? axes[0] : undefined) : scalar(node.inputs[1] ?? "");
  return only === -1 ? node.inputs[0] : undefined;
}

/** (x - mean) / sqrt(mean((x - mean)^2) + epsilon) along the last axis. */
const layerNormalization: Fusion = (node, pattern) => {
  const { producer, scalar } = pattern;
  if (node.op !== "Div" || node.inputs.length !== 2) return undefined;
  const [centred, deviation] = node.inputs as [string, string];
  const sub = producer(centred);
  const root = producer(deviation);
  if (sub?.op !== "Sub" || root?.op !== "Sqrt") return undefined;
  const x = sub.inputs[0]!;
  if (overLast(producer(sub.inputs[1]!), pattern) !== x) return undefined;
  const sum = producer(root.inputs[0]!);
  if (sum?.op !== "Add") return undefined;
  const at = scalar(sum.inputs[1]!) === undefined ? 0 : 1;
  const epsilon = scalar(sum.inputs[at]!);
  const squares = producer(overLast(producer(sum.inputs[1 - at]!), pattern) ?? "");
  if (epsilon === undefined || squares === undefined) return undefined;
  const again = (name: string): boolean => {
    const other = producer(name);
    return name === centred || (other?.op === "Sub" && other.inputs.join() === sub.inputs.join());
  };
  const isSquare =
    (squares.op === "Pow" && again(squares.inputs[0]!) && scalar(squares.inputs[1]!) === 2) ||
    (squares.op === "Mul" && squares.inputs.every(again));
  return isSquare
    ? { op: "LayerNormalization", inputs: [x], outputs: node.outputs, attributes: { axis: -1, epsilon } }
    : undefined;
};

/** x / 2 (1 + erf(x / sqrt(2))), its two products in either order. */
const gelu: Fusion = (node, pattern) => {
  const { producer } = pattern;
  const curve = (name: string): string | undefined => {
    const shifted = besides(producer(name), "Add", (value) => value === 1, pattern);
    const erf = shifted === undefined ? undefined : producer(shifted);
    if (erf?.op !== "Erf") return undefined;
    const scaledBy = producer(erf.inputs[0]!);
    return (
      besides(scaledBy, "Mul", (value) => isNear(value, Math.SQRT1_2), pattern) ??
      (scaledBy?.op === "Div" && isNear(pattern.scalar(scaledBy.inputs[1]!), Math.SQRT2)
        ? scaledBy.inputs[0]
        : undefined)
    );
  };
  const half = (name: string): string | undefined =>
    besides(producer(name), "Mul", (value) => value === 0.5, pattern) ??
    (producer(name)?.op === "Div" && pattern.scalar(producer(name)!.inputs[1]!) === 2
      ? producer(name)!.inputs[0]
      : undefined);
  const product = (
    multiplication: OnnxNode | undefined,
    match: (a: string, b: string) => string | undefined,
  ): string | undefined => {
    if (multiplication?.op !== "Mul" || multiplication.inputs.length !== 2) return undefined;
    const [a, b] = multiplication.inputs as [string, string];
    return match(a, b) ?? match(b, a);
  };
  if (node.op !== "Mul") return undefined;
  // (x / 2) (1 + erf), x ((1 + erf) / 2), or (x (1 + erf)) / 2.
  const x =
    product(node, (a, b) => (half(a) !== undefined && half(a) === curve(b) ? half(a) : undefined)) ??
    product(node, (a, b) => {
      const inner = half(b);
      return inner !== undefined && curve(inner) === a ? a : undefined;
    }) ??
    product(producer(half(node.outputs[0]!) ?? ""), (a, b) => (curve(b) === a ? a : undefined));
  return x === undefined ? undefined : { op: "Gelu", inputs: [x], outputs: node.outputs, attributes: {} };
};

const FUSIONS: readonly Fusion[] = [layerNormalization, gelu];

/** The nodes with patterns put together; replaced nodes stay, and are read only if something else needs them. */
export function fused(nodes: readonly OnnxNode[], initializers: ReadonlyMap<string, OnnxTensor>): OnnxNode[] {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const scalar = (name: string): number | undefined => {
    const node = producers.get(name);
    const held = initializers.get(name) ?? (node?.op === "Constant" ? node.attributes.value : undefined);
    if (typeof held === "object" && "kind" in held) return held.data.length === 1 ? held.data[0] : undefined;
    const float = node?.op === "Constant" ? node.attributes.value_float : undefined;
    return typeof float === "number" ? float : undefined;
  };
  const pattern: Pattern = { producer: (name) => producers.get(name), scalar };
  return nodes.map((node) => {
    for (const fusion of FUSIONS) {
      const found = node.domain === undefined ? fusion(node, pattern) : undefined;
      if (found !== undefined) return found;
    }
    return node;
  });
}
