// The graph of a functional model in Keras's form: `inbound_nodes` with the tensors that each call takes, by the name
// of a layer, the number of one of its calls, and the number of an output of that call. Both directions.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { Layer, LayerCall, SymbolicTensor } from "../layers/layer.js";
import type { Network } from "./network.js";

/** The calls of a layer within the network, first to last. */
const callsOf = ({ calls }: Network, layer: Layer): LayerCall[] =>
  calls.filter((call) => call.layer === layer).sort((a, b) => a.serial - b.serial);

const historyOf = (network: Network, { call, index }: SymbolicTensor): [string, number, number] => [
  call.layer.name,
  callsOf(network, call.layer).indexOf(call),
  index,
];

/** A layer's `inbound_nodes`. */
export function callsToKeras(network: Network, layer: Layer): Json[] {
  const tensor = (symbol: SymbolicTensor): JsonObject => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, ...symbol.shape], dtype: "float32", keras_history: historyOf(network, symbol) },
  });
  return callsOf(network, layer)
    .filter(({ inputs }) => inputs.length > 0)
    .map(({ inputs, training }) => {
      const { args, kwargs } = layer.callArguments(inputs.map(tensor));
      return { args, kwargs: training === undefined ? kwargs : { ...kwargs, training } };
    });
}

/** `input_layers` or `output_layers`. Here Keras counts the calls of a functional model from 1: its own graph is 0. */
export function tensorsToKeras(network: Network, tensors: readonly SymbolicTensor[], single: boolean): Json {
  const all = tensors.map((symbol) => {
    const [name, call, index] = historyOf(network, symbol);
    return [name, call + (symbol.call.layer.className === "Functional" ? 1 : 0), index];
  });
  return single ? all[0]! : all;
}

/** A reference to a tensor in a file. */
export interface TensorReference {
  readonly layer: string;
  /** The number of the call among those of the layer in the file, from 0. */
  readonly call: number;
  readonly index: number;
}

/** One call in a file. */
export interface CallReference {
  readonly inputs: readonly TensorReference[];
  readonly training: boolean | undefined;
}

/** Checks whether the calls of a layer of that name are counted from 1. */
type CountsFromOne = (name: string) => boolean;

function reference(value: Json | undefined, fromOne: CountsFromOne): TensorReference {
  const [layer, call, index] = Array.isArray(value) ? value : [];
  if (typeof layer === "string" && Number.isInteger(call) && Number.isInteger(index))
    return { layer, call: (call as number) - (fromOne(layer) ? 1 : 0), index: index as number };
  throw new FoveaError(
    "wrong-field",
    `model: expected [layer, call, output] in the file, received ${JSON.stringify(value)?.slice(0, 80)}`,
  );
}

/** Every tensor inside the arguments of a call. */
function tensorsIn(value: Json | undefined, fromOne: CountsFromOne): TensorReference[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => tensorsIn(item, fromOne));
  if (!isJsonObject(value)) return [];
  if (value.class_name === "__keras_tensor__" && isJsonObject(value.config))
    return [reference(value.config.keras_history, fromOne)];
  return Object.values(value).flatMap((item) => tensorsIn(item, fromOne));
}

/**
 * A layer's calls, from Keras 3's `inbound_nodes` or Keras 2's.
 * @param names what the layer calls the tensors that it takes, in order; then they may stand in any order by name
 */
export function callsFromKeras(
  nodes: Json | undefined,
  fromOne: CountsFromOne,
  names?: readonly string[],
): CallReference[] {
  if (!Array.isArray(nodes)) return [];
  return (nodes as readonly Json[]).map((node): CallReference => {
    const isKeras3 = isJsonObject(node);
    // Keras 2: [[layer, call, output, kwargs], ...], or without the outer list where there is one tensor.
    const listed = Array.isArray(node) ? (node as readonly Json[]) : [];
    const tensors = typeof listed[0] === "string" ? [listed] : listed;
    const found = isKeras3 ? node.kwargs : Array.isArray(tensors[0]) ? (tensors[0] as readonly Json[])[3] : undefined;
    const kwargs = isJsonObject(found) ? found : {};
    const training = typeof kwargs.training === "boolean" ? kwargs.training : undefined;
    const named = names === undefined ? Object.values(kwargs) : names.map((name) => kwargs[name]);
    const inputs = isKeras3
      ? [...tensorsIn(node.args, fromOne), ...named.flatMap((argument) => tensorsIn(argument, fromOne))]
      : [...tensors, ...(names === undefined ? [] : named.filter(isReference))].map((history) =>
          reference(history, fromOne),
        );
    return { inputs, training };
  });
}

/** Keras 2's [layer, call, output] as an argument by name. */
const isReference = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.length >= 3 && typeof value[0] === "string" && typeof value[1] === "number";

/** `input_layers` or `output_layers`, and whether there was one tensor instead of a list. */
export function tensorsFromKeras(
  value: Json | undefined,
  fromOne: CountsFromOne,
): { single: boolean; tensors: TensorReference[] } {
  if (!Array.isArray(value))
    throw new FoveaError("wrong-field", "model: expected lists of input_layers and output_layers in the file");
  const single = typeof value[0] === "string";
  const tensors = (single ? [value] : (value as readonly Json[])).map((history) => reference(history, fromOne));
  return { single, tensors };
}
