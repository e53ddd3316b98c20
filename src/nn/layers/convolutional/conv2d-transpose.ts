// Transposed 2-D convolution, the adjoint of a convolution: it makes images larger where that makes them smaller.
import { FoveaError } from "../../../core/errors.js";
import { conv2dTranspose as convolve, transposedExtent } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { dilatedExtent } from "../../../core/ops/window.js";
import { type Pair, pairOf, wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { glorotUniform } from "../../initializers/index.js";
import type { CallContext, LayerOptions } from "../layer.js";
import { IMAGE_AXES } from "../layer.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";
import { Convolution2D, type ConvolutionOptions, convolutionFromKeras } from "./convolution-2d.js";

/** Options of `conv2dTranspose`. */
export interface Conv2DTransposeOptions extends ConvolutionOptions, PolicyOptions<"kernel"> {
  /** Rows and columns added to the result, fewer than the strides. Default: Keras's choice for the padding. */
  readonly outputPadding?: Pair | null;
}

/** The layer that `conv2dTranspose` makes. */
export class Conv2DTranspose extends Convolution2D {
  readonly className = "Conv2DTranspose";
  readonly filters: number;
  readonly outputPadding: readonly [number, number] | null;
  readonly #kernel: WeightPolicy;

  constructor(filters: number, kernelSize: Pair, options: Conv2DTransposeOptions = {}) {
    super("conv2dTranspose", kernelSize, options, ["outputPadding", ...policyNames("kernel")]);
    this.filters = wholeNumber(`${this.label} filters`, filters);
    this.outputPadding =
      options.outputPadding === undefined || options.outputPadding === null
        ? null
        : pairOf(`${this.label} outputPadding`, options.outputPadding, 0);
    if (this.outputPadding?.some((cells, axis) => cells >= this.strides[axis]!))
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected an outputPadding below the strides [${this.strides}], received [${this.outputPadding}]`,
      );
    this.#kernel = policyOf(this.label, "kernel", options, glorotUniform());
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    const sides = [0, 1].map((axis) => {
      const size = dilatedExtent(this.kernelSize[axis]!, this.dilationRate[axis]!);
      const padding = this.outputPadding?.[axis];
      return transposedExtent(inputShape[axis]!, size, this.strides[axis]!, this.padding, padding);
    });
    return [...sides, this.filters];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [...this.kernelSize, this.filters, inputShape[2]!];
    this.addWeight({ name: "kernel", shape, ...this.#kernel, trainable: true }, streams);
    this.addBias(this.filters, streams);
  }

  call(x: Value, context: CallContext): Value {
    const options = { ...this.window, outputPadding: this.outputPadding ?? undefined };
    return this.finish(convolve(x, this.read("kernel"), options), context);
  }

  protected override config(): JsonObject {
    return {
      filters: this.filters,
      output_padding: this.outputPadding,
      ...super.config(),
      ...policyToKeras("kernel", this.#kernel),
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Conv2DTranspose {
    const reader = new ConfigReader("Conv2DTranspose", config);
    const padding = config.output_padding;
    return new Conv2DTranspose(reader.number("filters"), reader.pair("kernel_size"), {
      ...convolutionFromKeras("Conv2DTranspose", config, options),
      ...policyFromKeras("Conv2DTranspose", "kernel", config, glorotUniform()),
      outputPadding: padding === undefined || padding === null ? null : reader.pair("output_padding"),
    });
  }
}

/**
 * Transposed convolution of images `[batch, height, width, channels]`; kernel `[kernelHeight, kernelWidth, filters,
 * channels]`. With padding `"same"` the result is `strides` times as large.
 * @param filters Number of filters, the channels that come out.
 * @param kernelSize Height and width of the kernel in pixels, one number or [height, width].
 * @example conv2dTranspose(8, 3, { strides: 2, padding: "same" })
 */
export const conv2dTranspose = (
  filters: number,
  kernelSize: Pair,
  options: Conv2DTransposeOptions = {},
): Conv2DTranspose => new Conv2DTranspose(filters, kernelSize, options);
