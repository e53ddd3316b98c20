// Messages between a session and the worker that computes for it: one call, then its answer, then the next call.
import type { ErrorCode } from "../../core/error-codes/index.js";
import type { TensorType } from "../../core/tensor.js";
import type { ExecutableStats, Mode, ProgramOptions, SessionOptions } from "../contract.js";
import type { GraphRecord } from "./graph-record.js";

/** A variable by its number; name and type are what the worker makes it from when it first hears of it. */
export interface VariableRecord {
  readonly number: number;
  readonly name: string;
  readonly type: TensorType;
}

/** A tensor whose data fill their buffer, which moves with the message. */
export interface MovedTensor extends TensorType {
  readonly data: ArrayBufferView<ArrayBuffer>;
}

/** Each call with what is asked and what is answered. */
export interface Calls {
  open: { ask: { options: SessionOptions }; answer: { threads: number; mode: Mode } };
  compile: {
    ask: { graph: GraphRecord; variables: readonly VariableRecord[]; options: ProgramOptions };
    answer: { program: number; stats: ExecutableStats };
  };
  run: { ask: { program: number; inputs: readonly MovedTensor[] }; answer: readonly MovedTensor[] };
  unload: { ask: { program: number }; answer: undefined };
  release: { ask: { variables: readonly number[] }; answer: undefined };
  usedBytes: { ask: object; answer: number };
  read: { ask: { variable: VariableRecord }; answer: MovedTensor };
  write: { ask: { variable: VariableRecord; contents: MovedTensor }; answer: undefined };
}

export type CallName = keyof Calls;

export type ToHost = { [Name in CallName]: { readonly call: Name } & Calls[Name]["ask"] }[CallName];

/** `refusal` is a FoveaError's message and `code` its code, `failure` tells of anything else. */
export type FromHost =
  | { readonly ready: true }
  | { readonly answer: Calls[CallName]["answer"] }
  | { readonly refusal: string; readonly code: ErrorCode }
  | { readonly failure: string };
