// The machine code of every kind of kernel stays as it is to the byte: emitters can be rewritten at ease, and a change of
// code is one that was meant. Buffers get addresses of their own here, so that memory plans are of no consequence.
import assert from "node:assert/strict";
import { createHash, type Hash } from "node:crypto";
import { test } from "node:test";
import { CPU_TARGET } from "../../src/backends/wasm/cpu-target.js";
import { generate } from "../../src/backends/wasm/generate.js";
import type { Buffer, Kernel, KernelName } from "../../src/compile/kernels.js";
import { compile } from "../../src/compile/program.js";
import { relaxedSimd } from "../../src/platform/index.js";
import { golden } from "../report/golden.js";
import { kernelGraphs, MODES } from "./graphs.js";

/** Every kind, so that a new one does not compile without being named here. */
const KINDS: { readonly [K in KernelName]: true } = {
  elementwise: true,
  reduce: true,
  matmul: true,
  conv2d: true,
  winogradFilter: true,
  winogradConv2d: true,
  filterGrad: true,
  winogradFilterGrad: true,
  winogradFilterSums: true,
  sparseFilterGrad: true,
  sparseInputGrad: true,
  depthwiseConv2d: true,
  depthwiseFilterGrad: true,
  maxPool2d: true,
  maxPool2dGrad: true,
  averagePool2d: true,
  averagePool2dGrad: true,
  pad: true,
  concatenate: true,
  iota: true,
  gather: true,
  scatterAdd: true,
  argMax: true,
  argSort: true,
  cumsum: true,
  oneHot: true,
  softmaxCrossentropy: true,
  randomUniform: true,
};

/** Buffers of a kernel 16 MB apart, in the order in which it names them. */
function addresses(kernel: Kernel): (buffer: Buffer) => number {
  const buffers = [...new Set([...kernel.reads, ...kernel.writes])];
  return (buffer) => (buffers.indexOf(buffer) + 1) << 24;
}

test("emitters write the same bytes", async () => {
  await relaxedSimd();
  const hashes = new Map<string, Hash>();
  for (const { name, graph } of kernelGraphs())
    for (const kernel of compile(graph, CPU_TARGET).stages.flat())
      for (const mode of MODES) {
        const options = { threads: 1, mode, shared: false, address: addresses(kernel), counters: 0 };
        const { bytes, scratchBytes } = generate({ stages: [[kernel]] }, options);
        assert.ok(WebAssembly.validate(bytes), `${kernel.kind} of ${name} is no valid module`);
        const label = `${kernel.kind} ${mode}`;
        if (!hashes.has(label)) hashes.set(label, createHash("sha256"));
        hashes.get(label)!.update(bytes).update(`${scratchBytes}`);
      }
  const lines = Object.keys(KINDS).flatMap((kind) =>
    MODES.map((mode) => {
      const hash = hashes.get(`${kind} ${mode}`);
      assert.ok(hash, `no graph has a kernel of kind ${kind}; give it one in test/kernels/graphs.ts`);
      return `${kind} ${mode} ${hash.digest("hex").slice(0, 16)}\n`;
    }),
  );
  golden("kernel-code.txt", lines.join(""));
});
