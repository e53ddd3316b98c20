// Parity with Keras of layers that take several tensors, and of operations of keras.ops in functional models, as a function
// of the backend: outputs within 1e-5, gradients within 1e-4, and configs to the letter.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { gradients } from "../../src/core/autodiff.js";
import { mul, sum } from "../../src/core/functions/index.js";
import { input, type Value } from "../../src/core/graph/node.js";
import type { Json, JsonObject } from "../../src/core/json.js";
import { InferenceContext } from "../../src/nn/layers/call-context.js";
import type { Layer } from "../../src/nn/layers/layer.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";
import { modelFromKeras, modelToKeras } from "../../src/nn/serialization/model.js";
import { graphRunner } from "../contract/graph-runner.js";
import { close, fixture, type Plain, tensorOf } from "./keras-fixtures.js";

interface MergingCase {
  readonly layer: JsonObject & { readonly class_name: string; readonly build_config: Json };
  readonly inputs: readonly Plain[];
  readonly kwargs: JsonObject;
  readonly weights: readonly Plain[];
  readonly output: Plain;
  readonly cotangent: Plain;
  readonly inputGradients: readonly Plain[];
  readonly weightGradients: readonly Plain[];
}

interface OperationCase {
  readonly name: string;
  readonly model: JsonObject;
  readonly input: Plain;
  readonly output: Plain;
  readonly cotangent: Plain;
  readonly inputGradient: Plain;
}

/** Without what Keras numbers by memory, says of models that are not compiled, and the dtypes of tensors in between. */
const bare = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner) => {
      if (["shared_object_id", "compile_config"].includes(key)) return undefined;
      return inner?.keras_history === undefined ? inner : { ...inner, dtype: "float32" };
    }),
  );

export function operationSuite(backend: Backend): void {
  const run = graphRunner(backend);
  async function compare(
    layer: Layer,
    known: { readonly inputs: readonly Plain[]; readonly output: Plain; readonly cotangent: Plain },
    slopes: readonly Plain[],
  ): Promise<void> {
    const inputs = known.inputs.map(({ shape }, i) => input(`x${i}`, shape));
    const [output] = layer.callAll(inputs, new InferenceContext()) as [Value];
    const cotangent = input("cotangent", known.cotangent.shape);
    const wrt = [...inputs, ...layer.weights.map((weight) => weight.variable.read())];
    const outputs = [output, ...gradients(sum(mul(output, cotangent)), wrt)];
    const feeds = [...known.inputs, known.cotangent].map((content) => tensorOf(content));
    const [got, ...rest] = await run({ inputs: [...inputs, cotangent], outputs, updates: [] }, feeds);
    close(got!, known.output, 1e-5, "output");
    slopes.forEach((wanted, i) => {
      close(rest[i]!, wanted, 1e-4, `gradient ${i}`);
    });
  }

  fixture<MergingCase[]>("merging").forEach((known, i) => {
    test(`${backend.name}: merging layer ${i} ${known.layer.class_name} as in Keras`, async () => {
      const layer = layerFromKeras({ ...known.layer, inbound_nodes: [{ args: [], kwargs: known.kwargs }] });
      const shapes = known.inputs.map(({ shape }) => shape.slice(1));
      layer.buildAll(shapes, new Streams(0));
      assert.deepEqual([known.output.shape[0], ...layer.computeOutputShapes(shapes)[0]!], known.output.shape);
      layer.weights.forEach((weight, w) => {
        weight.contents = tensorOf(known.weights[w]!);
      });
      await compare(layer, known, [...known.inputGradients, ...known.weightGradients]);
      const { build_config: build, ...rest } = layer.toKerasObject();
      const { build_config: built, ...expected } = known.layer;
      assert.deepEqual(rest, bare(expected));
      // Keras states the batch that it was built with, ours none.
      const open = JSON.parse(JSON.stringify(built), (_, value) =>
        Array.isArray(value) && typeof value[0] === "number" ? [null, ...value.slice(1)] : value,
      );
      assert.deepEqual(build, open);
      assert.deepEqual(layer.callArguments(["q", "v"]).kwargs, known.kwargs);
    });
  });

  for (const known of fixture<OperationCase[]>("operations"))
    test(`${backend.name}: operations of keras.ops as in Keras: ${known.name}`, async () => {
      const model = modelFromKeras(known.model, { backend });
      assert.deepEqual([known.output.shape[0], ...model.outputShape], known.output.shape);
      await compare(model, { ...known, inputs: [known.input] }, [known.inputGradient]);
      assert.deepEqual(bare(modelToKeras(model)), bare(known.model));
    });
}
