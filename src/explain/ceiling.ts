// Ceilings of activations: a proven upper bound of a mean activation over all images whose pixels lie in a range, as a
// graph beside the model's. Interval arithmetic (Moore, 1966) leads from the pixels to every value; the last stretch
// that is linear, up to a ReLU, is bounded as a whole, which is far tighter. Of ops without a rule nothing is claimed.
import * as f from "../core/functions/index.js";
import { topologicalOrder } from "../core/graph/graph.js";
import { apply, type OpNode, type Value } from "../core/graph/node.js";
import { isOp, type OpName } from "../core/ops/index.js";
import { sizeOf } from "../core/shape.js";
import { meanActivations, type Probe, type Probed, slope } from "./probe.js";

/** Between what a value lies, element by element, whatever the image. */
interface Span {
  readonly low: Value;
  readonly high: Value;
}

/** Ops whose results grow, or stay, when an operand grows. */
const GROWING: ReadonlySet<OpName> = new Set([
  ...(["add", "sum", "averagePool2d", "max", "maxPool2d", "maximum", "minimum"] as const),
  ...(["relu", "exp", "tanh", "sigmoid", "erf", "floor", "stopGradient"] as const),
  ...(["cast", "broadcastTo", "reshape", "transpose", "pad", "slice", "concatenate"] as const),
]);
/** Ops that are products of their operands: linear in the one that the image moves, if it moves only one. */
const PRODUCTS: ReadonlySet<OpName> = new Set(["mul", "div", "conv2d", "depthwiseConv2d", "matmul"]);
/** Ops that are linear in all of their operands, constants aside. */
const SUMS: ReadonlySet<OpName> = new Set([
  ...(["add", "sub", "neg", "sum", "averagePool2d"] as const),
  ...(["cast", "broadcastTo", "reshape", "transpose", "pad", "slice", "concatenate"] as const),
]);

/** The steps between the pixels and a value: how far each can go, and which are linear. */
class Reach {
  /** Of the values that the image moves; `undefined` where an op has no rule. */
  readonly #spans = new Map<Value, Span | undefined>();

  constructor(x: Value, [low, high]: readonly [number, number], to: Value) {
    const { shape } = x.type;
    this.#spans.set(x, { low: f.constant(low, shape), high: f.constant(high, shape) });
    for (const node of topologicalOrder([to]))
      if (node.kind === "op" && this.#moving(node).length > 0)
        for (const output of node.outputs)
          this.#spans.set(output, output.index === 0 ? this.#through(node) : undefined);
  }

  span(value: Value): Span | undefined {
    return this.#spans.has(value) ? this.#spans.get(value) : { low: value, high: value };
  }

  moves(value: Value): boolean {
    return this.#spans.has(value);
  }

  /** The values nearest to `value` from which it is linear: the pixels, or what a ReLU or a pooling put out. */
  sources(value: Value): Value[] {
    const sources = new Set<Value>();
    const seen = new Set<Value>([value]);
    for (const reached of seen) {
      const moving = this.#moving(reached.node);
      if (moving.length === 0 || !this.#isLinear(reached.node as OpNode)) sources.add(reached);
      else for (const operand of moving) seen.add(operand);
    }
    return [...sources];
  }

  #isLinear(node: OpNode): boolean {
    const name = node.record.name as OpName;
    if (name === "cast") return node.outputs[0]!.type.dtype === "float32";
    return SUMS.has(name) || this.#factor(node) >= 0;
  }

  /** Number of the operand of a product that the image moves, where it moves one only; -1 for other ops, and for a divisor. */
  #factor(node: OpNode): number {
    const name = node.record.name as OpName;
    const at = node.inputs.findIndex((operand) => this.#spans.has(operand));
    return PRODUCTS.has(name) && this.#moving(node).length === 1 && !(name === "div" && at === 1) ? at : -1;
  }

  #moving(node: Value["node"]): Value[] {
    return node.inputs.filter((operand) => this.#spans.has(operand));
  }

  #through(node: OpNode): Span | undefined {
    const spans = node.inputs.map((operand) => this.span(operand));
    if (!spans.every((span) => span !== undefined)) return undefined;
    const name = node.record.name as OpName;
    const again = (operands: readonly Value[]): Value => apply(node.record, operands, node.attrs as never);
    if (GROWING.has(name))
      return { low: again(spans.map(({ low }) => low)), high: again(spans.map(({ high }) => high)) };
    const [a, b] = spans as [Span, Span];
    if (name === "neg") return { low: f.neg(a.high), high: f.neg(a.low) };
    if (name === "sub") return { low: f.sub(a.low, b.high), high: f.sub(a.high, b.low) };
    const at = this.#factor(node);
    if (at < 0) return undefined;
    // From the middle of the span as far as the other operand's size takes it, to both sides.
    const middle = again(node.inputs.map((operand, i) => (i === at ? middleOf(spans[i]!) : operand)));
    const reach = again(node.inputs.map((operand, i) => (i === at ? halfOf(spans[i]!) : f.abs(operand))));
    return { low: f.sub(middle, reach), high: f.add(middle, reach) };
  }
}

