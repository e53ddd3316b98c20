// The entry of a thread that reads one HDF5 file: says that it has the library, takes the bytes, answers, is ended.
import type { ErrorCode } from "../../../core/error-codes/index.js";
import { FoveaError } from "../../../core/errors.js";
import { workerMain } from "../../../platform/workers.js";
import { hdf5Library } from "./library.js";
import { type ParsedHdf5, parseHdf5 } from "./parse.js";

export interface Hdf5Job {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly maxBytes: number;
}

/** `refusal` is a FoveaError's message, `code` its code; `failure` tells of damage, in the library's words. */
export type Hdf5Answer =
  | { readonly ready: true }
  | { readonly parsed: ParsedHdf5 }
  | { readonly refusal: string; readonly code: ErrorCode }
  | { readonly failure: string };

workerMain<Hdf5Job>(async (scope) => {
  scope.onMessage(async ({ bytes, name, maxBytes }) => {
    let answer: Hdf5Answer;
    try {
      answer = { parsed: await parseHdf5(bytes, name, maxBytes) };
    } catch (error) {
      answer = error instanceof FoveaError ? { refusal: error.message, code: error.code } : { failure: String(error) };
    }
    scope.post(answer, "parsed" in answer ? answer.parsed.buffers : []);
  });
  await hdf5Library();
  scope.post({ ready: true } satisfies Hdf5Answer);
});
