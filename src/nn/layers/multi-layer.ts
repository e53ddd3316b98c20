// The base of layers that take or give several tensors: merging layers and models. They say what they do with lists,
// and one tensor is a list of one.
import type { Value } from "../../core/graph/node.js";
import type { Shape } from "../../core/shape.js";
import { type CallContext, Layer } from "./layer.js";

export abstract class MultiLayer extends Layer {
  abstract override computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[];
  abstract override callAll(inputs: readonly Value[], context: CallContext): readonly Value[];
  protected abstract override onBuildAll(inputShapes: readonly Shape[], streams: unknown): void;

  computeOutputShape(inputShape: Shape): Shape {
    return this.single("outputs", this.computeOutputShapes([inputShape]));
  }
  call(x: Value, context: CallContext): Value {
    return this.single("outputs", this.callAll([x], context));
  }
}
