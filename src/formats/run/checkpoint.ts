// The checkpoint of a run: everything that fit({ resume }) needs, as one safetensors file. Pure bytes: writing them
// whole or not at all is writeAtomic's business.
import { z } from "zod";
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { CallbackState } from "../../nn/callbacks/callback.js";
import type { TrainingState } from "../../nn/model/state.js";
import { crc32 } from "../containers/crc.js";
import { bytesOf } from "../containers/packer.js";
import { readSafetensors, writeSafetensors } from "../containers/safetensors.js";
import { checkJson, parseJson } from "../json.js";

const FORMAT = "fovea.checkpoint.1";

const CALLBACK = z.object({ values: z.record(z.string(), z.unknown()), tensors: z.int().min(0).optional() });
const STATE = z.object({
  epoch: z.int().min(0),
  iterations: z.int().min(0),
  learningRate: z.number(),
  seed: z.number(),
  stopped: z.boolean(),
  weights: z.int().min(0),
  slots: z.int().min(0),
  history: CALLBACK,
  callbacks: z.array(CALLBACK.nullable()),
});

/** JSON has no NaN, infinity or -0, and losses do: they are written as `{"$number": "NaN"}`. */
const SPECIAL = "$number";
const toText = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    typeof inner === "number" && (!Number.isFinite(inner) || Object.is(inner, -0))
      ? { [SPECIAL]: Object.is(inner, -0) ? "-0" : String(inner) }
      : inner,
  );

function restoreNumbers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(restoreNumbers);
  if (SPECIAL in value) return Number(value[SPECIAL]);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, restoreNumbers(inner)]));
}

/** The state as bytes; equal states give equal bytes. */
export function writeCheckpoint(state: TrainingState): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const keep = (name: string, list: readonly Tensor[]): number => {
    for (const [index, tensor] of list.entries()) tensors.set(`${name}/${index}`, tensor);
    return list.length;
  };
  const callback = (name: string, saved: CallbackState): unknown => ({
    values: saved.values,
    ...(saved.tensors && { tensors: keep(name, saved.tensors) }),
  });
  const text = toText({
    ...state,
    weights: keep("weights", state.weights),
    slots: keep("slots", state.slots),
    history: callback("history", state.history),
    callbacks: state.callbacks.map((saved, index) => saved && callback(`callbacks/${index}`, saved)),
  });
  return writeSafetensors({ tensors, metadata: { format: FORMAT, state: text, crc32: checksum(text, tensors) } });
}

/** Over everything that a resumed run depends on. */
function checksum(text: string, tensors: ReadonlyMap<string, Tensor>): string {
  const parts = [...tensors].map(([name, { dtype, shape, data }]) => [name, dtype, shape, crc32(bytesOf(data))]);
  return String(crc32(new TextEncoder().encode(text + JSON.stringify(parts))));
}

/**
 * Reads what `writeCheckpoint` wrote.
 * @throws FoveaError when the bytes are no checkpoint or are damaged.
 */
export function readCheckpoint(bytes: Uint8Array, name = "the checkpoint"): TrainingState {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const { format, state: text, crc32: stated } = metadata;
  if (format !== FORMAT || text === undefined)
    throw new FoveaError(`${name}: expected a checkpoint of Fovea, found a safetensors file of another kind`);
  if (checksum(text, tensors) !== stated)
    throw new FoveaError(`${name}: the checkpoint is damaged; train without --resume to begin anew`);
  const state = checkJson(name, STATE, restoreNumbers(parseJson(name, text)));
  const take = (prefix: string, count: number): Tensor[] =>
    Array.from({ length: count }, (_, index) => {
      const found = tensors.get(`${prefix}/${index}`);
      if (found === undefined) throw new FoveaError(`${name}: the checkpoint lacks ${prefix}/${index}`);
      return found;
    });
  const callback = (prefix: string, { values, tensors: count }: z.infer<typeof CALLBACK>): CallbackState => ({
    values: values as CallbackState["values"],
    ...(count === undefined ? {} : { tensors: take(prefix, count) }),
  });
  return {
    ...state,
    weights: take("weights", state.weights),
    slots: take("slots", state.slots),
    history: callback("history", state.history),
    callbacks: state.callbacks.map((saved, index) => saved && callback(`callbacks/${index}`, saved)),
  };
}
