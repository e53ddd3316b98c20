// Metrics of predictions that are NaN, on both backends, as the real Keras has them (tools/keras-nan-fixtures.py).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { constant } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import type { JsonObject } from "../../src/core/json.js";
import { tensor } from "../../src/core/tensor.js";
import { batchSum, type Metric, metricFromKeras } from "../../src/nn/metrics/index.js";
import { fixture } from "./keras-fixtures.js";

interface Holed {
  readonly shape: readonly number[];
  readonly data: readonly (number | null)[];
}

interface Case {
  readonly class_name: string;
  readonly config: JsonObject;
  readonly y_true: Holed;
  readonly y_pred: Holed;
  readonly result: number | null;
}

const filled = ({ shape, data }: Holed) =>
  tensor(
    Float32Array.from(data, (value) => value ?? Number.NaN),
    shape,
    "float32",
  );

for (const backend of [referenceBackend, createWasmBackend()]) {
  fixture<Case[]>("nan-metrics").forEach((known, i) => {
    const k = known.config.k === undefined ? "" : ` k=${known.config.k}`;
    test(`${backend.name}: metric ${i} ${known.class_name}${k} of NaN`, () => holds(backend, known));
  });
}

async function holds(backend: Backend, { class_name, config, y_true, y_pred, result }: Case): Promise<void> {
  const metric = metricFromKeras({ class_name, config }) as Metric;
  const [t, p] = [filled(y_true), filled(y_pred)];
  const inputs = [input("t", t.shape), input("p", p.shape)] as const;
  const batch = p.shape[0]!;
  const outputs = "values" in metric ? [batchSum(metric, ...inputs)] : metric.totals(...inputs, constant(1, [batch]));
  const session = await backend.open({ threads: 1 });
  const program = await session.compile({ inputs: [...inputs], outputs: [...outputs], updates: [] });
  const totals = (await program.run([t, p])).map(({ data }) => Float64Array.from(data));
  await session.close();
  const got = "values" in metric ? totals[0]![0]! / batch : metric.result(totals);
  if (result === null) assert.ok(Number.isNaN(got), `got ${got}`);
  else assert.ok(Math.abs(got - result) < 1e-6, `got ${got}, Keras has ${result}`);
}
