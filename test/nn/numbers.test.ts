// Losses and metrics of predicted numbers and of several labels: the figures are scikit-learn's
// (tools/sklearn-regression-fixtures.py), exposure as a weight and as an offset train alike, bad targets are refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { mean } from "../../src/core/functions/index.js";
import { input as graphInput } from "../../src/core/graph/node.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { activation, add, dense, input } from "../../src/nn/layers/index.js";
import { lossOf } from "../../src/nn/losses/index.js";
import * as metrics from "../../src/nn/metrics/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { sgd } from "../../src/nn/optimizers/index.js";
import { modelToKeras } from "../../src/nn/serialization/model.js";

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/sklearn-regression.json", import.meta.url), "utf8"),
) as {
  readonly regressions: readonly {
    readonly name: string;
    readonly family: string;
    readonly power: number;
    readonly actual: readonly number[];
    readonly predicted: readonly number[];
    readonly weight: readonly number[] | null;
    readonly d2: number;
    readonly deviance: number;
  }[];
  readonly labels: {
    readonly actual: readonly number[];
    readonly scores: readonly number[];
    readonly auc: readonly (number | null)[];
    readonly macroAuc: number;
  };
};

const column = (values: readonly number[]): Tensor<"float32"> =>
  tensor(Float32Array.from(values), [values.length, 1], "float32");

/** The metric of rows in two unequal batches. */
async function measured(
  metric: metrics.TotalMetric,
  actual: readonly number[],
  predicted: readonly number[],
  weight: readonly number[],
  width = 1,
  first = 17,
): Promise<number> {
  const session = await backend.open({ threads: 1 });
  const rows = weight.length;
  let totals: Float64Array[] = [];
  for (const [from, to] of [
    [0, first],
    [first, rows],
  ] as const) {
    const n = to - from;
    const [t, p, w] = [graphInput("t", [n, width]), graphInput("p", [n, width]), graphInput("w", [n])];
    const program = await session.compile({ inputs: [t, p, w], outputs: [...metric.totals(t, p, w)], updates: [] });
    const cut = (values: readonly number[]): Tensor =>
      tensor(Float32Array.from(values.slice(from * width, to * width)), [n, width], "float32");
    const results = await program.run([
      cut(actual),
      cut(predicted),
      tensor(Float32Array.from(weight.slice(from, to)), [n], "float32"),
    ]);
    if (totals.length === 0) totals = results.map(({ data }) => new Float64Array(data.length));
    for (const [k, { data }] of results.entries()) for (const [i, value] of data.entries()) totals[k]![i]! += value;
  }
  await session.close();
  return metric.result(totals);
}

