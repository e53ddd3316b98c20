// Slices and fairness against SciPy, statsmodels and scikit-learn (tools/slices-fixtures.py), errors by slice, attributes of
// images, and names of data as text on the page.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/core/random.js";
import { normalCdf } from "../../src/core/statistics/normal.js";
import { encodePng } from "../../src/data/index.js";
import { closeData, imageData, loadData, UPRIGHT } from "../../src/experiment/index.js";
import { fairnessOf } from "../../src/experiment/slices/fairness.js";
import { slicesOfPart } from "../../src/experiment/slices/index.js";
import { judgedSlices } from "../../src/experiment/slices/judged-slices.js";
import { taskOf } from "../../src/experiment/tasks/index.js";
import type { TaskFacts } from "../../src/formats/run/task.js";
import { Html } from "../../src/report/pages/html.js";
import { slicesSection } from "../../src/report/pages/sections/slices.js";

interface Fixture {
  readonly labels: number[];
  readonly predicted: number[];
  readonly confidence: number[];
  readonly region: string[];
  readonly groups: { name: string; given: number[]; found: number[]; confidence: number; error: number }[];
  readonly slices: { value: string; p: number; low: number; high: number; adjusted: number }[];
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/slices.json", import.meta.url), "utf8"),
);
const task: TaskFacts = { kind: "classification", classNames: ["a", "b", "<i>c"] };
const outcome = { kind: "classification", ...fixture } as const;

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= 1e-9, `${actual}, expected ${expected}`);

test("slices are judged as SciPy and statsmodels do it, the worst first", () => {
  const { rows, whole } = judgedSlices(
    taskOf(task).verdicts(outcome, task),
    [{ name: "region", values: fixture.region }],
    0,
  );
  assert.equal(rows.length, 3);
  for (const row of rows) {
    const expected = fixture.slices.find(({ value }) => value === row.value)!;
    for (const key of ["p", "adjusted", "low", "high"] as const) near(row[key], expected[key]);
  }
  assert.deepEqual([rows[0]!.value, rows[0]!.isWorse], ["west", true]);
  near(whole, fixture.labels.filter((label, i) => label === fixture.predicted[i]).length / fixture.labels.length);
});

test("fairness is scikit-learn's rates by group", () => {
  const { groups, parityGap, opportunityGap } = fairnessOf(outcome, task, "region", fixture.region);
  const gap = (rate: "given" | "found"): number =>
    Math.max(
      ...[0, 1, 2].map((k) => {
        const rates = fixture.groups.map((group) => group[rate][k]!);
        return Math.max(...rates) - Math.min(...rates);
      }),
    );
  for (const [at, group] of groups.entries()) {
    const expected = fixture.groups[at]!;
    assert.equal(group.name, expected.name);
    for (const k of [0, 1, 2]) {
      near(group.given[k]!.share, expected.given[k]!);
      near(group.found[k]!.share, expected.found[k]!);
    }
    near(group.calibration?.confidence, expected.confidence);
    near(group.calibration?.error, expected.error);
  }
  near(parityGap, gap("given"));
  near(opportunityGap, gap("found"));
  assert.throws(
    () =>
      fairnessOf(
        outcome,
        task,
        "all",
        fixture.region.map(() => "x"),
      ),
    /from 2 to 50 groups, found 1/,
  );
});

test("numbers are judged by their errors", () => {
  const random = new Random(4, 0);
  const actual = Float32Array.from({ length: 90 }, () => random.normal());
  const camera = Array.from(actual, (_, i) => (i % 3 === 0 ? "old" : "new"));
  const predicted = actual.map((value, i) => value + (camera[i] === "old" ? 2 : 0.5) * random.normal());
  const cost: TaskFacts = { kind: "regression", targets: ["cost"], link: "identity", scale: [1], offset: [0] };
  const verdicts = taskOf(cost).verdicts({ kind: "regression", targets: 1, actual, predicted }, cost);
  const { rows, isShare, figure } = judgedSlices(verdicts, [{ name: "camera", values: camera }], 90);
  assert.deepEqual([isShare, figure], [false, "mean absolute error of cost"]);
  assert.deepEqual(
    rows.map(({ value, isWorse }) => [value, isWorse]),
    [
      ["old", true],
      ["new", false],
    ],
  );
  assert.ok(rows[0]!.low! < rows[0]!.figure && rows[0]!.figure < rows[0]!.high!);
});

