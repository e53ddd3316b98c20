// The line that shows how far work is: redrawn and cut to the terminal's width, plain in a pipe, silent when asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressLine, pace } from "../../src/cli/terminal/progress.js";
import { standing } from "../../src/cli/terminal/tuning.js";
import { createStudy, randomSampler } from "../../src/tune/index.js";

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

test("rate and time left are told as far as they are known", () => {
  const cases: readonly (readonly [Parameters<typeof pace>, string])[] = [
    [[0, 30, "trials", 5], ""],
    [[0, 30, "trials", 5, 3600], "59 min 55 s left"],
    [[5, 30, "images", 0.1], ""],
    [[500, 1000, "images", 2], "250 images/s  2.0 s left"],
    [[19, 30, "trials", 20], "57.0 trials/min  12 s left"],
    [[10, 30, "trials", 120], "5.0 trials/min  4 min 0 s left"],
    [[1, 3, "trials", 1800], "2.0 trials/h  1 h 0 min left"],
    [[1, 3, "trials", 18000], "0.2 trials/h  10 h 0 min left"],
    // The earlier of both ends counts.
    [[10, 30, "trials", 120, 3600], "5.0 trials/min  4 min 0 s left"],
    [[10, 30, "trials", 120, 150], "5.0 trials/min  30 s left"],
    [[10, 30, "trials", 151, 150], "4.0 trials/min  time is up"],
    [[0, 30, "trials", 151, 150], "time is up"],
    [[30, 30, "trials", 120, 100], "15.0 trials/min  0.0 s left"],
  ];
  for (const [counts, told] of cases) assert.equal(pace(...counts).join("  "), told, counts.join(" "));
});

test("a study's line has the best so far, the pruned and the curves under way", async () => {
  const study = await createStudy({ sampler: randomSampler() });
  assert.equal(standing(study, []), "");
  await study.optimize(
    async (trial) => {
      if (trial.number > 0) throw trial.prune();
      return 0.5;
    },
    { trials: 3 },
  );
  const curve = new Map([
    [0, 0.9],
    [1, 0.25],
  ]);
  assert.equal(
    standing(study, [
      { number: 3, intermediate: new Map() },
      { number: 4, intermediate: curve },
    ]),
    "best 0.5000 (#0)  2 pruned  #3  #4 █▁ 0.2500",
  );
});

test("without a stream nothing happens", () => {
  const line = new ProgressLine("Loading", undefined);
  line.update(1, 2, "images");
  line.end("done");
});
