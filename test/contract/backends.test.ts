// The backend contract, run on every backend we have.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { backendSuite } from "./backend.js";

backendSuite(referenceBackend);
backendSuite(createWasmBackend({ inline: true }), "wasm, inline");
backendSuite(createWasmBackend({ inline: false }), "wasm, threads");
