// The entry of a decoding worker, in Node and in browsers: a job in, its result out, until it is ended.
import { workerScope } from "../platform/workers.js";
import { type BatchJob, type BatchResult, decodeBatch } from "./decode-batch.js";

/** What the worker answers to each job. */
export type DecodeAnswer = { readonly result: BatchResult } | { readonly failure: string };

const scope = await workerScope<BatchJob>();
scope.onMessage(async (job) => {
  let answer: DecodeAnswer;
  try {
    answer = { result: await decodeBatch(job) };
  } catch (error) {
    answer = { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  scope.post(answer, "result" in answer ? [answer.result.pixels.buffer] : []);
});
