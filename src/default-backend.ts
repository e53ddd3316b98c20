// Part of the composition root: the backend that models compute with unless told otherwise. One for the whole program.
import type { Backend } from "./backends/contract.js";
import { createWasmBackend } from "./backends/wasm/session.js";

/** What models compute with unless told otherwise. */
export const defaultBackend: Backend = createWasmBackend();
