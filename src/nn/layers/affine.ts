// Common part of the layers that multiply with kernels: the bias, the activation and the penalty on activities.

import { add } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../../core/json.js";
import { flag } from "../../core/options.js";
import { type ActivationLike, type ActivationName, activate, activationName } from "../activations.js";
import { ConfigReader } from "../config/keras-object.js";
import { zeros } from "../initializers/index.js";
import {
  activityPenalty,
  type Regularizer,
  type RegularizerLike,
  regularizerFromKeras,
  regularizerOf,
  regularizerToKeras,
} from "../regularizers.js";
import { type CallContext, Layer, type LayerOptions } from "./layer.js";
import type { Streams } from "./weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "./weight-policy.js";

/** Options of layers that multiply by a kernel, add a bias and apply an activation. */
export interface AffineOptions extends LayerOptions, PolicyOptions<"bias"> {
  /** Function applied to the results, by Keras's name. Default: none. */
  readonly activation?: ActivationLike | null;
  /** True where a bias is added. Default true. */
  readonly useBias?: boolean;
  /** A penalty on the layer's output, divided by the batch size. Default: none. */
  readonly activityRegularizer?: RegularizerLike;
}

export abstract class AffineLayer extends Layer {
  protected override readonly recordsBuild = true;
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly activityRegularizer: Regularizer | null;
  readonly #bias: WeightPolicy;

  constructor(functionName: string, options: AffineOptions, allowed: readonly string[]) {
    super(functionName, options, [
      ...allowed,
      ...["activation", "useBias", "activityRegularizer"],
      ...policyNames("bias"),
    ]);
    this.activation = activationName(this.label, options.activation);
    this.useBias = flag(`${this.label} useBias`, options.useBias, true);
    this.activityRegularizer = regularizerOf(`${this.label} activityRegularizer`, options.activityRegularizer);
    this.#bias = policyOf(this.label, "bias", options, zeros());
  }

  /** Adds the weight `bias`, unless there is none. */
  protected addBias(size: number, streams: Streams): void {
    if (this.useBias) this.addWeight({ name: "bias", shape: [size], ...this.#bias, trainable: true }, streams);
  }

  /** activation(product + bias). */
  protected finish(product: Value, context: CallContext): Value {
    const output = activate(this.activation, this.useBias ? add(product, this.read("bias")) : product);
    if (this.activityRegularizer !== null) context.addLoss(activityPenalty(this.activityRegularizer, output));
    return output;
  }

  protected config(): JsonObject {
    return {
      activation: this.activation,
      use_bias: this.useBias,
      ...policyToKeras("bias", this.#bias),
      // Keras writes this one only where it is set; convolutions always write it.
      ...(this.activityRegularizer && { activity_regularizer: regularizerToKeras(this.activityRegularizer) }),
    };
  }
}

/** The options that `AffineLayer` reads, from a Keras config. */
export function affineFromKeras(className: string, config: JsonObject, options: LayerOptions): AffineOptions {
  const reader = new ConfigReader(className, config);
  return {
    ...options,
    activation: activationName(className, reader.string("activation", "linear")),
    useBias: reader.boolean("use_bias", true),
    activityRegularizer: regularizerFromKeras(className, config.activity_regularizer),
    ...policyFromKeras(className, "bias", config, zeros()),
  };
}
