// Memory of the JavaScript heap, measured in processes of their own: text that is kept at its length, and a heap that is
// kept small where that is asked for.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

/** The heap is swept at its limit, and not some time later as other threads get round to it. */
const FLAGS = ["--expose-gc", "--single-threaded-gc", "--no-incremental-marking", "--input-type=module"];

/** Runs the text of a module, and reads the number that it prints. */
const numberOf = (code: string): number =>
  Number(execFileSync(process.execPath, [...FLAGS, "--eval", code], { encoding: "utf8" }));

const moduleAt = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

test("hexadecimal text takes the memory of its characters", () => {
  const bytes = numberOf(`
    import { toHex } from ${moduleAt("core/hex.js")};
    const made = (count) => Array.from({ length: count }, (_, i) => toHex(new Uint8Array(32).fill(i)));
    made(100);
    gc();
    const before = process.memoryUsage().heapUsed;
    const kept = made(5000);
    gc();
    console.log((process.memoryUsage().heapUsed - before) / kept.length);
  `);
  // 64 characters, their head, and a place in the list; a chain of 32 pairs takes 1,000 bytes.
  assert.ok(bytes < 200, `${bytes} bytes each`);
});

test("keepHeapSmall has garbage swept before it is as much as what is held", () => {
  // Always holds some 30 MB, and lets go of 450 MB one after the other; young objects have 32 MB besides.
  const largest = numberOf(`
    import { keepHeapSmall } from ${moduleAt("platform/heap.js")};
    await keepHeapSmall();
    const held = new Array(4000);
    let most = 0;
    for (let n = 0; n < 60000; n++) {
      held[n % held.length] = new Array(1000).fill(n);
      if (n % 50 === 0) most = Math.max(most, process.memoryUsage().heapTotal);
    }
    console.log(most);
  `);
  // 122 MB; without it 194.
  assert.ok(largest < 150e6, `${largest} bytes`);
});
