// The table of `model.summary()` as Keras fills it: a row a layer, nested models on request, the connections unless the
// model is a plain chain, and the totals. summary-table.ts draws it.
import { checkOptions, wholeNumber } from "../../core/options.js";
import type { Shape } from "../../core/shape.js";
import { singleLine } from "../../core/text.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";
import type { Network } from "./network.js";
import { type Column, drawTable } from "./summary-table.js";

/** Facts of a model that a summary tells. */
export interface Summarized {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Undefined for a model that is a stack of layers. */
  readonly network: Network | undefined;
  readonly weights: readonly Weight[];
  readonly trainableWeights: readonly Weight[];
  /** Numbers that the optimizer keeps; undefined before the first training step. */
  readonly optimizerParams?: number | undefined;
}

/** Options of `summary`. */
export interface SummaryOptions {
  /** Width in characters. Default 76, which Keras uses in a terminal of 80 columns. */
  readonly lineLength?: number;
  /** True where the layers of nested models get rows too. Default false. */
  readonly expandNested?: boolean;
  /** True where a column says which layers are trainable. Default false. */
  readonly showTrainable?: boolean;
}

/** `1.01 MB`, `345.21 KB`, `0.00 B`. */
export function readableSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes.toFixed(2)} ${units[unit]}`;
}

/** `264,055`. */
export const withCommas = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** `(None, 80, 60, 16)`. */
export const showBatchShape = (shape: Shape): string => `(${["None", ...shape].join(", ")})`;

/** Output shape of a layer, of its last call when it has several; `?` before it is built. */
export function showOutput(layer: Layer): string {
  if (!layer.built) return "?";
  const shapes = layer.calls.at(-1)?.outputs.map(({ shape }) => shape) ?? layer.outputShapes;
  return shapes.length === 1 ? showBatchShape(shapes[0]!) : `[${shapes.map(showBatchShape).join(", ")}]`;
}

/** `conv2d[0][0], add[0][0]`: the layers that a layer takes its inputs from, their calls and outputs. */
function connections({ calls }: Network, layer: Layer): string {
  const inputs = calls.filter((call) => call.layer === layer).flatMap((call) => call.inputs);
  const numberOf = ({ call }: (typeof inputs)[number]): number => {
    const among = call.layer.calls.indexOf(call);
    return among >= 0 ? among : calls.filter((other) => other.layer === call.layer).indexOf(call);
  };
  return (
    inputs.map((symbol) => `${singleLine(symbol.call.layer.name)}[${numberOf(symbol)}][${symbol.index}]`).join(", ") ||
    "-"
  );
}

const COLUMNS: readonly Column[] = [
  { title: "Layer (type)", end: 0.45, align: "left" },
  { title: "Output Shape", end: 0.8, align: "left" },
  { title: "Param #", end: 1, align: "right" },
];
const CONNECTED: readonly Column[] = [
  { title: "Layer (type)", end: 0.3, align: "left" },
  { title: "Output Shape", end: 0.56, align: "left" },
  { title: "Param #", end: 0.74, align: "right" },
  { title: "Connected to", end: 1, align: "left" },
];

/** The rows of a layer and, when nested models are to be shown, of those inside it. */
function rowsOf(layer: Layer, network: Network | undefined, options: SummaryOptions, level = 0): string[][] {
  const prefix = level === 0 ? "" : `${"   ".repeat(level)}└ `;
  const params = layer.built ? withCommas(layer.countParams()) : "0 (unbuilt)";
  const row = [`${prefix}${singleLine(layer.name)} (${layer.className})`, showOutput(layer), params];
  // Layers of nested models have no calls in the outer graph, and Keras looks there only.
  if (network !== undefined) row.push(connections(network, layer));
  if (options.showTrainable) row.push(layer.weights.length === 0 ? "-" : layer.trainable ? "Y" : "N");
  const inner = options.expandNested ? layer.layers : [];
  return [row, ...inner.flatMap((child) => rowsOf(child, network, options, level + 1))];
}

const sizeOfWeights = (weights: readonly Weight[]): number => weights.reduce((total, { size }) => total + size, 0);

/**
 * Keras's summary of a model: the box and the totals, no line break at the end.
 * @throws FoveaError when `lineLength` leaves no room.
 */
export function summarize(model: Summarized, options: SummaryOptions = {}): string {
  checkOptions("summary", options, ["lineLength", "expandNested", "showTrainable"]);
  const lineLength = wholeNumber("summary lineLength", options.lineLength ?? 76);
  const network = model.network?.isChain ? undefined : model.network;
  const shown = network === undefined ? COLUMNS : CONNECTED;
  const columns: readonly Column[] = options.showTrainable
    ? [
        ...shown.map((column) => ({ ...column, end: column.end * 0.9 })),
        { title: "Trainable", end: 1, align: "center" },
      ]
    : shown;
  const weights = [...new Set(model.weights)];
  const trainable = sizeOfWeights([...new Set(model.trainableWeights)]);
  const frozen = sizeOfWeights(weights) - trainable;
  const optimizer = model.optimizerParams;
  const total = (what: string, count: number): string =>
    ` ${what}: ${withCommas(count)} (${readableSize(count * Float32Array.BYTES_PER_ELEMENT)})`;
  return [
    `Model: "${singleLine(model.name)}"`,
    ...drawTable(
      columns,
      model.layers.flatMap((layer) => rowsOf(layer, network, options)),
      lineLength,
    ),
    total("Total params", trainable + frozen + (optimizer ?? 0)),
    total("Trainable params", trainable),
    total("Non-trainable params", frozen),
    ...(optimizer === undefined ? [] : [total("Optimizer params", optimizer)]),
  ].join("\n");
}
