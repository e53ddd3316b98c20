// Fast mode: relaxed SIMD is found where the engine has it, and agrees with the reference.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { relaxedSimd } from "../../src/platform/index.js";
import { backendSuite } from "../contract/backend.js";

test("every Node that we support has relaxed SIMD", async () => {
  assert.equal(await relaxedSimd(), true);
});

const strict = createWasmBackend({ inline: true });
backendSuite({ ...strict, open: (options) => strict.open({ ...options, mode: "fast" }) }, "wasm, fast", 1e-4);
