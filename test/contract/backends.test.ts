// The backend contract, run on every backend we have.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { BACKEND_WORKER } from "../../src/backends/remote/backend-worker-module.js";
import { remoteBackend } from "../../src/backends/remote/remote-backend.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { backendSuite } from "./backend.js";

backendSuite(referenceBackend);
backendSuite(createWasmBackend({ inline: true }), "wasm, inline");
backendSuite(createWasmBackend({ inline: false }), "wasm, threads");
backendSuite(remoteBackend(createWasmBackend({ inline: true }), BACKEND_WORKER), "wasm, in a worker");
