// Training on the WebAssembly backend.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { fitSuite } from "./fit-suite.js";

fitSuite(createWasmBackend());
