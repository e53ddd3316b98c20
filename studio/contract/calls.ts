// All that the page may ask of the workbench: one record a call, its input as a schema that the receiver checks, its answer
// as a type. A total table: the rooms of `workbench/rooms/` answer them, `app/host/` brings them there.
import type * as z from "zod";
import { ADDITION_CALLS } from "./addition-calls.js";
import { DATA_CALLS } from "./data-calls.js";
import { EXAMPLE_CALLS } from "./example-calls.js";
import { MODEL_CALLS } from "./model-calls.js";
import { NETWORK_CALLS } from "./network-calls.js";
import { OPENING_CALLS } from "./opening-calls.js";
import { SHIPPING_CALLS } from "./shipping-calls.js";
import { STUDY_CALLS } from "./study-calls.js";
import { TRAINING_CALLS } from "./training-calls.js";
import { UNDERSTAND_CALLS } from "./understand-calls.js";

/** The calls that each room of the workbench answers. */
export const CALLS_OF_ROOMS = {
  opening: OPENING_CALLS,
  data: DATA_CALLS,
  examples: EXAMPLE_CALLS,
  training: TRAINING_CALLS,
  models: MODEL_CALLS,
  understanding: UNDERSTAND_CALLS,
  networks: NETWORK_CALLS,
  additions: ADDITION_CALLS,
  shipping: SHIPPING_CALLS,
  studies: STUDY_CALLS,
} as const;

export type RoomName = keyof typeof CALLS_OF_ROOMS;

export const CALLS = {
  ...OPENING_CALLS,
  ...DATA_CALLS,
  ...EXAMPLE_CALLS,
  ...STUDY_CALLS,
  ...TRAINING_CALLS,
  ...MODEL_CALLS,
  ...UNDERSTAND_CALLS,
  ...NETWORK_CALLS,
  ...ADDITION_CALLS,
  ...SHIPPING_CALLS,
} as const;

export type CallName = keyof typeof CALLS;
export type Input<N extends CallName> = z.output<(typeof CALLS)[N]["input"]>;
export type Output<N extends CallName> = Exclude<(typeof CALLS)[N]["output"], undefined>;

/** The answers to all calls. */
export type Handlers = { readonly [N in CallName]: (input: Input<N>) => Promise<Output<N>> };
