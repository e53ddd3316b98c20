// The entry of a decoding worker, in Node and in browsers: a job in, its result out, until its owner ends it. For large
// images it asks its owner for memory first.
import { workerMain } from "../platform/workers.js";
import { type BatchJob, type BatchResult, decodeBatch } from "./decode-batch.js";
import type { Reserve } from "./memory-budget.js";

/**
 * Messages of the worker: a job's result, the error instead of one, or the bytes of memory that it waits for; 0 gives
 * them back.
 */
export type DecodeAnswer =
  | { readonly result: BatchResult }
  | { readonly failure: string }
  | { readonly reserve: number };

/** Messages of its owner: a job, or permission to take the memory. */
type Order = BatchJob | "granted";

workerMain<Order>((scope) => {
  let granted = (): void => {};

  /** Waits for one answer, since the worker decodes one image at a time. */
  const reserve: Reserve = async (bytes) => {
    const answer = new Promise<void>((resolve) => {
      granted = resolve;
    });
    scope.post({ reserve: bytes } satisfies DecodeAnswer);
    await answer;
    return () => scope.post({ reserve: 0 } satisfies DecodeAnswer);
  };

  scope.onMessage(async (order) => {
    if (order === "granted") return granted();
    let answer: DecodeAnswer;
    try {
      answer = { result: await decodeBatch(order, reserve) };
    } catch (error) {
      answer = { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    scope.post(answer, "result" in answer ? [answer.result.pixels.buffer] : []);
  });
});
