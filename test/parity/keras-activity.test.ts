// Parity with Keras 3.15: penalties that layers put on what they give, and their gradients by weights and inputs, against
// tools/keras-activity-fixtures.py; and layers that cannot have one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { gradients } from "../../src/core/autodiff.js";
import { add } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import type { JsonObject } from "../../src/core/json.js";
import { InferenceContext } from "../../src/nn/layers/call-context.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";
import { close, fixture, type Plain, tensorOf } from "./keras-fixtures.js";

interface ActivityCase {
  readonly layer: JsonObject & { readonly class_name: string };
  readonly inputs: readonly Plain[];
  readonly weights: readonly Plain[];
  readonly penalty: number;
  readonly weightGradients: readonly Plain[];
  readonly inputGradients: readonly Plain[];
}

for (const known of fixture<readonly ActivityCase[]>("activity"))
  test(`the penalty on the output of ${known.layer.class_name} and its gradients as in Keras`, async () => {
    const layer = layerFromKeras(known.layer);
    layer.buildAll(
      known.inputs.map(({ shape }) => shape.slice(1)),
      new Streams(0),
    );
    await layer.setWeights(known.weights.map((weight) => tensorOf(weight)));
    const inputs = known.inputs.map(({ shape }, i) => input(`x${i}`, shape));
    const context = new InferenceContext();
    layer.callAll(inputs, context);
    const penalty = context.penalties.reduce((sum, next) => add(sum, next));
    const weights = layer.weights.map(({ variable }) => variable.read());
    const session = await backend.open();
    const outputs = [penalty, ...gradients(penalty, [...weights, ...inputs])];
    const program = await session.compile({ inputs, outputs, updates: [] });
    for (const weight of layer.weights) await session.write(weight.variable, await weight.latest());
    const found = await program.run(known.inputs.map((plain) => tensorOf(plain)));
    const wanted = [{ shape: [], data: [known.penalty] }, ...known.weightGradients, ...known.inputGradients];
    for (const [i, plain] of wanted.entries()) close(found[i]!, plain, 1e-5, i === 0 ? "penalty" : `gradient ${i - 1}`);
    await session.close();
  });

test("a penalty on the output of a layer that adds none is refused, never ignored", () => {
  const regularizer = { class_name: "L2", config: { l2: 0.1 } };
  const relu = (activity: JsonObject | null) => ({
    class_name: "ReLU",
    config: { name: "r", activity_regularizer: activity },
  });
  assert.throws(
    () => layerFromKeras(relu(regularizer)),
    /ReLU "r" has an activity_regularizer, which only layers with/,
  );
  layerFromKeras(relu(null));
});
