// Layers by a function: what the graph's functions (`fovea/core`) make of the inputs, without a class of one's own. Such a
// layer has no weights, and no file can hold it, for it is code.
import { FoveaError, shown } from "../../../core/errors.js";
import { input as graphInput, type Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type Shape, showShape } from "../../../core/shape.js";
import type { LayerOptions } from "../layer.js";
import { MultiLayer } from "../multi-layer.js";

/** Extends the graph: takes one value an input, `[batch, ...]` float32, and returns one of the same batch. */
export type LambdaFunction = (...inputs: Value[]) => Value;

/** The batch that stands in while shapes are found out; not 1, so that a lost batch axis is noticed. */
const TRIAL_BATCH = 2;

/** The layer that `lambda` makes. */
export class Lambda extends MultiLayer {
  readonly className = "Lambda";

  constructor(
    readonly compute: LambdaFunction,
    options: LayerOptions = {},
  ) {
    super("lambda", options, []);
    if (typeof compute !== "function")
      throw new FoveaError("wrong-type", `${this.label}: expected a function of values, received ${shown(compute)}`);
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const inputs = inputShapes.map((shape, i) => graphInput(`x${i}`, [TRIAL_BATCH, ...shape]));
    return this.callAll(inputs).map(({ type }) => type.shape.slice(1));
  }

  callAll(inputs: readonly Value[]): readonly Value[] {
    const batch = inputs[0]?.type.shape[0];
    const output: Value | undefined = this.compute(...inputs);
    if (typeof output !== "object" || output === null || !("type" in output))
      throw new FoveaError(
        "wrong-type",
        `${this.label}: expected the function to return a value of the graph, received ${shown(output)}`,
      );
    const { dtype, shape } = output.type;
    if (dtype !== "float32" || shape[0] !== batch)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: expected the function to return float32 with the batch axis of its inputs, [${batch}, ...], ` +
          `received ${dtype} ${showShape(shape)}`,
      );
    return [output];
  }

  protected onBuildAll(): void {}
  protected config(): JsonObject {
    return {};
  }
}

/**
 * A layer that computes what a function of the graph says, differentiated like any other. Its model trains, predicts and
 * goes to ONNX, but not to Keras's files.
 * @param compute Takes one value an input, `[batch, ...]` float32, and returns one of the same batch.
 * @throws FoveaError when the function returns no value, or one without the batch axis.
 * @example const swish = lambda((x) => mul(x, sigmoid(x))); // import { mul, sigmoid } from "fovea/core"
 * @example
 * const [value, gate] = [input([4]), input([4])];
 * const gated = lambda((x, y) => mul(x, sigmoid(y))).apply([value, gate]);
 */
export const lambda = (compute: LambdaFunction, options: LayerOptions = {}): Lambda => new Lambda(compute, options);
