// Options of layers and of their application, and the parts of a layer that files of Keras know.
import type { Json, JsonObject } from "../../core/json.js";
import type { Weight } from "./weight.js";

/** The arguments of a call in Keras's form. */
export interface CallArguments {
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
}

/** Weights that Keras's files keep as those of a layer inside, by the name of its group there. */
export interface WeightGroup {
  readonly group: string;
  readonly name: string;
  readonly weights: readonly Weight[];
}

/** Options of `layer.apply`. */
export interface ApplyOptions {
  /**
   * `false` keeps the layer in inference mode here even while the model trains, as Keras's `base(x, training=False)`.
   * Default: as the model is called.
   */
  readonly training?: boolean;
}

/** Options that every layer takes. */
export interface LayerOptions {
  /** The layer's name. Default: the class name in snake_case, numbered within the model (`dense_1`). */
  readonly name?: string;
  /** False freezes the layer: its weights keep their values. Takes effect at the next `compile`. Default true. */
  readonly trainable?: boolean;
}
