// Keras parity on the WebAssembly backend.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { nnSuite } from "./keras-suite.js";

nnSuite(createWasmBackend());
