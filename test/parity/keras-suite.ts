// Parity with Keras 3.15 as a function of the backend: layers, losses, metrics, optimizers and a whole fit, against
// fixtures made with the real one. Outputs within 1e-5, gradients within 1e-4.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { gradients } from "../../src/core/autodiff.js";
import { cast, mean, mul, sub, sum } from "../../src/core/functions/index.js";
import { input, type Value, Variable } from "../../src/core/graph/node.js";
import type { Json, JsonObject } from "../../src/core/json.js";
import type { Tensor } from "../../src/core/tensor.js";
import { InferenceContext, TrainingContext } from "../../src/nn/layers/call-context.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { lossFromKeras } from "../../src/nn/losses/index.js";
import { batchSum, type MetricName, metricFromKeras, metricOf } from "../../src/nn/metrics/index.js";
import { optimizerFromKeras, optimizerToKeras } from "../../src/nn/optimizers/index.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";
import { compileOptionsFromKeras, modelFromKeras } from "../../src/nn/serialization/model.js";
import { graphRunner } from "../contract/graph-runner.js";
import { close, fixture, type Plain, tensorOf } from "./keras-fixtures.js";

interface LayerCase {
  readonly layer: JsonObject & { readonly class_name: string };
  readonly input: Plain;
  readonly weights: readonly Plain[];
  readonly output: Plain;
  readonly cotangent: Plain;
  readonly inputGradient: Plain;
  readonly weightGradients: readonly Plain[];
  readonly params: number;
}

interface LossCase {
  readonly class: string;
  readonly config: JsonObject;
  readonly yTrue: Plain;
  readonly yPred: Plain;
  readonly values: Plain;
  readonly value: Plain;
  readonly gradient: Plain;
}

interface MetricCase {
  readonly identifier: string | null;
  readonly class: string;
  readonly name: string;
  readonly direction: string;
  readonly batches: readonly { readonly yTrue: Plain; readonly yPred: Plain }[];
  readonly result: number;
  readonly k?: number;
  readonly threshold?: number;
}

interface OptimizerCase {
  readonly optimizer: Json;
  readonly start: Plain;
  readonly target: Plain;
  readonly scale: Plain;
  readonly path: readonly (readonly number[])[];
  readonly variables: readonly Plain[];
}

interface FitCase {
  readonly case: string;
  readonly model: Json;
  readonly start: readonly Plain[];
  readonly x: Plain;
  readonly y: Plain;
  readonly valX: Plain;
  readonly valY: Plain;
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly end: readonly Plain[];
  readonly evaluate: Readonly<Record<string, number>>;
  readonly predict: Plain;
}

/** The fixtures of tools/keras-training-fixtures.py. */
const training = fixture<{ readonly optimizers: readonly OptimizerCase[]; readonly losses: readonly LossCase[] }>(
  "training",
);

/** Integer labels in a fixture are those of a crossentropy or accuracy over classes. */
const isWhole = ({ data }: Plain): boolean => data.every(Number.isInteger);

