// Keras parity on the WebAssembly backend.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { graphSuite } from "./keras-graph-suite.js";

graphSuite(createWasmBackend());
