// The worker that computes for a page whose threads cannot share memory: the WebAssembly backend on this one thread.
import { workerMain } from "../../platform/workers.js";
import { createWasmBackend } from "../wasm/session.js";
import type { ToHost } from "./messages.js";
import { serveBackend } from "./serve-backend.js";

workerMain<ToHost>((scope) => serveBackend(createWasmBackend({ inline: true }), scope));
