// A network as papers print it: a row for each layer that computes, with channels, size, kernel, stride, padding and
// activation, labelled C for convolutions, S for subsampling, F for full connections. Layers that only rearrange or
// regularize have no row; an activation layer counts with the row before it; of a nested model its layers are shown.

import type { JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import type { Layer } from "../layers/layer.js";

/** A layer as papers list it; cells that do not apply are empty. */
export interface ArchitectureRow {
  /** Kind and number: C1, S2, F3. */
  readonly layer: string;
  /** The layer's type in words: convolution. */
  readonly type: string;
  /** Number of channels that it puts out. */
  readonly channels: string;
  /** Height x width, or the number of units. */
  readonly size: string;
  /** Height x width of the kernel or window, in pixels. */
  readonly kernel: string;
  /** Step of the window, in pixels. */
  readonly stride: string;
  /** `same` or `valid`. */
  readonly padding: string;
  /** The activation after it. */
  readonly activation: string;
}

interface Kind {
  readonly letter: string;
  readonly type: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  Conv2D: { letter: "C", type: "Convolution" },
  DepthwiseConv2D: { letter: "C", type: "Depthwise convolution" },
  SeparableConv2D: { letter: "C", type: "Separable convolution" },
  Conv2DTranspose: { letter: "C", type: "Transposed convolution" },
  AveragePooling2D: { letter: "S", type: "Avg pooling" },
  MaxPooling2D: { letter: "S", type: "Max pooling" },
  GlobalAveragePooling2D: { letter: "S", type: "Global avg pooling" },
  GlobalMaxPooling2D: { letter: "S", type: "Global max pooling" },
  Add: { letter: "A", type: "Sum" },
  Concatenate: { letter: "A", type: "Concatenation" },
  Dense: { letter: "F", type: "Fully connected" },
  RadialBasis: { letter: "F", type: "Fully connected" },
};

/** Names of activations in the literature. */
const ACTIVATIONS: Readonly<Record<string, string>> = { relu: "ReLU", softmax: "Softmax", linear: "", elu: "ELU" };
const ACTIVATION_LAYERS: Readonly<Record<string, string>> = {
  ReLU: "ReLU",
  LeakyReLU: "Leaky ReLU",
  PReLU: "PReLU",
  ELU: "ELU",
  Softmax: "Softmax",
};

function activationOf(layer: Layer, config: JsonObject): string {
  if (layer.className === "RadialBasis") return "RBF";
  const name = config.activation;
  return typeof name === "string"
    ? (ownValue(ACTIVATIONS, name) ?? name)
    : (ownValue(ACTIVATION_LAYERS, layer.className) ?? "");
}

/** `3×3`; one number where both are equal and `square` says so. */
function pair(value: unknown, square = false): string {
  if (!Array.isArray(value)) return "";
  return square && value[0] === value[1] ? String(value[0]) : value.join("×");
}

const whole = (count: number): string => count.toLocaleString("en-US");

const unfolded = (layers: readonly Layer[]): Layer[] =>
  layers.flatMap((layer) => (layer.layers.length === 0 ? [layer] : unfolded(layer.layers)));

/** The rows of a model whose samples have shape `inputShape`, its layers in the order in which they run. */
export function architectureRows(inputShape: readonly number[], outer: readonly Layer[]): ArchitectureRow[] {
  const layers = unfolded(outer);
  const rows: ArchitectureRow[] = [row("In", "Input", inputShape, {}, "")];
  const last = layers.findLastIndex(({ className }) => ownValue(KINDS, className)?.letter === "F");
  layers.forEach((layer, i) => {
    const { config } = layer.toKerasObject();
    const kind = ownValue(KINDS, layer.className);
    const activation = activationOf(layer, config);
    if (kind !== undefined) {
      const label = i === last ? "Out" : `${kind.letter}${rows.length}`;
      rows.push(row(label, kind.type, layer.outputShape, config, activation));
    } else if (activation !== "" && rows.length > 1) rows.push({ ...rows.pop()!, activation });
  });
  return rows;
}

function row(layer: string, type: string, shape: readonly number[], config: JsonObject, activation: string) {
  const image = shape.length === 3;
  return {
    layer,
    type,
    channels: image ? whole(shape[2]!) : "",
    size: image ? `${shape[0]}×${shape[1]}` : shape.map(whole).join("×"),
    kernel: pair(config.kernel_size ?? config.pool_size),
    stride: pair(config.strides, true),
    padding: typeof config.padding === "string" ? config.padding : "",
    activation,
  };
}
