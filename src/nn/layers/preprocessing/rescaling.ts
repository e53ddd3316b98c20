// A fixed scale and offset: pixels 0..255 to 0..1 or -1..1 inside the model, so that it takes raw images.
import { add, mul } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import type { Shape } from "../../../core/shape.js";
import { numberWithin } from "../../options.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import { Layer, type LayerOptions } from "../layer.js";

export class Rescaling extends Layer {
  readonly className = "Rescaling";
  protected override readonly recordsBuild = true;
  readonly scale: number;
  readonly offset: number;

  constructor(scale: number, offset = 0, options: LayerOptions = {}) {
    super("rescaling", options, []);
    this.scale = numberWithin(`${this.label} scale`, scale);
    this.offset = numberWithin(`${this.label} offset`, offset);
  }
  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
  call(x: Value): Value {
    const scaled = mul(x, this.scale);
    return this.offset === 0 ? scaled : add(scaled, this.offset);
  }
  protected config(): JsonObject {
    return { scale: this.scale, offset: this.offset };
  }
  static fromConfig(config: JsonObject, options: LayerOptions): Rescaling {
    const reader = new ConfigReader("Rescaling", config);
    return new Rescaling(reader.number("scale"), reader.number("offset", 0), options);
  }
}

/**
 * x * scale + offset.
 * @example rescaling(1 / 255), rescaling(1 / 127.5, -1)
 */
export const rescaling = (scale: number, offset: number | LayerOptions = 0, options: LayerOptions = {}): Rescaling =>
  typeof offset === "number" ? new Rescaling(scale, offset, options) : new Rescaling(scale, 0, offset);
