// Part of the composition root: the backend that models compute with unless told otherwise, one for the whole program, and
// how `model.save` writes files.
import type { Backend } from "./backends/contract.js";
import { BACKEND_WORKER } from "./backends/remote/backend-worker-module.js";
import { remoteBackend } from "./backends/remote/remote-backend.js";
import { createWasmBackend } from "./backends/wasm/session.js";
import type { ModelOptions } from "./nn/model/model.js";
import { isPage, sharedMemory } from "./platform/index.js";

/**
 * The backend for where the program runs: threads over shared memory; in a page without cross-origin isolation, which has no
 * such memory, one worker, so that the page never stands still. The bits are the same.
 */
function backendForHere(): Backend {
  const backend = createWasmBackend();
  return isPage && !sharedMemory() ? remoteBackend(backend, BACKEND_WORKER) : backend;
}

/** What models compute with unless told otherwise. */
export const defaultBackend: Backend = backendForHere();

/** The options of a model that computes and saves as all do. File formats are loaded when the first model is saved. */
export const defaultPlace = {
  backend: defaultBackend,
  save: async (model, path) => (await import("./model-files.js")).saveModel(model, path),
} as const satisfies ModelOptions;
