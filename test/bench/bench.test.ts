// The benchmark runs, and its report says what was measured and what was not. Peers are not asked for here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { plan } from "../../bench/plan.js";
import { markdown, numbersOf, type Row } from "../../bench/report.js";
import type { Answer, Spec } from "../../bench/spec.js";

const quick = plan({ warmUp: 1, steps: 2, seconds: 1, quick: true });
const base = quick[0]!.measurements[0]!.spec;

const small: Record<string, Partial<Spec>> = {
  "a training step": { model: "lenet5", image: [28, 28, 1], classes: 10, batch: 3 },
  "an epoch": { model: "lenet5", image: [28, 28, 1], classes: 10, batch: 3, task: "epoch", samples: [7, 4] },
  "a prediction of MobileNetV2": { model: "mobilenet_v2", image: [32, 32, 3], classes: 5, batch: 1, task: "infer" },
  "a fine-tuning step of MobileNetV2": { model: "mobilenet_v2", image: [32, 32, 3], classes: 5, batch: 2 },
};

for (const [what, changes] of Object.entries(small))
  test(`Fovea's own child measures ${what}`, () => {
    const program = fileURLToPath(new URL("../../bench/ours/main.js", import.meta.url));
    const said = execFileSync(process.execPath, [program, JSON.stringify({ ...base, ...changes })], {
      encoding: "utf8",
    });
    const answer = JSON.parse(said) as Answer;
    assert.equal(answer.times.length, 2);
    for (const value of [...answer.times, answer.ready, answer.peakRssMb, answer.compileMs!]) assert.ok(value > 0);
  });

test("every comparison begins with Fovea in its default mode, to which the others' speed is set in relation", () => {
  for (const { id, measurements } of quick) {
    assert.equal(measurements[0]!.runner, "ours", id);
    assert.equal(measurements[0]!.spec.mode, "reproducible", id);
  }
});

test("the report gives medians, speeds beside Fovea's, and the reason why a peer is absent", () => {
  const answerOf = (...times: number[]): Answer => ({ times, ready: 500, peakRssMb: 100 });
  const row = (who: string, rest: Partial<Row>): Row => ({ who, setting: "2 threads", spec: base, ...rest });
  const rows = [
    row("Fovea 1", numbersOf(base, { ...answerOf(90, 50, 60), compileMs: 33.3 })),
    row("Slow 2", { spec: { ...base, batch: 32 }, ...numbersOf({ ...base, batch: 32 }, answerOf(30, 30)) }),
    row("Gone", { failed: "not installed" }),
  ];
  const page = markdown({
    date: "2026-01-02",
    commit: "abc",
    extent: "part",
    machine: { cpu: "a CPU", cores: 2, memoryGb: 8, system: "Linux", node: "v20", load: 0 },
    minutes: 1,
    runners: [{ name: "Fovea 1" }, { name: "Gone", absent: "not installed" }],
    sections: [
      { id: "steps", title: "Steps", text: "Of something.", rows },
      { id: "growing", title: "Growing", text: "By batch.", along: "batch", rows: rows.slice(0, 1) },
    ],
  });
  assert.match(page, /^- Gone is absent: not installed$/m);
  assert.match(
    page,
    /^\| Fovea 1 \| 2 threads \| 60\.0 \| 60\.0 - 90\.0 \| 3 \| 2,133 \| 1\.00 \| 33 \| 500 \| 100 \|$/m,
  );
  assert.match(page, /^\| Slow 2 \| 2 threads, batch 32 \| 30\.0 \| .* \| 2 \| 1,067 \| 0\.50 \|/m);
  assert.match(page, /^\| Gone \| 2 threads \| not measured: not installed \|/m);
  assert.match(page, /^\| batch \| Fovea 1, 2 threads \|$/m);
  assert.match(page, /^\| 128 \| 2,133 \|$/m);
  assert.match(page, /!\[Growing\]\(2026-01-02-abc-part-growing\.svg\)/);
});