const middleOf = ({ low, high }: Span): Value => f.mul(f.add(low, high), 0.5);
const halfOf = ({ low, high }: Span): Value => f.mul(f.sub(high, low), 0.5);

/** The straight line between the ends of relu(z) over z's span: nowhere below it, since ReLU is convex. */
function chord(z: Value, { low, high }: Span): Value {
  const [from, to] = [f.relu(low), f.relu(high)];
  const rise = f.div(f.sub(to, from), f.maximum(f.sub(high, low), 1e-30));
  return f.add(from, f.mul(rise, f.sub(z, low)));
}

/**
 * The view that maps have of the pixels x. `convex`: they are linear in them, up to a ReLU. `near`: convolutions mix pixels
 * as well, but a pooling or a scale comes in between. `far`: they see what a ReLU or a pooling made of the pixels.
 */
export function sightOf(x: Value, maps: Value): "convex" | "near" | "far" {
  const reach = new Reach(x, [0, 1], maps);
  const ofPixels = (value: Value): boolean =>
    !reach.moves(value) || reach.sources(value).every((source) => source === x || !reach.moves(source));
  const mixes = (node: Value["node"]): boolean =>
    isOp(node, "conv2d") || isOp(node, "depthwiseConv2d") || isOp(node, "matmul");
  if (ofPixels(isOp(maps.node, "relu") ? maps.node.inputs[0]! : maps)) return "convex";
  return topologicalOrder([maps]).every((node) => !mixes(node) || node.inputs.every(ofPixels)) ? "near" : "far";
}

/**
 * Bounds that the mean activation of channel `targets[i]` exceeds for no image of pixels in `range`, true up to the rounding of
 * float32. The last ReLU is replaced by its chord; the mean is then linear in whatever the layer works on, and largest
 * where each element of that lies at one end of its span. For a first layer these elements are the pixels, and all that
 * is given away is what lies between the ReLU and its chord.
 * @returns `undefined` where the way from the pixels has an op without a rule
 */
export async function channelCeilings(
  probe: Probe,
  targets: readonly number[],
  range: readonly [low: number, high: number],
): Promise<readonly number[] | undefined> {
  const shape = [targets.length, ...probe.model.inputShape];
  // A linear function has the same bound from wherever it is looked at: from the darkest image, for one.
  const images = { dtype: "float32", shape, data: new Float32Array(sizeOf(shape)).fill(range[0]) } as const;
  const bound = ({ x, maps }: Pick<Probed, "x" | "maps">) => ceilings(x, maps, targets, range);
  if (bound(probe.trace(images, targets.length).probed) === undefined) return undefined;
  const classes = Int32Array.from(targets);
  const [found] = await probe.compute(`ceilings:${range}`, images, classes, (probed) => [bound(probed)!]);
  return [...(found!.data as Float32Array)];
}

/** The bound for each of n images' targets [n], beside the way from the images to the maps. */
function ceilings(
  x: Value,
  maps: Value,
  targets: readonly number[],
  range: readonly [number, number],
): Value | undefined {
  const reach = new Reach(x, range, maps);
  const z = isOp(maps.node, "relu") ? maps.node.inputs[0]! : maps;
  const span = reach.span(z);
  if (span === undefined) return undefined;
  const line = meanActivations(z === maps ? z : chord(z, span), targets);
  // Several sources may hang together, as those of a residual block do; then z's own span is what is left to go by.
  const sources = reach.sources(z);
  const source = sources.length === 1 ? sources[0]! : z;
  const { low, high } = reach.span(source)!;
  const steep = slope(line, source);
  const best = f.select(f.greater(steep, 0), high, low);
  const axes = source.type.shape.map((_, axis) => axis).slice(1);
  return f.add(line, f.sum(f.mul(steep, f.sub(best, source)), axes));
}