test("large slices are judged by the limit of permutations", () => {
  const random = new Random(6, 0);
  const errors = Array.from({ length: 400 }, () => random.uniform());
  const probabilityOf = (count: number): number => {
    const values = errors.map((_, i) => (i % Math.round(400 / count) === 0 ? "some" : "others"));
    const judged = judgedSlices({ figure: "error", errors }, [{ name: "half", values }], 0);
    return judged.rows.find(({ value }) => value === "some")!.p;
  };
  // Mean of 100 of 400 by NumPy's arithmetic: (mean - mean of all) / sqrt(variance / 100 * 0.75), and its normal tail.
  const ofSlice = errors.filter((_, i) => i % 4 === 0);
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = errors.reduce((sum, value) => sum + (value - meanOf(errors)) ** 2, 0) / 399;
  const z = (meanOf(ofSlice) - meanOf(errors)) / Math.sqrt((variance / 100) * 0.75);
  near(probabilityOf(100), 1 - normalCdf(z));
  // A slice a little smaller is permuted, and has about the same limit.
  const few = errors.filter((_, i) => i % 5 === 0);
  const limit = 1 - normalCdf((meanOf(few) - meanOf(errors)) / Math.sqrt((variance / 80) * 0.8));
  assert.ok(Math.abs(probabilityOf(80) - limit) < 0.05);
});

test("attributes come from the manifest and from the photos", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-slices-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const lines = ["path,class,sex,age"];
  mkdirSync(join(folder, "images"));
  for (let n = 0; n < 24; n++) {
    const data = Uint8Array.from({ length: 64 }, (_, i) => 8 * n + (i % 8));
    writeFileSync(join(folder, `images/${n}.png`), encodePng({ dtype: "uint8", shape: [8, 8, 1], data }));
    lines.push(`images/${n}.png,${"ab"[n % 2]},${n < 12 ? "f" : "m"},${20 + n}`);
  }
  writeFileSync(join(folder, "manifest.csv"), `${lines.join("\n")}\n`);
  const look = { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos", ...UPRIGHT } as const;
  const paths = { train: folder, test: folder };
  const data = imageData(await loadData(paths, look, { validation: 0.25, seed: 1 }, { target: ["class"] }));
  t.after(() => closeData(data));
  const labels = Array.from({ length: 24 }, (_, n) => n % 2);
  // Dark photos, those of women, are answered wrongly.
  const said = labels.map((label, n) => (n < 12 ? 1 - label : label));
  const judged = { kind: "classification", labels, predicted: said, confidence: labels.map(() => 0.9) } as const;
  const of: TaskFacts = { kind: "classification", classNames: ["a", "b"], column: "class" };
  const slices = await slicesOfPart(data.folders.test!, data.parts.test, judged, of, { fairness: "sex" });
  const worst = slices.rows.filter(({ isWorse }) => isWorse).map(({ attribute, value }) => `${attribute} ${value}`);
  assert.ok(worst.includes("sex f") && worst.includes("age 20 to 25"), worst.join(", "));
  assert.ok(worst.some((name) => name.startsWith("brightness")));
  assert.equal(slices.fairness?.opportunityGap, 1);
  assert.ok(!slices.rows.some(({ attribute }) => attribute === "path"));
  await assert.rejects(
    slicesOfPart(data.folders.test!, data.parts.test, judged, of, { fairness: "height" }),
    /no column "height" besides those of the targets; the attributes are class, sex, age/,
  );
  const { body } = slicesSection({ ...slices, fairness: fairnessOf(outcome, task, "<u>", fixture.region) });
  assert.ok(body instanceof Html && body.text.includes("&lt;i&gt;c") && !body.text.includes("<u>"));
});
