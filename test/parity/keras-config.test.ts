// Keras's JSON forms, read and written: layers, models, losses, metrics, optimizers.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "../../src/core/json.js";
import type { KerasObject } from "../../src/nn/config/keras-object.js";
import { initializerFromKeras, initializerToKeras, zeros } from "../../src/nn/initializers/index.js";
import { input } from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";
import { compileOptionsFromKeras, modelFromKeras, modelToKeras } from "../../src/nn/serialization/model.js";
import { fixture, type Plain } from "./keras-fixtures.js";

interface LayerCase {
  readonly layer: JsonObject & {
    readonly class_name: string;
    readonly build_config: { readonly input_shape: number[] };
  };
  readonly input: Plain;
}

["layers", "more-layers", "sequence-layers", "preprocessing", "encodings"]
  .flatMap((name) => fixture<LayerCase[]>(name))
  .forEach(({ layer: wanted, input: { shape } }, i) => {
    test(`layer ${i} ${wanted.class_name} keeps Keras's config`, () => {
      const layer = layerFromKeras(wanted);
      layer.build(shape.slice(1), new Streams(0));
      const { build_config: build, ...rest } = layer.toKerasObject();
      const { build_config: _, ...expected } = wanted;
      assert.deepEqual(rest, expected);
      if (build !== undefined) assert.deepEqual(build, { input_shape: [null, ...shape.slice(1)] });
    });
  });

fixture<{ layers: JsonObject[] }>("augmentations").layers.forEach((wanted, i) => {
  test(`augmentation ${i} ${wanted.class_name} keeps Keras's config`, () => {
    assert.deepEqual(layerFromKeras(wanted).toKerasObject(), wanted);
  });
});

test("initializers that look at the shape keep Keras's config", () => {
  for (const wanted of fixture<JsonObject[]>("more-initializers"))
    assert.deepEqual(initializerToKeras(initializerFromKeras("test", wanted, zeros())), wanted);
});

test("the input layer has Keras's config", () => {
  const layer = input([80, 60, 1], { name: "input_layer" });
  assert.deepEqual(layer.toKerasObject(), fixture("input-config"));
});

/** Single-precision learning rates and torch's module paths are what Keras alone writes. */
function comparable(model: KerasObject): Json {
  const { optimizer, ...rest } = model.compile_config as {
    optimizer: JsonObject & { config: JsonObject };
  } & JsonObject;
  const { class_name, config } = optimizer;
  const rate = Math.fround(config.learning_rate as number);
  // Keras writes a loss given by name as the name.
  const loss = typeof rest.loss === "string" ? rest.loss : (rest.loss as JsonObject).config!;
  return {
    ...model,
    compile_config: { ...rest, loss, optimizer: { class_name, config: { ...config, learning_rate: rate } } },
  } as unknown as Json;
}

for (const { model: wanted, case: name } of fixture<{ model: KerasObject; case: string }[]>("fit")) {
  test(`a compiled ${name} keeps Keras's config`, () => {
    const model = modelFromKeras(wanted as unknown as Json);
    model.compile(compileOptionsFromKeras(wanted as unknown as Json)!);
    const got = modelToKeras(model);
    if (name === "cnn") assert.deepEqual(comparable(got), comparable(wanted));
    else {
      const { compile_config: _, ...rest } = got;
      const { compile_config: __, ...expected } = wanted;
      assert.deepEqual(rest, expected);
      assert.equal((got.compile_config as { loss: JsonObject }).loss.class_name, "Poisson");
    }
  });
}

test("what Fovea does not have is refused by name", () => {
  const refused: [JsonObject, RegExp][] = [
    [{ class_name: "LSTM", config: {} }, /the layer LSTM is of a class that Fovea does not have; .* export .* as ONNX/],
    [{ class_name: "Dense", config: { units: 3, kernel_regularizer: { class_name: "L3" } } }, /one of l1, l2, l1_l2/],
    [{ class_name: "Conv2D", config: { filters: 1, kernel_size: 3, groups: 2 } }, /2 groups share evenly, received 1/],
    [{ class_name: "Conv2D", config: { filters: 1, kernel_size: 3, strides: 2, dilation_rate: 2 } }, /dilationRate/],
    [{ class_name: "Flatten", config: { data_format: "channels_first" } }, /channels_first/],
    [{ class_name: "Dense", config: { units: "many" } }, /expected a number as "units", received "many"/],
  ];
  for (const [config, message] of refused) assert.throws(() => layerFromKeras(config), message);
});
