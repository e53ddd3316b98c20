// The worker in which the lecture's pages compute, so that the page itself is never busy.
import type { Job } from "./job.ts";
import { type FromEngine, JOBS, type ToEngine } from "./jobs.ts";

const tell = (message: FromEngine): void => postMessage(message);
const running = new Map<number, AbortController>();

addEventListener("message", async ({ data }: MessageEvent<ToEngine>) => {
  const { id } = data;
  if (data.kind === "stop") return running.get(id)?.abort();
  const stop = new AbortController();
  running.set(id, stop);
  try {
    const job = (await JOBS[data.name]()) as Job<unknown, unknown, unknown>;
    const output = await job(data.input, (progress) => tell({ kind: "progress", id, progress }), stop.signal);
    tell({ kind: "done", id, output });
  } catch (error) {
    tell({ kind: "failed", id, sentence: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
});
