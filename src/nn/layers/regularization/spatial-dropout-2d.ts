// Spatial dropout: while training, drops whole channels of an image.

import type { JsonObject } from "../../../core/json.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader, type KerasObject } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, type LayerOptions } from "../layer.js";
import { DropoutLayer } from "./dropout.js";
import { type RandomOptions, randomFromKeras } from "./random-layer.js";

/** The layer that `spatialDropout2d` makes. */
export class SpatialDropout2D extends DropoutLayer {
  readonly className = "SpatialDropout2D";

  constructor(rate: number, options: RandomOptions = {}) {
    super("spatialDropout2d", rate, options);
  }
  override computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return inputShape;
  }
  protected noiseShape([batch, , , channels]: Shape): Shape {
    return [batch!, 1, 1, channels!];
  }
  protected override config(): JsonObject {
    return { rate: this.rate, ...super.config(), data_format: "channels_last" };
  }
  /** Keras's class takes no `trainable`, and writes its dtype as a word. */
  override toKerasObject(): KerasObject {
    const { config, ...object } = super.toKerasObject();
    const { trainable: _, ...settings } = config;
    return { ...object, config: { ...settings, dtype: "float32" } };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): SpatialDropout2D {
    const reader = new ConfigReader("SpatialDropout2D", config);
    expectChannelsLast(reader);
    return new SpatialDropout2D(reader.number("rate"), randomFromKeras(config, options));
  }
}

/**
 * Drops each channel of each image with probability `rate` while training (Tompson and others, 2015).
 * @example spatialDropout2d(0.2)
 */
export const spatialDropout2d = (rate: number, options: RandomOptions = {}): SpatialDropout2D =>
  new SpatialDropout2D(rate, options);
