// Attention with several heads: each weighs the values by how alike queries and keys are.
import { FoveaError } from "../../../core/errors.js";
import { add, einsum, greater, iota, mul, reshape, select, softmax } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.js";
import { flag, numberWithin, wholeNumber } from "../../../core/options.js";
import { type Shape, sameShape, showShape, sizeOf } from "../../../core/shape.js";
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
import { withFans } from "../core/fans.js";
import type { CallArguments, CallContext, LayerOptions, WeightGroup } from "../layer.js";
import { MultiLayer } from "../multi-layer.js";
import { Dropout } from "../regularization/dropout.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions extends LayerOptions, PolicyOptions<"kernel">, PolicyOptions<"bias"> {
  /** Number of heads, at least 1. */
  readonly numHeads: number;
  /** The size of each head's queries and keys. */
  readonly keyDim: number;
  /** The size of each head's values. Default: `keyDim`. */
  readonly valueDim?: number;
  /** The share of weights that is dropped while training. Default 0. */
  readonly dropout?: number;
  /** True where projections add a bias. Default true. */
  readonly useBias?: boolean;
  /** The shape of a result without batch and attention axes. Default: the query's last extent. */
  readonly outputShape?: number | readonly number[] | null;
  /** The axes along which there is attention; the batch counts. Default: all between the first and the last. */
  readonly attentionAxes?: number | readonly number[] | null;
  /** No step sees later ones. Default false. In Keras an argument of the call. */
  readonly useCausalMask?: boolean;
  /** Chooses the stream of dropout. Default: the number of the call in a step. */
  readonly seed?: number | null;
  /** A penalty on the output of each projection, divided by the batch size. Default: none. */
  readonly activityRegularizer?: RegularizerLike;
}

/** The score of what a step must not see. */
const UNSEEN = -1e9;
/** Letters of axes, without b (batch), h (heads), d and e (inner). */
const LETTERS = [..."acfgijklmnopqrstuvwxyz"];
const ROLES = ["query", "key", "value"] as const;

/** The layer that `multiHeadAttention` makes. */
export class MultiHeadAttention extends MultiLayer {
  readonly className = "MultiHeadAttention";
  override readonly inputNames = ["query", "value", "key"];
  protected override readonly recordsBuild = true;
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly useBias: boolean;
  readonly useCausalMask: boolean;
  /** Extents of a result in place of those of the query's features; null keeps them. Option `outputShape`. */
  readonly projectedShape: readonly number[] | null;
  readonly activityRegularizer: Regularizer | null;
  readonly #axes: readonly number[] | null;
  readonly #dropout: Dropout;
  readonly #kernel: WeightPolicy;
  readonly #bias: WeightPolicy;

  constructor(options: MultiHeadAttentionOptions) {
    super("multiHeadAttention", options, [
      ...["numHeads", "keyDim", "valueDim", "dropout", "useBias", "outputShape", "attentionAxes", "useCausalMask"],
      ...["seed", "activityRegularizer", ...policyNames("kernel", "bias")],
    ]);
    this.numHeads = wholeNumber(`${this.label} numHeads`, options.numHeads);
    this.keyDim = wholeNumber(`${this.label} keyDim`, options.keyDim);
    this.valueDim = wholeNumber(`${this.label} valueDim`, options.valueDim ?? this.keyDim);
    this.useBias = flag(`${this.label} useBias`, options.useBias, true);
    this.useCausalMask = flag(`${this.label} useCausalMask`, options.useCausalMask, false);
    const rate = numberWithin(`${this.label} dropout`, options.dropout ?? 0, 0, 1);
    this.#dropout = new Dropout(rate, { seed: options.seed ?? null });
    const listed = (axes: number | readonly number[] | null | undefined): readonly number[] | null =>
      typeof axes === "number" ? [axes] : (axes ?? null);
    this.projectedShape = listed(options.outputShape);
    for (const extent of this.projectedShape ?? []) wholeNumber(`${this.label} outputShape`, extent);
    this.#axes = listed(options.attentionAxes);
    this.#kernel = policyOf(this.label, "kernel", options, glorotUniform());
    this.#bias = policyOf(this.label, "bias", options, zeros());
    this.activityRegularizer = regularizerOf(`${this.label} activityRegularizer`, options.activityRegularizer);
  }

