// The line that shows how far work is: redrawn and cut to the terminal's width, plain in a pipe, silent when asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressLine } from "../../src/cli/terminal/progress.js";

/** A stream that remembers what was written. */
function stream(options: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { ...options, written, write: (text: string) => written.push(text) };
}

test("in a terminal the line is redrawn in place and never wider than the terminal", () => {
  for (const columns of [40, 80, 120]) {
    const out = stream({ isTTY: true, columns });
    const line = new ProgressLine("Epoch 1/9", out);
    line.update(500, 1000, "images", "loss 1.2345  accuracy 0.5000  top-5 0.7500");
    line.end("Epoch 1/9 done");
    const [drawn, ended] = out.written;
    assert.match(drawn!, /^\rEpoch 1\/9 ━+┄+/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequence is what is looked for
    assert.ok(drawn!.replace(/\r|\u001b\[K/g, "").length < columns, `${columns}: ${drawn}`);
    assert.equal(ended, "\r\u001b[KEpoch 1/9 done\n");
  }
});

test("half done is half a bar, and the counts stand beside it where there is room", () => {
  const out = stream({ isTTY: true, columns: 100 });
  new ProgressLine("Loading", out).update(500, 1000, "images");
  assert.ok(out.written[0]!.includes(`${"━".repeat(10)}${"┄".repeat(10)}    500/1,000`), out.written[0]);
});

test("a pipe gets no line for quick work but the last", () => {
  const out = stream();
  const line = new ProgressLine("Loading", out);
  for (let done = 1; done <= 10; done++) line.update(done, 10, "images");
  line.end("Loaded 10 images");
  assert.deepEqual(out.written, ["Loaded 10 images\n"]);
});

test("without a stream nothing happens", () => {
  const line = new ProgressLine("Loading", undefined);
  line.update(1, 2, "images");
  line.end("done");
});
