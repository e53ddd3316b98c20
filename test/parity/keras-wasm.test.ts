// Keras parity on the WebAssembly backend.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { imageSuite } from "./keras-image-suite.js";
import { nnSuite } from "./keras-suite.js";

const backend = createWasmBackend();
nnSuite(backend);
imageSuite(backend);
