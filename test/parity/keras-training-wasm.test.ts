// Keras parity on the WebAssembly backend.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { trainingSuite } from "./keras-training-suite.js";

trainingSuite(createWasmBackend());
