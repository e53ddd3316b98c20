// A dense layer along axes that an equation names: activation(einsum(equation, x, kernel) + bias).
import { FoveaError, shown } from "../../../core/errors.js";
import { add, einsum, einsumAxes } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { Shape } from "../../../core/shape.js";
import { type ActivationName, activate, activationName } from "../../activations.js";
import { ConfigReader } from "../../config/keras-object.js";
import { glorotUniform, zeros } from "../../initializers/index.js";
import {
  activityPenalty,
  type Regularizer,
  type RegularizerLike,
  regularizerFromKeras,
  regularizerOf,
  regularizerToKeras,
} from "../../regularizers.js";
import { type CallContext, Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";
import { withFans } from "./fans.js";

/** Options of `einsumDense`. */
export interface EinsumDenseOptions extends LayerOptions, PolicyOptions<"kernel">, PolicyOptions<"bias"> {
  /** Applied to the result. Default: none. */
  readonly activation?: string | null;
  /** The letters of the result's axes that have a bias of their own. Default: no bias. */
  readonly biasAxes?: string | null;
  /** A penalty on the layer's output, divided by the batch size. Default: none. */
  readonly activityRegularizer?: RegularizerLike;
}

const FORM = /^((?:\.\.\.)?[A-Za-z]+|[A-Za-z]{2,}\.\.\.),([A-Za-z]+)->((?:\.\.\.)?[A-Za-z]+|[A-Za-z]+\.\.\.)$/;

/** The shapes of kernel, bias and output for one shape of samples. */
interface Shapes {
  readonly kernel: Shape;
  readonly inputAxes: readonly number[];
  readonly bias: Shape | undefined;
  readonly output: Shape;
}

/** The layer that `einsumDense` makes. */
export class EinsumDense extends Layer {
  readonly className = "EinsumDense";
  protected override readonly recordsBuild = true;
  readonly equation: string;
  /** The output's extents as they were given; null is the input's own. */
  readonly partialOutputShape: readonly (number | null)[];
  readonly activation: ActivationName;
  readonly biasAxes: string | null;
  readonly activityRegularizer: Regularizer | null;
  readonly #kernel: WeightPolicy;
  readonly #bias: WeightPolicy;

  constructor(equation: string, outputShape: number | readonly (number | null)[], options: EinsumDenseOptions = {}) {
    const names = ["activation", "biasAxes", "activityRegularizer"];
    super("einsumDense", options, [...names, ...policyNames("kernel", "bias")]);
    if (typeof equation !== "string" || !FORM.test(equation.replaceAll(" ", "")))
      throw new FoveaError(
        "malformed-text",
        `${this.label}: expected an equation such as "abc,cd->abd", received ${shown(equation)}`,
      );
    this.equation = equation;
    this.partialOutputShape = typeof outputShape === "number" ? [outputShape] : outputShape;
    const bad = this.partialOutputShape.find((extent) => extent !== null && !(Number.isInteger(extent) && extent > 0));
    if (bad !== undefined)
      throw new FoveaError(
        "out-of-range",
        `${this.label} outputShape: expected whole numbers or null, received ${bad}`,
      );
    this.activation = activationName(this.label, options.activation);
    this.biasAxes = options.biasAxes ?? null;
    this.activityRegularizer = regularizerOf(`${this.label} activityRegularizer`, options.activityRegularizer);
    this.#kernel = policyOf(this.label, "kernel", options, glorotUniform());
    this.#bias = policyOf(this.label, "bias", options, zeros());
  }

  #shapes(inputShape: Shape): Shapes {
    const [, , kernelTerm, resultTerm] = FORM.exec(this.equation.replaceAll(" ", ""))! as unknown as string[];
    const { operands, result } = einsumAxes(this.equation, [inputShape.length + 1, kernelTerm!.length]);
    const [input, kernel] = operands as [readonly string[], readonly string[]];
    const extents = new Map(input.slice(1).map((axis, i) => [axis, inputShape[i]!]));
    if (result[0] !== input[0])
      throw new FoveaError(
        "malformed-text",
        `${this.label}: the result of "${this.equation}" must begin with the batch axis`,
      );
    // `outputShape` gives extents of the result's letters: of all behind leading dots, else of those behind the batch.
    const letters = result.filter((axis) => !axis.startsWith("."));
    const named = resultTerm!.startsWith("...") ? letters : letters.slice(1);
    if (named.length !== this.partialOutputShape.length)
      throw new FoveaError(
        "length-mismatch",
        `${this.label}: expected ${named.length} extents for "${named.join("")}" as outputShape, received ` +
          `${this.partialOutputShape.length}`,
      );
    named.forEach((axis, i) => {
      const [wanted, known] = [this.partialOutputShape[i]!, extents.get(axis)];
      if (wanted !== null && known !== undefined && wanted !== known)
        throw new FoveaError(
          "shape-mismatch",
          `${this.label}: expected ${wanted} elements along "${axis}", received ${known}`,
        );
      const extent = known ?? wanted;
      if (extent === null)
        throw new FoveaError("missing-option", `${this.label}: outputShape does not say the extent of "${axis}"`);
      extents.set(axis, extent);
    });
    const shapeOf = (axes: readonly string[]): number[] => axes.map((axis) => extents.get(axis)!);
    return {
      kernel: shapeOf(kernel),
      inputAxes: kernel.flatMap((axis, i) => (result.includes(axis) ? [] : [i])),
      bias: this.#biasShape(result, shapeOf),
      output: shapeOf(result.slice(1)),
    };
  }

  /** From the first axis with a bias on, 1 along those without. */
  #biasShape(result: readonly string[], shapeOf: (axes: readonly string[]) => number[]): Shape | undefined {
    if (this.biasAxes === null) return undefined;
    const biased = [...this.biasAxes];
    const missing = biased.find((axis) => !result.slice(1).includes(axis));
    if (missing !== undefined)
      throw new FoveaError(
        "out-of-range",
        `${this.label} biasAxes: "${missing}" is no axis of the result of "${this.equation}"`,
      );
    const from = result.slice(Math.min(...biased.map((axis) => result.indexOf(axis))));
    return from.map((axis) => (biased.includes(axis) ? shapeOf([axis])[0]! : 1));
  }

  computeOutputShape(inputShape: Shape): Shape {
    return this.#shapes(inputShape).output;
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const { kernel, inputAxes, bias } = this.#shapes(inputShape);
    const policy = { ...this.#kernel, initializer: withFans(this.#kernel.initializer, inputAxes) };
    this.addWeight({ name: "kernel", shape: kernel, ...policy, trainable: true }, streams);
    if (bias !== undefined) this.addWeight({ name: "bias", shape: bias, ...this.#bias, trainable: true }, streams);
  }

  call(x: Value, context: CallContext): Value {
    const product = einsum(this.equation, x, this.read("kernel"));
    const output = activate(this.activation, this.biasAxes === null ? product : add(product, this.read("bias")));
    if (this.activityRegularizer !== null) context.addLoss(activityPenalty(this.activityRegularizer, output));
    return output;
  }

  protected config(): JsonObject {
    return {
      output_shape: this.partialOutputShape,
      equation: this.equation,
      activation: this.activation,
      bias_axes: this.biasAxes,
      ...policyToKeras("kernel", this.#kernel),
      ...policyToKeras("bias", this.#bias),
      activity_regularizer: regularizerToKeras(this.activityRegularizer),
      quantization_config: null,
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): EinsumDense {
    const reader = new ConfigReader("EinsumDense", config);
    reader.refuse("lora_rank");
    const shape = config.output_shape;
    return new EinsumDense(
      reader.string("equation"),
      Array.isArray(shape) ? (shape as (number | null)[]) : reader.number("output_shape"),
      {
        ...options,
        activation: reader.string("activation", "linear"),
        biasAxes: config.bias_axes === null ? null : reader.string("bias_axes", "") || null,
        activityRegularizer: regularizerFromKeras("EinsumDense", config.activity_regularizer),
        ...policyFromKeras("EinsumDense", "kernel", config, glorotUniform()),
        ...policyFromKeras("EinsumDense", "bias", config, zeros()),
      },
    );
  }
}

/**
 * A dense layer along the axes of an equation, whose first letter (or the first axis of `...`) is the batch.
 * @param equation input, kernel and result: `"abc,cd->abd"`, `"...x,xy->...y"`
 * @param outputShape the result's extents after the batch; null where it is the input's
 * @throws FoveaError when the equation is of another form, or the shapes do not fit it
 * @example einsumDense("abc,cd->abd", [null, 64], { biasAxes: "d" })
 */
export const einsumDense = (
  equation: string,
  outputShape: number | readonly (number | null)[],
  options: EinsumDenseOptions = {},
): EinsumDense => new EinsumDense(equation, outputShape, options);
