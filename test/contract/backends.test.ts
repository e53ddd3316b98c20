// The backend contract, run on every backend we have, and what each says about its bits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { BACKEND_WORKER } from "../../src/backends/remote/backend-worker-module.js";
import { remoteBackend } from "../../src/backends/remote/remote-backend.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { backendContract } from "../../src/testing/index.js";
import { runCases } from "./run-cases.js";

const inline = createWasmBackend({ inline: true, check: true });
runCases("reference", backendContract(referenceBackend));
runCases("wasm, inline", backendContract(inline));
runCases("wasm, threads", backendContract(createWasmBackend({ inline: false, check: true })));
runCases("wasm, in a worker", backendContract(remoteBackend(inline, BACKEND_WORKER)));

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
