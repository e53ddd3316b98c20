// Part of the composition root: the backend that models compute with unless told otherwise, one for the whole program, and
// how `model.save` writes files.
import type { Backend } from "./backends/contract.js";
import { createWasmBackend } from "./backends/wasm/session.js";
import type { ModelOptions } from "./nn/model/model.js";

/** What models compute with unless told otherwise. */
export const defaultBackend: Backend = createWasmBackend();

/** The options of a model that computes and saves as all do. File formats are loaded when the first model is saved. */
export const defaultPlace = {
  backend: defaultBackend,
  save: async (model, path) => (await import("./model-files.js")).saveModel(model, path),
} as const satisfies ModelOptions;
