// The backend contract, run on every backend we have, and what each says about its bits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { BACKEND_WORKER } from "../../src/backends/remote/backend-worker-module.js";
import { remoteBackend } from "../../src/backends/remote/remote-backend.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { backendSuite } from "./backend.js";

const inline = createWasmBackend({ inline: true, check: true });
backendSuite(referenceBackend);
backendSuite(inline, "wasm, inline");
backendSuite(createWasmBackend({ inline: false, check: true }), "wasm, threads");
backendSuite(remoteBackend(inline, BACKEND_WORKER), "wasm, in a worker");

for (const backend of [referenceBackend, inline])
  test(`${backend.name}: a mode is kept or refused, never ignored`, async () => {
    const session = await backend.open();
    assert.equal(session.mode, backend.reproducible ? "reproducible" : "fast");
    await session.close();
    const strict = backend.open({ mode: "reproducible" });
    if (backend.reproducible) await (await strict).close();
    else
      await assert.rejects(strict, /^FoveaError: mode "reproducible" is not for the backend "[a-z]+", .*; use "fast"/);
  });
