// An activation function by name as a layer of its own.
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type ActivationLike, type ActivationName, activate, activationName } from "../../activations.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { Pointwise } from "./pointwise.js";

export class Activation extends Pointwise {
  readonly className = "Activation";
  readonly activation: ActivationName;

  constructor(activation: string, options: LayerOptions = {}) {
    super("activation", options, []);
    this.activation = activationName(this.label, activation);
  }
  call(x: Value): Value {
    return activate(this.activation, x);
  }
  protected config(): JsonObject {
    return { activation: this.activation };
  }
  static fromConfig(config: JsonObject, options: LayerOptions): Activation {
    return new Activation(new ConfigReader("Activation", config).string("activation"), options);
  }
}

/**
 * Applies an activation function.
 * @example activation("tanh")
 */
export const activation = (name: ActivationLike, options: LayerOptions = {}): Activation =>
  new Activation(name, options);