  /** The axes of attention for samples of `rank` axes, the batch counting. */
  #attentionAxes(rank: number): readonly number[] {
    if (this.#axes === null) return Array.from({ length: rank - 1 }, (_, i) => i + 1);
    return this.#axes.map((axis) => {
      const at = axis < 0 ? axis + rank + 1 : axis;
      if (!Number.isInteger(at) || at < 1 || at >= rank)
        throw new FoveaError(
          "out-of-range",
          `${this.label}: attention axis ${axis} is out of range: expected one of ${rank} axes, without batch and last`,
        );
      return at;
    });
  }

  #checked(inputShapes: readonly Shape[]): { query: Shape; value: Shape; key: Shape } {
    const [query, value, key = value] = inputShapes;
    if (query === undefined || value === undefined || key === undefined || inputShapes.length > 3)
      throw new FoveaError(
        "length-mismatch",
        `${this.label}: expected query and value, and a key if it is another, as in apply([x, x]); received ` +
          `${inputShapes.length} inputs`,
      );
    const along = this.#attentionAxes(query.length);
    const fits = (shape: Shape): boolean =>
      shape.length === query.length &&
      query.every((extent, i) => i === query.length - 1 || along.includes(i + 1) || extent === shape[i]);
    if (query.length < 2 || !fits(value) || !fits(key) || !sameShape(value.slice(0, -1), key.slice(0, -1)))
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: samples ${[query, value, key].map(showShape).join(", ")} of query, value and key do not fit`,
      );
    return { query, value, key };
  }

  computeOutputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    const { query } = this.#checked(inputShapes);
    return [[...query.slice(0, -1), ...(this.projectedShape ?? query.slice(-1))]];
  }

  protected onBuildAll(inputShapes: readonly Shape[], streams: Streams): void {
    const shapes = this.#checked(inputShapes);
    const add = (role: string, kernel: Shape, inputs: number): void => {
      const initializer = withFans(this.#kernel.initializer, inputs === 1 ? [0] : [0, 1]);
      this.addWeight({ name: `${role}/kernel`, shape: kernel, ...this.#kernel, initializer, trainable: true }, streams);
      const bias = { name: `${role}/bias`, shape: kernel.slice(inputs), ...this.#bias, trainable: true };
      if (this.useBias) this.addWeight(bias, streams);
    };
    for (const role of ROLES)
      add(role, [shapes[role].at(-1)!, this.numHeads, role === "value" ? this.valueDim : this.keyDim], 1);
    const output = this.projectedShape ?? shapes.query.slice(-1);
    add("attention_output", [this.numHeads, this.valueDim, ...output], 2);
  }

  /** Keras's groups of weights: four dense layers inside. */
  override get weightGroups(): readonly WeightGroup[] {
    const each = this.useBias ? 2 : 1;
    const names = [...ROLES, "attention_output"];
    return names.map((name, i) => ({
      group: name === "attention_output" ? "output_dense" : `${name}_dense`,
      name,
      weights: this.weights.slice(i * each, (i + 1) * each),
    }));
  }

  callAll(inputs: readonly Value[], context: CallContext): readonly Value[] {
    const [query, value, key = value] = inputs as [Value, Value, Value?];
    const rank = query.type.shape.length - 1;
    const along = this.#attentionAxes(rank);
    // Of queries x, of keys and values y along the axes of attention; the others are the same letter in both.
    const names = (other: boolean): string[] =>
      Array.from({ length: rank - 1 }, (_, i) => LETTERS[along.includes(i + 1) && other ? i + rank : i]!);
    const [x, y] = [names(false).join(""), names(true).join("")];
    const pick = (all: string): string => along.map((axis) => all[axis - 1]).join("");
    const shared = [...x].filter((letter) => y.includes(letter)).join("");
    const project = (role: string, input: Value, axes: string): Value =>
      this.#finish(role, einsum(`b${axes}d,dhe->b${axes}he`, input, this.read(`${role}/kernel`)), context);
    const q = mul(project("query", query, x), 1 / Math.sqrt(this.keyDim));
    const [k, v] = [project("key", key!, y), project("value", value, y)];
    const scores = einsum(`b${x}he,b${y}he->b${shared}h${pick(x)}${pick(y)}`, q, k);
    const weights = this.#dropout.call(this.#weights(scores, along.length), context);
    const heads = einsum(`b${shared}h${pick(x)}${pick(y)},b${y}he->b${x}he`, weights, v);
    const kernel = this.read("attention_output/kernel");
    const out = LETTERS.slice(2 * rank, 2 * rank + kernel.type.shape.length - 2).join("");
    return [this.#finish("attention_output", einsum(`b${x}he,he${out}->b${x}${out}`, heads, kernel), context)];
  }

  /** The bias and the penalty that each projection has. */
  #finish(role: string, product: Value, context: CallContext): Value {
    const output = this.useBias ? add(product, this.read(`${role}/bias`)) : product;
    if (this.activityRegularizer !== null) context.addLoss(activityPenalty(this.activityRegularizer, output));
    return output;
  }

  /** Scores over what is attended to, as shares of 1. */
  #weights(scores: Value, axes: number): Value {
    const { shape } = scores.type;
    const lead = shape.slice(0, -2 * axes);
    const [rows, columns] = [sizeOf(shape.slice(-2 * axes, -axes)), sizeOf(shape.slice(-axes))];
    const flat = reshape(scores, [...lead, rows, columns]);
    if (!this.useCausalMask) return reshape(softmax(flat), shape);
    const later = greater(iota([rows, columns], 1), iota([rows, columns], 0));
    return reshape(softmax(select(later, UNSEEN, flat)), shape);
  }

  override callArguments(tensors: readonly Json[]): CallArguments {
    return { args: tensors, kwargs: this.useCausalMask ? { use_causal_mask: true } : {} };
  }

  protected override buildConfig(): JsonObject {
    const [query, value, key] = this.inputShapes.map((shape) => [null, ...shape]);
    const shapes = { query_shape: query!, value_shape: value!, ...(key === undefined ? {} : { key_shape: key }) };
    return { shapes_dict: shapes };
  }

  protected config(): JsonObject {
    return {
      num_heads: this.numHeads,
      key_dim: this.keyDim,
      value_dim: this.valueDim,
      dropout: this.#dropout.rate,
      use_bias: this.useBias,
      use_gate: false,
      output_shape: this.projectedShape,
      // Keras states them once they are known.
      attention_axes: this.built ? this.#attentionAxes(this.inputShapes[0]!.length) : this.#axes,
      sliding_window: null,
      ...policyToKeras("kernel", this.#kernel),
      ...policyToKeras("bias", this.#bias),
      activity_regularizer: regularizerToKeras(this.activityRegularizer),
      seed: this.#dropout.seed,
    };
  }

  /**
   * Makes the layer from Keras's config.
   * @param config Keras's config of the layer.
   * @param options Name of the layer, and whether it trains.
   * @param calls Keras's `inbound_nodes`, whose arguments say whether there is a causal mask
   */
  static fromConfig(config: JsonObject, options: LayerOptions, calls?: Json): MultiHeadAttention {
    const reader = new ConfigReader("MultiHeadAttention", config);
    reader.refuseUnless("use_gate", (value) => value === false);
    reader.refuse("sliding_window");
    const listed = (key: string): number | readonly number[] | null =>
      config[key] === null || config[key] === undefined ? null : reader.oneOrMore(key);
    return new MultiHeadAttention({
      ...options,
      numHeads: reader.number("num_heads"),
      keyDim: reader.number("key_dim"),
      valueDim: reader.number("value_dim", reader.number("key_dim")),
      dropout: reader.number("dropout", 0),
      useBias: reader.boolean("use_bias", true),
      outputShape: listed("output_shape"),
      attentionAxes: listed("attention_axes"),
      useCausalMask: causalIn(calls),
      seed: typeof config.seed === "number" ? config.seed : null,
      activityRegularizer: regularizerFromKeras("MultiHeadAttention", config.activity_regularizer),
      ...policyFromKeras("MultiHeadAttention", "kernel", config, glorotUniform()),
      ...policyFromKeras("MultiHeadAttention", "bias", config, zeros()),
    });
  }
}

/** Arguments of a call in Keras's order, by which those without a name are known. */
const CALL_ARGUMENTS = [
  ...["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask", "return_attention_scores"],
  ...["training", "use_causal_mask"],
] as const;
const TENSORS: ReadonlySet<string> = new Set(["query", "value", "key"]);

/** The arguments of a call besides its tensors by name: of Keras 3's form with `args` and `kwargs`, or of Keras 2's lists. */
function argumentsOf(call: Json): [name: string, value: Json][] {
  if (isJsonObject(call)) {
    const args = Array.isArray(call.args) ? (call.args as readonly Json[]) : [];
    const named = isJsonObject(call.kwargs) ? Object.entries(call.kwargs) : [];
    return [...args.map((value, i): [string, Json] => [CALL_ARGUMENTS[i] ?? `argument ${i}`, value]), ...named];
  }
  // A tensor of Keras 2's is [layer, node, index, kwargs].
  const tensors = Array.isArray(call) ? (call as readonly Json[]) : [];
  return tensors.flatMap((tensor) => {
    const last = Array.isArray(tensor) ? (tensor as readonly Json[])[3] : undefined;
    return isJsonObject(last) ? Object.entries(last) : [];
  });
}

/** Reads whether a file's calls use a causal mask. @throws FoveaError for arguments that Fovea does not support. */
function causalIn(calls: Json | undefined): boolean {
  const found = (Array.isArray(calls) ? (calls as readonly Json[]) : []).map((call) => {
    let causal = false;
    for (const [name, value] of argumentsOf(call)) {
      if (TENSORS.has(name) || value === null || value === false || value === 0) continue;
      if (name !== "use_causal_mask" || (value !== true && value !== 1))
        throw new FoveaError("unsupported-layer", `MultiHeadAttention: is called with ${name}, which is not supported`);
      causal = true;
    }
    return causal;
  });
  if (new Set(found).size > 1)
    throw new FoveaError("unsupported-layer", "MultiHeadAttention: is called with and without use_causal_mask");
  return found.includes(true);
}

/**
 * Multi-head attention (Vaswani et al., 2017): softmax(Q K' / sqrt(keyDim)) V in each head, then projected together.
 * Applied to `[query, value]` or `[query, value, key]`, each `[batch, steps, features]`.
 * @example
 * const steps = input([5, 16]);
 * const y = multiHeadAttention({ numHeads: 2, keyDim: 8 }).apply([steps, steps]);
 */
export const multiHeadAttention = (options: MultiHeadAttentionOptions): MultiHeadAttention =>
  new MultiHeadAttention(options);
