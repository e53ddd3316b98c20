// An activation function by name as a layer of its own.
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type ActivationLike, type ActivationName, activate, activationName } from "../../activations.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { Pointwise } from "./pointwise.js";

/** The layer that `activation` makes. */
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
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Activation {
    return new Activation(new ConfigReader("Activation", config).string("activation"), options);
  }
}

/**
 * Applies an activation function.
 * @param name Keras's name, such as `"relu"`, `"gelu"` or `"linear"`.
 * @example activation("tanh")
 */
export const activation = (name: ActivationLike, options: LayerOptions = {}): Activation =>
  new Activation(name, options);