/** Runs every parity test on one backend. */
export function nnSuite(backend: Backend): void {
  const run = graphRunner(backend);

  ["layers", "more-layers", "sequence-layers", "preprocessing"]
    .flatMap((name) => fixture<LayerCase[]>(name))
    .forEach((known, i) => {
      test(`${backend.name}: layer ${i} ${known.layer.class_name} as in Keras`, async () => {
        const layer = layerFromKeras(known.layer);
        const x = input("x", known.input.shape);
        layer.build(known.input.shape.slice(1), new Streams(0));
        assert.equal(layer.countParams(), known.params);
        layer.weights.forEach((weight, w) => {
          weight.contents = tensorOf(known.weights[w]!);
        });
        assert.deepEqual([known.input.shape[0], ...layer.outputShape], known.output.shape);
        const output = layer.call(x, new InferenceContext());
        const cotangent = input("cotangent", known.output.shape);
        const wrt = [x, ...layer.weights.map((weight) => weight.variable.read())];
        const slopes = gradients(sum(mul(output, cotangent)), wrt);
        const graph = { inputs: [x, cotangent], outputs: [output, ...slopes], updates: [] };
        const [got, ...gotSlopes] = await run(graph, [tensorOf(known.input), tensorOf(known.cotangent)]);
        close(got!, known.output, 1e-5, "output");
        [known.inputGradient, ...known.weightGradients].forEach((wanted, w) => {
          close(gotSlopes[w]!, wanted, 1e-4, w === 0 ? "input gradient" : `gradient of ${layer.weights[w - 1]!.name}`);
        });
      });
    });

  [...fixture<LossCase[]>("losses"), ...training.losses].forEach((known, i) => {
    test(`${backend.name}: loss ${i} ${known.class} ${JSON.stringify(known.config)} as in Keras`, async () => {
      const loss = lossFromKeras({ class_name: known.class, config: known.config });
      assert.deepEqual(loss.config, known.config);
      const dtype = known.class.startsWith("Sparse") ? "int32" : "float32";
      const yTrue = input("yTrue", known.yTrue.shape, dtype);
      const yPred = input("yPred", known.yPred.shape);
      const values = loss.values(yTrue, yPred);
      const value = mean(values);
      const graph = { inputs: [yTrue, yPred], outputs: [values, value, ...gradients(value, [yPred])], updates: [] };
      const results = await run(graph, [tensorOf(known.yTrue, dtype), tensorOf(known.yPred)]);
      close({ ...results[0]!, shape: known.values.shape }, known.values, 1e-5, "values");
      close(results[1]!, known.value, 1e-5, "value");
      close(results[2]!, known.gradient, 1e-4, "gradient");
    });
  });

  fixture<MetricCase[]>("metrics").forEach((known, i) => {
    test(`${backend.name}: metric ${i} ${known.identifier ?? known.class} as in Keras`, async () => {
      const config: JsonObject = {
        name: known.name,
        ...(known.k === undefined ? {} : { k: known.k }),
        ...(known.threshold === undefined ? {} : { threshold: known.threshold }),
      };
      const named =
        (known.identifier as MetricName | undefined) ?? metricFromKeras({ class_name: known.class, config });
      let total = 0;
      let samples = 0;
      for (const { yTrue: t, yPred: p } of known.batches) {
        const dtype = isWhole(t) ? "int32" : "float32";
        const yTrue = input("yTrue", t.shape, dtype);
        const yPred = input("yPred", p.shape);
        const metric = metricOf(named, t.shape, p.shape);
        assert.equal(metric.name, known.name);
        assert.equal(metric.direction, known.direction);
        assert.equal(metric.className, known.class);
        assert.ok("values" in metric);
        const graph = { inputs: [yTrue, yPred], outputs: [batchSum(metric, yTrue, yPred)], updates: [] };
        total += (await run(graph, [tensorOf(t, dtype), tensorOf(p)]))[0]!.data[0]!;
        samples += t.shape[0]!;
      }
      const result: Tensor = { dtype: "float32", shape: [], data: Float32Array.of(total / samples) };
      close(result, { shape: [], data: [known.result] }, 1e-5, known.name);
    });
  });

  [...fixture<OptimizerCase[]>("optimizers"), ...training.optimizers].forEach((known, i) => {
    test(`${backend.name}: optimizer ${i} takes Keras's 20 steps`, async () => {
      const optimizer = optimizerFromKeras(known.optimizer);
      const weight = new Variable("w", { dtype: "float32", shape: known.start.shape }, tensorOf(known.start));
      const slots = optimizer.slotNames.map((name) => {
        const data = new Float32Array(known.start.data.length).fill(optimizer.slotStart);
        return new Variable(name, weight.type, { dtype: "float32", shape: known.start.shape, data });
      });
      const [target, scale] = [input("target", known.start.shape), input("scale", known.start.shape)];
      const numbers = optimizer.numbers(0).map((_, n) => input(`number${n}`, []));
      const gradient = mul(mul(sub(weight.read(), target), scale), 2);
      const before = slots.map((slot) => slot.read());
      const [next] = optimizer.update([{ weight: weight.read(), gradient, slots: before }], numbers);
      const updates: [Variable, Value][] = [
        [weight, next!.weight],
        ...slots.map((slot, s): [Variable, Value] => [slot, next!.slots[s]!]),
      ];
      const session = await backend.open({ threads: 2 });
      const step = await session.compile({ inputs: [target, scale, ...numbers], outputs: [], updates });
      for (const [iteration, wanted] of known.path.entries()) {
        const fed = optimizer
          .numbers(iteration)
          .map((number): Tensor => ({ dtype: "float32", shape: [], data: Float32Array.of(number) }));
        await step.run([tensorOf(known.target), tensorOf(known.scale), ...fed]);
        close(await session.read(weight), { shape: known.start.shape, data: wanted }, 1e-5, `step ${iteration}`);
      }
      // Keras keeps its iteration counter and learning rate before the slots, and what else there is after them.
      const first = optimizer.schedule === undefined ? 2 : 1;
      for (const [s, slot] of slots.entries())
        close(await session.read(slot), known.variables[s + first]!, 1e-5, slot.name);
      const rest = known.variables.slice(first + slots.length).map(({ data }) => data[0]!);
      assert.equal(rest.length, optimizer.trailing(20).length);
      optimizer.trailing(20).forEach((value, i) => {
        assert.ok(Math.abs(value - rest[i]!) < 1e-5 * Math.abs(rest[i]!));
      });
      // Keras counts names within a process, and numbers shared objects.
      const { name: _, ...config } = (optimizerToKeras(optimizer) as { config: JsonObject }).config;
      const { name: __, ...wanted } = (known.optimizer as { config: JsonObject }).config;
      const bare = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value, (key, inner) => (key === "shared_object_id" ? undefined : inner)));
      assert.deepEqual(bare(config), bare(wanted));
      await session.close();
    });
  });

  for (const known of ["fit", "regularized-fit"].flatMap((name) => fixture<FitCase[]>(name))) {
    test(`${backend.name}: fit, evaluate and predict of a ${known.case} as in Keras`, async () => {
      const model = modelFromKeras(known.model, { backend, threads: 2 });
      model.compile(compileOptionsFromKeras(known.model)!);
      await model.setWeights(known.start.map((weight) => tensorOf(weight)));
      // Images go in as bytes, labels as integers, where Keras had floats.
      const dtypes = isWhole(known.x) ? (["uint8", "int32"] as const) : (["float32", "float32"] as const);
      const [train, validation] = [
        { x: tensorOf(known.x, dtypes[0]), y: tensorOf(known.y, dtypes[1]) },
        { x: tensorOf(known.valX, dtypes[0]), y: tensorOf(known.valY, dtypes[1]) },
      ];
      const options = { epochs: 3, batchSize: 8, shuffle: false, validationData: validation };
      const { history, epoch } = await model.fit(train, options);
      assert.deepEqual(epoch, [0, 1, 2]);
      assert.deepEqual(Object.keys(history), Object.keys(known.history));
      for (const [key, wanted] of Object.entries(known.history))
        close(
          { dtype: "float32", shape: [3], data: Float32Array.from(history[key]!) },
          { shape: [3], data: wanted },
          1e-5,
          key,
        );
      const evaluated = await model.evaluate(validation, { batchSize: 8 });
      for (const [key, wanted] of Object.entries(known.evaluate))
        assert.ok(Math.abs(evaluated[key]! - wanted) < 1e-5, `evaluate ${key}: ${evaluated[key]}, Keras has ${wanted}`);
      close(await model.predict(validation.x), known.predict, 1e-4, "predict");
      (await model.getWeights()).forEach((weight, w) => {
        close(weight, known.end[w]!, 1e-4, `weight ${w}`);
      });
      await model.close();
    });
  }

  test(`${backend.name}: dropout drops the share it says, scales the rest, and differs from step to step`, async () => {
    const layer = layerFromKeras({ class_name: "Dropout", config: { rate: 0.25, seed: 7 } });
    layer.build([100], new Streams(0));
    const x = input("x", [100, 100]);
    const state = input("state", [3], "int32");
    const output = layer.call(x, new TrainingContext(state));
    const ones: Tensor = { dtype: "float32", shape: [100, 100], data: new Float32Array(10_000).fill(1) };
    const at = async (step: number): Promise<Float32Array> => {
      const stateNow: Tensor = { dtype: "int32", shape: [3], data: Int32Array.of(1, 0, step) };
      const graph = { inputs: [x, state], outputs: [cast(output, "float32")], updates: [] };
      return (await run(graph, [ones, stateNow]))[0]!.data as Float32Array;
    };
    const first = await at(0);
    const kept = first.filter((value) => value !== 0);
    assert.ok(Math.abs(kept.length - 7500) < 200, `kept ${kept.length} of 10000`);
    assert.ok(kept.every((value) => Math.abs(value - 1 / 0.75) < 1e-6));
    assert.deepEqual(await at(0), first);
    assert.notDeepEqual(await at(1), first);
  });
}
