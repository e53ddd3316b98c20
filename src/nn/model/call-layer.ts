// A layer or a model called on tensors, as Keras calls `layer(x, training=True)`: to look at what augmentation does, or
// what comes out of a layer. Nothing is trained, and no weight or average changes.
import { cast } from "../../core/functions/index.js";
import type { Graph } from "../../core/graph/graph.js";
import { input } from "../../core/graph/node.js";
import { checkOptions, flag, wholeNumber } from "../../core/options.js";
import { keyOf } from "../../core/random.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { InferenceContext, TrainingContext } from "../layers/call-context.js";
import type { Layer } from "../layers/layer.js";
import { Streams } from "../layers/weight.js";
import { inOrder, widened } from "./data.js";
import { ModelSession } from "./model-session.js";
import type { Runtime } from "./runtime.js";

/** Options of calling a layer. */
export interface CallOptions {
  /** True where layers behave as in a training step: augmentation and dropout at work. Default false. */
  readonly training?: boolean;
  /** Seed of random numbers in training, and of the weights of a layer that has none yet. Default 0. */
  readonly seed?: number;
}

/** Results of a layer for a batch, one tensor for each output. See `callLayer` of "fovea". */
export async function callLayer(
  runtime: Runtime,
  layer: Layer,
  x: Tensor | readonly Tensor[],
  options: CallOptions = {},
): Promise<Tensor[]> {
  checkOptions("callLayer", options, ["training", "seed"]);
  const training = flag("callLayer training", options.training, false);
  const seed = wholeNumber("callLayer seed", options.seed ?? 0, 0);
  const names = (Array.isArray(x) ? x : [x]).map((_, i) => `x${i}`);
  const tensors = inOrder("callLayer", "x", x, names).map(widened);
  // Builds a layer that has no weights yet, and checks the shapes for any other.
  layer.buildAll(
    tensors.map(({ shape }) => shape.slice(1)),
    new Streams(seed),
  );
  const inputs = tensors.map(({ shape, dtype }, i) => input(names[i]!, shape, dtype));
  const randomState = input("randomState", [3], "int32");
  const context = training ? new TrainingContext(randomState, new Set()) : new InferenceContext();
  const outputs = layer.callAll(
    inputs.map((value) => cast(value, "float32")),
    context,
  );
  const graph: Graph = { inputs: training ? [...inputs, randomState] : inputs, outputs: [...outputs], updates: [] };
  const state = tensor(Int32Array.of(...keyOf(seed), 0), [3], "int32");
  const session = new ModelSession("callLayer", runtime);
  try {
    return await session.run(
      { key: "call", build: () => graph },
      training ? [...tensors, state] : tensors,
      layer.weights,
    );
  } finally {
    await session.close();
  }
}
