// The module of the worker that computes for pages without shared memory, as its owners start it.
import type { WorkerModule } from "../../platform/workers.js";

export const BACKEND_WORKER: WorkerModule = {
  path: "./backend-worker.js",
  from: import.meta.url,
  web: () => new Worker(new URL("./backend-worker.js", import.meta.url), { type: "module" }),
};
