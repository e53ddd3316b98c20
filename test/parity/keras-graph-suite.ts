// Parity of functional models with Keras as a function of the backend: order of layers, inference, training steps with
// batch statistics and moving averages, shared and nested layers, frozen ones; configs and summaries to the letter.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { input } from "../../src/core/graph/node.js";
import type { Json } from "../../src/core/json.js";
import { InferenceContext } from "../../src/nn/layers/index.js";
import type { SummaryOptions } from "../../src/nn/model/summary.js";
import { sgd } from "../../src/nn/optimizers/index.js";
import { modelFromKeras, modelToKeras } from "../../src/nn/serialization/model.js";
import { close, fixture, type Plain, tensorOf } from "./keras-fixtures.js";

interface GraphCase {
  readonly name: string;
  readonly config: Json;
  readonly layers: readonly string[];
  readonly weights: readonly Plain[];
  readonly trainable: number;
  readonly x: readonly Plain[];
  readonly outputs: readonly Plain[];
  readonly y: readonly Plain[];
  readonly summaries: readonly { readonly options: SummaryOptions; readonly text: string }[];
  readonly steps: readonly { readonly loss: number; readonly weights: readonly Plain[] }[];
}

/** A config without what Keras numbers by memory, what only its newest version writes, and masks, which are null. */
const bare = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner) =>
      ["shared_object_id", "compile_config", "mask"].includes(key) || key.startsWith("renorm") ? undefined : inner,
    ),
  );

/** Keras 3.15 forgets in a training step that a layer was called with `training=False`. Fovea does not. */
const forgetful = (config: Json): Json => JSON.parse(JSON.stringify(config).replaceAll('"training":false', '"x":0'));

export function graphSuite(backend: Backend): void {
  for (const known of fixture<GraphCase[]>("graphs")) {
    const named = (what: string, run: () => void | Promise<void>) =>
      test(`${backend.name}: ${known.name}: ${what}`, run);
    const open = () => modelFromKeras(known.config, { backend });

    named("layers, config and summaries are Keras's", () => {
      const model = open();
      assert.deepEqual(
        model.layers.map(({ name }) => name),
        known.layers,
      );
      assert.equal(model.trainableWeights.length, known.trainable);
      assert.deepEqual(bare(modelToKeras(model)), bare(known.config));
      for (const { options, text } of known.summaries) assert.equal(`${model.summary(options)}\n`, text);
    });

    named("outputs and training steps are Keras's", async () => {
      const model = modelFromKeras(forgetful(known.config), { backend });
      await model.setWeights(known.weights.map((weight) => tensorOf(weight)));
      const inputs = known.x.map(({ shape }, i) => input(`x${i}`, shape));
      const session = await backend.open({ threads: 2 });
      const program = await session.compile({
        inputs,
        outputs: model.callAll(inputs, new InferenceContext()),
        updates: [],
      });
      const outputs = await program.run(known.x.map((x) => tensorOf(x)));
      known.outputs.forEach((wanted, i) => {
        close(outputs[i]!, wanted, 1e-5, `output ${i}`);
      });
      await session.close();
      if (known.x.length > 1 || known.y.length > 1) return;
      model.compile({ optimizer: sgd({ learningRate: 0.05 }), loss: "mse" });
      const batch = { x: tensorOf(known.x[0]!), y: tensorOf(known.y[0]!) };
      for (const [number, step] of known.steps.entries()) {
        const { loss } = await model.trainOnBatch(batch);
        assert.ok(Math.abs(loss! - step.loss) < 1e-5 * Math.max(1, step.loss), `loss ${loss}, Keras has ${step.loss}`);
        for (const [i, weight] of (await model.getWeights()).entries())
          close(weight, step.weights[i]!, 1e-5, `step ${number}, ${model.weights[i]!.path}`);
      }
      await model.close();
    });
  }
}
