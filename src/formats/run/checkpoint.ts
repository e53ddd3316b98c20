// A training state as one file: a safetensors file whose metadata hold what is not a tensor, and whose last tensor is
// a checksum of all bytes before it. A file that was damaged or not written to its end is recognised and never used.
// Not here: what a state consists of, which is fit's business.
import * as z from "zod";
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import type { CallbackState } from "../../nn/callbacks/callback.js";
import type { TrainingState } from "../../nn/model/state.js";
import { readSafetensors, writeSafetensors } from "../containers/safetensors.js";
import { checkJson } from "../json.js";
import { parseExactly, stringifyExactly } from "./exact-json.js";

const FORMAT = "fovea checkpoint";
const VERSION = "1";
const CHECKSUM = "checksum";
const CHECKSUM_BYTES = 4;

const count = z.int().min(0);

/** Groups of tensors are stored beside and only counted here. Values are JSON by where they come from. */
const CALLBACK = z.object({ values: z.record(z.string(), z.unknown()), tensors: count.optional() });
const STATE = z.object({
  epoch: count,
  iterations: count,
  learningRate: z.number(),
  seed: count,
  stopped: z.boolean(),
  weights: count,
  slots: count,
  history: CALLBACK,
  callbacks: z.array(CALLBACK.nullable()),
});

/**
 * The state as the bytes of a checkpoint; the same state gives the same bytes.
 * @param state The state that `fit` passes to `checkpoint`.
 * @example await model.fit({ x: images, y: labels }, { checkpoint: (state) => void readCheckpoint(writeCheckpoint(state)) });
 */
export function writeCheckpoint(state: TrainingState): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const store = (group: string, members: readonly Tensor[]): number => {
    for (const [index, member] of members.entries()) tensors.set(`${group}.${index}`, member);
    return members.length;
  };
  const storeCallback = (group: string, { values, tensors: arrays }: CallbackState): JsonObject => ({
    values,
    ...(arrays !== undefined && { tensors: store(group, arrays) }),
  });
  const { weights, slots, history, callbacks, ...plain } = state;
  const json: Json = {
    ...plain,
    weights: store("weights", weights),
    slots: store("slots", slots),
    history: storeCallback("history", history),
    callbacks: callbacks.map((saved, index) => saved && storeCallback(`callbacks.${index}`, saved)),
  };
  tensors.set(CHECKSUM, tensor(new Uint8Array(CHECKSUM_BYTES), [CHECKSUM_BYTES], "uint8"));
  const bytes = writeSafetensors({
    metadata: { format: FORMAT, version: VERSION, state: stringifyExactly(json) },
    tensors,
  });
  const end = bytes.length - CHECKSUM_BYTES;
  new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

/**
 * Reads a checkpoint back, to the bit.
 * @param name what the errors call it
 * @param bytes The file's contents.
 * @throws FoveaError when the bytes are no checkpoint, are damaged or cut short, or of a newer version.
 */
export function readCheckpoint(bytes: Uint8Array, name = "the checkpoint"): TrainingState {
  const end = bytes.length - CHECKSUM_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end < 0 || view.getUint32(end, true) !== crc32(bytes.subarray(0, end)))
    throw new FoveaError(
      "damaged-file",
      `${name}: expected a checkpoint, but its checksum is wrong; the file is damaged, cut short or something else`,
    );
  const { metadata, tensors } = readSafetensors(bytes, name);
  if (metadata.format !== FORMAT || metadata.version !== VERSION)
    throw new FoveaError(
      "unknown-format",
      `${name}: expected a ${FORMAT} of version ${VERSION}, ` +
        `received ${metadata.format ?? "something else"} of version ${metadata.version ?? "unknown"}`,
    );
  const { history, callbacks, weights, slots, ...plain } = checkJson(name, STATE, parseState(metadata.state, name));
  const load = (group: string, length: number): Tensor[] => {
    const members: Tensor[] = [];
    for (let index = 0; index < length; index++) {
      const member = tensors.get(`${group}.${index}`);
      if (member === undefined)
        throw new FoveaError("damaged-file", `${name}: expected a tensor ${group}.${index}, found none`);
      members.push(member);
    }
    return members;
  };
  const loadCallback = (group: string, { values, tensors: length }: z.output<typeof CALLBACK>): CallbackState => ({
    values: values as JsonObject,
    ...(length !== undefined && { tensors: load(group, length) }),
  });
  return {
    ...plain,
    weights: load("weights", weights),
    slots: load("slots", slots),
    history: loadCallback("history", history),
    callbacks: callbacks.map((saved, index) => saved && loadCallback(`callbacks.${index}`, saved)),
  };
}

function parseState(text: string | undefined, name: string): Json {
  try {
    return parseExactly(text ?? "");
  } catch {
    throw new FoveaError(
      "damaged-file",
      `${name}: expected a training state as JSON in its metadata, found other text`,
    );
  }
}