const near = (got: number, wanted: number, what: string, tolerance = 1e-5): void =>
  assert.ok(Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${what}: ${got}, expected ${wanted}`);

for (const regression of fixture.regressions.filter(({ family }) => family !== "absolute"))
  test(`D2 from the sums of batches as in scikit-learn: ${regression.name}`, async () => {
    const weight = regression.weight ?? regression.actual.map(() => 1);
    const { power, actual, predicted } = regression;
    near(await measured(metrics.d2TweedieScore({ power }), actual, predicted, weight), regression.d2, "D2");
    if (power === 0) near(await measured(metrics.r2Score(), actual, predicted, weight), regression.d2, "R2");
  });

test("R2 of several numbers is their mean, or weighted by their variance as in Keras", async () => {
  const actual = [1, 10, 2, 30, 4, 20];
  const predicted = [1, 12, 3, 24, 4, 18];
  const weight = [1, 1, 1];
  const wide = (metric: metrics.TotalMetric) => measured(metric, actual, predicted, weight, 2, 1);
  // Errors 1 of 14 / 3, and 44 of 200.
  const [first, second] = [1 - 1 / (14 / 3), 1 - 44 / 200];
  near(await wide(metrics.r2Score()), (first + second) / 2, "uniform");
  const variance = metrics.r2Score({ classAggregation: "variance_weighted_average" });
  near(await wide(variance), 1 - 45 / (14 / 3 + 200), "by variance");
});

test("the Poisson deviance as in scikit-learn", async () => {
  const regression = fixture.regressions.find(({ name }) => name === "poisson counts")!;
  const [t, p] = [graphInput("t", [regression.actual.length, 1]), graphInput("p", [regression.actual.length, 1])];
  const session = await backend.open({ threads: 1 });
  const outputs = [mean(lossOf("poisson_deviance").values(t, p))];
  const program = await session.compile({ inputs: [t, p], outputs, updates: [] });
  const [value] = await program.run([column(regression.actual), column(regression.predicted)]);
  near(value!.data[0]!, regression.deviance, "deviance");
  await session.close();
});

test("losses have short names", () => {
  assert.equal(lossOf("gamma").className, "GammaDeviance");
  assert.equal(lossOf("tweedie").config.power, 1.5);
  assert.equal(lossOf("poisson").className, "Poisson");
});

test("the area of several labels is the mean of their areas, weighted if asked for", async () => {
  const { actual, scores, auc, macroAuc } = fixture.labels;
  // Three labels: the fourth has no image, and Keras gives such an area of 0.
  const three = (values: readonly number[]) => values.filter((_, i) => i % 4 < 3);
  const ones = Array.from({ length: actual.length / 4 }, () => 1);
  const area = (options: metrics.AUCOptions) =>
    measured(metrics.auc({ multiLabel: true, ...options }), three(actual), three(scores), ones, 3);
  // 200 thresholds against all of scikit-learn.
  near(await area({}), macroAuc, "mean", 0.01);
  const single = (k: number) =>
    measured(
      metrics.auc({ curve: "PR" }),
      actual.filter((_, i) => i % 4 === k),
      scores.filter((_, i) => i % 4 === k),
      ones,
    );
  const areas = [await single(0), await single(1), await single(2)];
  near(await area({ curve: "PR" }), areas.reduce((a, b) => a + b) / 3, "mean of single areas", 1e-9);
  near(await area({ curve: "PR", labelWeights: [1, 3, 0] }), (areas[0]! + 3 * areas[1]!) / 4, "weighted", 1e-9);
  near(await area({ labelWeights: [0, 0, 1] }), auc[2]!, "third", 0.01);
  assert.throws(() => metrics.auc({ labelWeights: [1] }), /set multiLabel: true/);
  await assert.rejects(area({ labelWeights: [1] }), /expected 3, one for each label, received 1/);
  const read = metrics.metricFromKeras({
    class_name: "AUC",
    config: {
      name: "auc",
      multi_label: true,
      num_labels: 3,
      label_weights: [1, 2, 3],
      summation_method: "interpolation",
    },
  }) as metrics.Metric;
  assert.deepEqual([read.config.multi_label, read.config.label_weights], [true, [1, 2, 3]]);
});

test("exposure as a weight of rates and as an offset of counts train to the same weights", async () => {
  const exposure = [0.5, 1, 0.25, 1, 0.75];
  const claims = [0, 2, 1, 0, 3];
  const x = column([0.1, 0.9, -0.3, 0.2, 0.8]);
  const start = [column([0.2]), tensor([-0.1])];
  const compiled = { optimizer: sgd({ learningRate: 0.05 }), loss: "poisson" } as const;
  const options = { epochs: 4, batchSize: 5, shuffle: false } as const;

  const rates = new Sequential([input([1]), dense(1, { activation: "exponential" })], { backend });
  rates.compile(compiled);
  await rates.setWeights(start);
  const y = column(claims.map((count, i) => count / exposure[i]!));
  await rates.fit({ x, y, sampleWeight: tensor(Float32Array.from(exposure), [5], "float32") }, options);

  const [feature, offset] = [input([1]), input([1])];
  const sum = add().apply([dense(1).apply(feature), offset]);
  const counts = new Functional({
    inputs: [feature, offset],
    outputs: activation("exponential").apply(sum),
    backend,
  });
  counts.compile(compiled);
  await counts.setWeights(start);
  await counts.fit({ x: [x, column(exposure.map((years) => Math.log(years)))], y: column(claims) }, options);

  const [a, b] = [await rates.getWeights(), await counts.getWeights()];
  for (const [i, weight] of a.entries()) near(weight.data[0]!, b[i]!.data[0]!, `weight ${i}`);
  assert.notEqual(a[0]!.data[0], Math.fround(0.2));
  await rates.close();
  await counts.close();
});

test("targets that a loss has no meaning for are refused in one sentence", async () => {
  const cases = [
    ["gamma", [1, -3, 2], /gamma_deviance: expected targets above 0 \(.*tweedieDeviance.*\), received -3 at y\[1, 0\]/],
    ["gamma", [1, 0, 2], /received 0 at y\[1, 0\]/],
    ["poisson", [1, 0, -2], /poisson: expected counts or rates of at least 0, received -2 at y\[2, 0\]/],
    ["poisson_deviance", [1, 0, -2], /poisson_deviance: expected counts or rates of at least 0, received -2/],
    ["tweedie", [-1, 0, 2], /tweedie_deviance: expected targets of at least 0, received -1/],
  ] as const;
  for (const [loss, targets, message] of cases) {
    const model = new Sequential([input([1]), dense(1, { activation: "exponential" })], { backend });
    model.compile({ optimizer: "sgd", loss });
    await assert.rejects(model.fit({ x: column([1, 2, 3]), y: column(targets) }, { epochs: 1 }), message);
    await model.close();
  }
  assert.throws(() => metrics.d2TweedieScore({ power: 0.5 }), /no distribution has such a power/);
});

test("files that Keras opens leave out metrics that it does not have", () => {
  const model = new Sequential([input([1]), dense(1)], { backend });
  const d2 = metrics.d2TweedieScore({ power: 1 });
  model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae", "gamma_deviance", d2, metrics.r2Score()] });
  const { compile_config: compiled } = modelToKeras(model) as unknown as {
    compile_config: { metrics: readonly (string | { class_name: string })[] };
  };
  assert.deepEqual(
    compiled.metrics.map((metric) => (typeof metric === "string" ? metric : metric.class_name)),
    ["mae", "R2Score"],
  );
});
