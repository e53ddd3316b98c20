// Models that show what is inside another: from its inputs to what any of its layers puts out, nested ones included.
// The layers are the same, so the weights are too, whoever trains them.
import { FoveaError } from "../../core/errors.js";
import type { SymbolicTensor } from "../layers/layer.js";
import { Call } from "../layers/symbolic.js";
import { Functional } from "./functional.js";
import { Model } from "./model.js";
import type { Network } from "./network.js";

/** Goes through a network and puts the calls inside nested models on its path in the place of theirs. */
class Unfolding {
  readonly found = new Map<string, readonly SymbolicTensor[]>();
  constructor(readonly wanted: readonly string[]) {}

  /** The network's outputs for `inputs`; remembers the results of layers that are wanted. */
  run(
    network: Network,
    inputs: readonly SymbolicTensor[],
    prefix: string,
    training?: boolean,
  ): readonly SymbolicTensor[] {
    const now = new Map<SymbolicTensor, SymbolicTensor>(network.inputs.map((tensor, i) => [tensor, inputs[i]!]));
    for (const call of network.calls) {
      const path = prefix + call.layer.name;
      const results =
        call.inputs.length === 0
          ? call.outputs.map((tensor) => now.get(tensor)!)
          : this.#call(
              call,
              path,
              call.inputs.map((tensor) => now.get(tensor)!),
              training,
            );
      call.outputs.forEach((tensor, i) => {
        now.set(tensor, results[i]!);
      });
      if (this.wanted.includes(path)) this.found.set(path, results);
    }
    return network.outputs.map((tensor) => now.get(tensor)!);
  }

  #call(
    { layer, inputs, outputs, serial, training }: SymbolicTensor["call"],
    path: string,
    received: readonly SymbolicTensor[],
    around?: boolean,
  ): readonly SymbolicTensor[] {
    const mode = around === false ? around : training;
    if (layer instanceof Model && this.wanted.some((inner) => inner.startsWith(`${path}/`)))
      return this.run(layer.network, received, `${path}/`, mode);
    if (mode === training && received.every((tensor, i) => tensor === inputs[i])) return outputs;
    const shapes = outputs.map(({ shape }) => shape);
    return new Call(layer, received, shapes, serial, mode).outputs;
  }
}

/**
 * A model from the inputs of `model` to the outputs of layers inside it, with the same weights. A layer that is applied
 * several times gives its last result.
 * @param paths names as `getLayer` takes them, `"base/conv5_out"` in nested models; `""` is the model's own output.
 * @param model A built model.
 * @throws FoveaError for a path that names no layer, or a layer that no output needs.
 * @example const [conv1, out] = await layerOutputs(model, ["conv1", ""]).predictAll(images);
 */
export function layerOutputs(model: Model, paths: string | readonly string[]): Functional {
  const wanted = typeof paths === "string" ? [paths] : paths;
  for (const path of wanted) if (path !== "") model.getLayer(path);
  const { inputs, calls } = model.network;
  const unfolding = new Unfolding(wanted);
  const results = unfolding.run(model.network, inputs, "");
  const outputs = wanted.flatMap((path) => {
    const found = path === "" ? results : unfolding.found.get(path);
    if (found === undefined)
      throw new FoveaError(
        "unknown-layer",
        `layerOutputs: "${path}" is no layer on the way through ${model.label}, which has ${calls.length} calls`,
      );
    return found;
  });
  const single = typeof paths === "string" && outputs.length === 1;
  return new Functional({ ...model.place, inputs, outputs: single ? outputs[0]! : outputs });
}
