// Keras parity on the WebAssembly backend.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { operationSuite } from "./keras-operation-suite.js";

operationSuite(createWasmBackend());
