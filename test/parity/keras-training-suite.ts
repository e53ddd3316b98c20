// Parity of training's other words with Keras, and with scikit-learn where Keras has none: metrics with and without
// weights, deviances, schedules, weights of samples and classes, several outputs.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { constant, mean } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import type { Json, JsonObject } from "../../src/core/json.js";
import { lossFromKeras } from "../../src/nn/losses/index.js";
import { batchSum, metricFromKeras, metricOf } from "../../src/nn/metrics/index.js";
import { scheduleFromKeras, scheduleToKeras } from "../../src/nn/optimizers/schedules.js";
import { compileOptionsFromKeras, modelFromKeras } from "../../src/nn/serialization/model.js";
import { graphRunner } from "../contract/graph-runner.js";
import { close, fixture, type Plain, tensorOf } from "./keras-fixtures.js";

interface Fixture {
  readonly deviances: readonly {
    readonly class: string;
    readonly power: number | null;
    readonly yTrue: Plain;
    readonly yPred: Plain;
    readonly value: number;
  }[];
  readonly metrics: readonly {
    readonly class: string;
    readonly config: JsonObject;
    readonly name: string;
    readonly weighted: boolean;
    readonly batches: readonly { readonly yTrue: Plain; readonly yPred: Plain; readonly weight: Plain }[];
    readonly result: number;
  }[];
  readonly schedules: readonly {
    readonly schedule: Json;
    readonly steps: readonly number[];
    readonly rates: readonly number[];
  }[];
  readonly fits: readonly {
    readonly case: string;
    readonly model: Json;
    readonly start: readonly Plain[];
    readonly x: Plain;
    readonly y: readonly Plain[];
    readonly options: { readonly sampleWeight?: Plain; readonly classWeight?: Record<number, number> };
    readonly history: Readonly<Record<string, readonly number[]>>;
    readonly end: readonly Plain[];
  }[];
}

const near = (actual: number, wanted: number, what: string): void =>
  assert.ok(
    Math.abs(actual - wanted) <= 2e-5 * Math.max(1, Math.abs(wanted)),
    `${what}: ${actual}, Keras has ${wanted}`,
  );

export function trainingSuite(backend: Backend): void {
  const run = graphRunner(backend);
  const { deviances, metrics, schedules, fits } = fixture<Fixture>("training");

  metrics.forEach((known, i) => {
    const title = `${known.class} ${JSON.stringify(known.config)}${known.weighted ? " with weights" : ""}`;
    test(`${backend.name}: metric ${i} ${title} as in Keras`, async () => {
      const read = metricFromKeras({ class_name: known.class, config: { name: known.name, ...known.config } });
      let totals: Float64Array[] = [];
      let samples = 0;
      for (const { yTrue: t, yPred: p, weight: w } of known.batches) {
        const [yTrue, yPred, weight] = [t, p, w].map(({ shape }, n) => input(`i${n}`, shape));
        const metric = metricOf(read, t.shape, p.shape);
        const used = known.weighted ? weight! : constant(1, w.shape);
        const outputs =
          "values" in metric ? [batchSum(metric, yTrue!, yPred!, used)] : [...metric.totals(yTrue!, yPred!, used)];
        const graph = { inputs: [yTrue!, yPred!, weight!], outputs, updates: [] };
        const results = await run(
          graph,
          [t, p, w].map((plain) => tensorOf(plain)),
        );
        if (totals.length === 0) totals = results.map(({ data }) => new Float64Array(data.length));
        results.forEach(({ data }, n) => {
          for (let at = 0; at < data.length; at++) totals[n]![at]! += data[at]!;
        });
        samples += known.weighted ? w.data.reduce((a, b) => a + b, 0) : t.shape[0]!;
        if ("values" in metric) continue;
        assert.deepEqual(metric.config, Object.fromEntries(Object.entries(known.config)));
        assert.equal(metric.size, outputs.length);
      }
      const [first] = known.batches;
      const metric = metricOf(read, first!.yTrue.shape, first!.yPred.shape);
      near("values" in metric ? totals[0]![0]! / samples : metric.result(totals), known.result, known.name);
    });
  });

  deviances.forEach((known) => {
    test(`${backend.name}: ${known.class} ${known.power ?? ""} as in scikit-learn`, async () => {
      const config = known.power === null ? {} : { power: known.power };
      const loss = lossFromKeras({ class_name: known.class, config });
      const [yTrue, yPred] = [known.yTrue, known.yPred].map(({ shape }, n) => input(`i${n}`, [...shape, 1]));
      const outputs = [mean(loss.values(yTrue!, yPred!))];
      const column = (plain: Plain) => tensorOf({ shape: [...plain.shape, 1], data: plain.data });
      const [value] = await run({ inputs: [yTrue!, yPred!], outputs, updates: [] }, [
        column(known.yTrue),
        column(known.yPred),
      ]);
      near(value!.data[0]!, known.value, known.class);
    });
  });

  schedules.forEach(({ schedule: saved, steps, rates }) => {
    const schedule = scheduleFromKeras(saved);
    test(`${backend.name}: ${schedule.className} ${JSON.stringify(schedule.config)} as in Keras`, () => {
      steps.forEach((step, i) => {
        near(schedule.at(step), rates[i]!, `step ${step}`);
      });
      const configOf = (value: Json): JsonObject => {
        const { name: _, ...config } = (value as { config: JsonObject }).config;
        return config;
      };
      assert.deepEqual(configOf(scheduleToKeras(schedule)), configOf(saved));
    });
  });

  for (const known of fits)
    test(`${backend.name}: fit with ${known.case} as in Keras`, async () => {
      const model = modelFromKeras(known.model, { backend, threads: 2 });
      model.compile(compileOptionsFromKeras(known.model)!);
      await model.setWeights(known.start.map((weight) => tensorOf(weight)));
      const y = known.y.map((plain) => tensorOf(plain, plain.shape.length === 1 ? "int32" : "float32"));
      const { sampleWeight, classWeight } = known.options;
      const { history } = await model.fit(
        { x: tensorOf(known.x), y, ...(sampleWeight && { sampleWeight: tensorOf(sampleWeight) }) },
        { epochs: 3, batchSize: 8, shuffle: false, ...(classWeight && { classWeight }) },
      );
      assert.deepEqual(Object.keys(history), Object.keys(known.history).sort());
      for (const [key, wanted] of Object.entries(known.history))
        wanted.forEach((value, epoch) => {
          near(history[key]![epoch]!, value, `${key} of epoch ${epoch}`);
        });
      for (const [w, weight] of (await model.getWeights()).entries()) close(weight, known.end[w]!, 1e-4, `weight ${w}`);
      await model.close();
    });
}
