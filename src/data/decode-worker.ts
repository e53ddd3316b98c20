// The entry of a decoding worker, in Node and in browsers: a job in, its result out, until it is ended. For large images
// it asks its owner for memory first.
import { workerScope } from "../platform/workers.js";
import { type BatchJob, type BatchResult, decodeBatch } from "./decode-batch.js";
import type { Reserve } from "./memory-budget.js";

/** What the worker says to each job: its result, why there is none, or how much memory it wants before it goes on, 0 for none any more. */
export type DecodeAnswer =
  | { readonly result: BatchResult }
  | { readonly failure: string }
  | { readonly reserve: number };

/** What its owner says: a job, or that the memory may be taken. */
type Order = BatchJob | "granted";

const scope = await workerScope<Order>();
let granted = (): void => {};

/** One image is decoded at a time, so one answer is waited for. */
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
