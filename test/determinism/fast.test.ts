// Fast mode: relaxed SIMD is found where the engine has it, and agrees with the reference.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionOptions } from "../../src/backends/contract.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { relaxedSimd } from "../../src/platform/index.js";
import { backendContract } from "../../src/testing/index.js";
import { runCases } from "../contract/run-cases.js";

test("every Node that we support has relaxed SIMD", async () => {
  assert.equal(await relaxedSimd(), true);
});

const strict = createWasmBackend({ inline: true, relaxed: true });
const fast = { ...strict, open: (options?: SessionOptions) => strict.open({ ...options, mode: "fast" }) };
runCases("wasm, fast", backendContract(fast, { tolerance: 1e-4 }));
