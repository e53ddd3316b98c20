// Part of the composition root: the backend that models compute with unless told otherwise, the runtimes that they share,
// and how `model.save` writes files.
import type { Backend } from "./backends/contract.js";
import { BACKEND_WORKER } from "./backends/remote/backend-worker-module.js";
import { remoteBackend } from "./backends/remote/remote-backend.js";
import { createWasmBackend } from "./backends/wasm/session.js";
import type { ModelOptions } from "./nn/model/model.js";
import { Runtime, type RuntimeOptions, Runtimes } from "./nn/model/runtime.js";
import { isPage, sharedMemory } from "./platform/index.js";

/**
 * The backend for where the program runs: threads over shared memory; in a page without cross-origin isolation, which has no
 * such memory, one worker, so that the page never stands still. The bits are the same.
 */
function backendForHere(): Backend {
  const backend = createWasmBackend();
  return isPage && !sharedMemory() ? remoteBackend(backend, BACKEND_WORKER) : backend;
}

/** The default backend of models. */
export const defaultBackend: Backend = backendForHere();

/** The places that models share which are told no other. */
export const defaultRuntimes = new Runtimes(defaultBackend);

/** The options of a model that computes and saves as all do. File formats are loaded when the first model is saved. */
export const defaultPlace = {
  runtimes: defaultRuntimes,
  save: async (model, path) => (await import("./model-files.js")).saveModel(model, path),
} as const satisfies ModelOptions;

/**
 * One pool of threads and one memory for all models that it is passed to. Models without a runtime share one for each number
 * of threads and mode, whose threads end when the last of these models is closed. This runtime stays open until its `close()`.
 * @param options.threads default: all that the machine has. Results do not depend on it in mode `"reproducible"`.
 * @param options.mode default `"reproducible"`, the same bits everywhere; `"fast"` may be quicker.
 * @param options Threads and mode; an empty object takes the defaults.
 * @throws FoveaError for options that make no sense.
 * @example
 * const shared = runtime({ threads: 2 });
 * const model = sequential([input([4]), dense(3)], { runtime: shared });
 * await model.predict(zeros([1, 4], "float32"));
 * await shared.close();
 */
export const runtime = (options: Partial<RuntimeOptions> = {}): Runtime =>
  new Runtime({ backend: defaultBackend, ...options });

/**
 * A place where models compute on one thread of their own, so that the calling thread never stands still: for services, which
 * have one of these for each thread that they compute with. The bits are those of any other place.
 * @example const model = await loadModel("model.keras", { runtime: threadRuntime() });
 */
export const threadRuntime = (): Runtime =>
  new Runtime({ backend: remoteBackend(createWasmBackend({ inline: true }), BACKEND_WORKER) });
