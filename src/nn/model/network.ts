// A graph of layer calls between symbolic inputs and outputs: which calls there are, in which order they run, and in
// which order Keras lists their layers (and so numbers their arrays in a file). Everything is settled on construction.
import { FoveaError } from "../../core/errors.js";
import type { Value } from "../../core/graph/node.js";
import type { CallContext } from "../layers/call-context.js";
import { InputLayer } from "../layers/core/input.js";
import type { Layer, LayerCall, SymbolicTensor } from "../layers/layer.js";

export class Network {
  /** In an order in which they can run: that of Keras, by their distance from the outputs. */
  readonly calls: readonly LayerCall[];
  /** Every layer once, input layers included. */
  readonly layers: readonly Layer[];
  /** True where it is a plain chain, which Keras summarises without telling what is connected to what. */
  readonly isChain: boolean;

  /** @throws FoveaError when an output depends on an input that is not among `inputs`. */
  constructor(
    who: string,
    readonly inputs: readonly SymbolicTensor[],
    readonly outputs: readonly SymbolicTensor[],
  ) {
    const stray = inputs.find(({ call }) => !(call.layer instanceof InputLayer));
    if (stray !== undefined)
      throw new FoveaError(
        "wrong-graph",
        `${who}: expected inputs made by input([...]), received the output of ${stray.call.layer.label}`,
      );
    const twice = inputs.find((symbol, i) => inputs.indexOf(symbol) !== i);
    if (twice !== undefined)
      throw new FoveaError("duplicate", `${who}: ${twice.call.layer.label} is among the inputs twice`);
    const { calls, ranks } = callsBefore(outputs);
    for (const { layer, inputs: needed } of calls)
      if (needed.length === 0 && !inputs.some(({ call }) => call.layer === layer))
        throw new FoveaError(
          "wrong-graph",
          `${who}: the outputs depend on ${layer.label}, which is not among the inputs`,
        );

    const { callDepths, layerDepths } = depthsOf(calls);
    // An input that nothing depends on belongs to the model all the same.
    for (const { call } of inputs)
      if (!layerDepths.has(call.layer)) {
        layerDepths.set(call.layer, 0);
        callDepths.set(call, 0);
        ranks.set(call.layer, -1);
      }
    this.layers = [...layerDepths.keys()].sort(
      (a, b) => layerDepths.get(b)! - layerDepths.get(a)! || ranks.get(a)! - ranks.get(b)!,
    );
    // Sorting is stable: calls of one depth stay in Keras's order.
    this.calls = [...callDepths.keys()].sort((a, b) => callDepths.get(b)! - callDepths.get(a)!);
    this.isChain =
      new Set(callDepths.values()).size === this.calls.length &&
      this.layers.length === this.calls.length &&
      this.calls.every((call) => call.inputs.length <= 1);
  }

  /** The values of the outputs for values of the inputs. */
  run(values: readonly Value[], context: CallContext): readonly Value[] {
    const known = new Map<SymbolicTensor, Value>(this.inputs.map((tensor, i) => [tensor, values[i]!]));
    for (const { layer, inputs, outputs, training } of this.calls) {
      if (inputs.length === 0) continue;
      const results = layer.callAll(
        inputs.map((tensor) => known.get(tensor)!),
        training === false && context.training ? context.inference : context,
      );
      outputs.forEach((tensor, i) => {
        known.set(tensor, results[i]!);
      });
    }
    return this.outputs.map((tensor) => known.get(tensor)!);
  }
}

/** All calls that `outputs` need, those needed before those that need them, and the rank of each layer by first sight. */
function callsBefore(outputs: readonly SymbolicTensor[]): { calls: LayerCall[]; ranks: Map<Layer, number> } {
  const calls: LayerCall[] = [];
  const ranks = new Map<Layer, number>();
  const seen = new Set<LayerCall>();
  // An explicit stack: deep networks would overflow the call stack.
  const stack: { readonly call: LayerCall; next: number }[] = [];
  const enter = (call: LayerCall): void => {
    if (seen.has(call)) return;
    seen.add(call);
    if (!ranks.has(call.layer)) ranks.set(call.layer, ranks.size);
    stack.push({ call, next: 0 });
  };
  for (const { call } of outputs) {
    enter(call);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.call.inputs[top.next++];
      if (input !== undefined) enter(input.call);
      else calls.push(stack.pop()!.call);
    }
  }
  return { calls, ranks };
}

/** The longest way from each call and each layer to an output; the calls of a shared layer count as far as its farthest. */
function depthsOf(calls: readonly LayerCall[]) {
  const callDepths = new Map<LayerCall, number>();
  const layerDepths = new Map<Layer, number>();
  for (const call of [...calls].reverse()) {
    const depth = Math.max(callDepths.get(call) ?? 0, layerDepths.get(call.layer) ?? 0);
    callDepths.set(call, depth);
    layerDepths.set(call.layer, depth);
    for (const { call: before } of call.inputs)
      callDepths.set(before, Math.max(depth + 1, callDepths.get(before) ?? 0));
  }
  return { callDepths, layerDepths };
}
