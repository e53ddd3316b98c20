// Memory of the JavaScript heap, measured in processes of their own: text that is kept at its length, and a heap that is
// kept small where that is asked for.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

/** Prints of a module's text, run with flags of V8. */
const printed = (flags: readonly string[], code: string): string =>
  execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", code], { encoding: "utf8" });

const moduleAt = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

test("hexadecimal text takes the memory of its characters", () => {
  const code = `
    import { toHex } from ${moduleAt("core/hex.js")};
    const made = (count) => Array.from({ length: count }, (_, i) => toHex(new Uint8Array(32).fill(i)));
    made(100);
    gc();
    const before = process.memoryUsage().heapUsed;
    const kept = made(5000);
    gc();
    console.log((process.memoryUsage().heapUsed - before) / kept.length);
  `;
  const bytes = Number(printed(["--expose-gc"], code));
  // 64 characters, their head, and a place in the list; a chain of 32 pairs takes 1,000 bytes.
  assert.ok(bytes > 64 && bytes < 200, `${bytes} bytes each`);
});

test("keepHeapSmall has the heap swept more often", () => {
  // Sweeps happen at the heap's limit, and not some time later as other threads get round to them.
  const flags = ["--trace-gc", "--single-threaded-gc", "--no-incremental-marking", "--max-semi-space-size=1"];
  /** Sweeps of a program that holds 30 MB, and lets go of 350 MB one after the other. */
  const sweeps = (before: string): number => {
    const code = `
      import { keepHeapSmall } from ${moduleAt("platform/heap.js")};
      ${before}
      const held = new Array(4000);
      for (let n = 0; n < 50000; n++) held[n % held.length] = new Array(1000).fill(n);
    `;
    return printed(flags, code).match(/Mark-Compact/g)?.length ?? 0;
  };
  const [usual, often] = [sweeps(""), sweeps("await keepHeapSmall();")];
  // 4 and 18 in Node 20, 3 and 17 in Node 24.
  assert.ok(often >= 2 * usual, `${often} sweeps, and ${usual} without`);
});
