// Common part of the activation layers: the shape stays, there are no weights.
import type { Shape } from "../../../core/shape.js";
import { Layer } from "../layer.js";

export abstract class Pointwise extends Layer {
  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
