// Layers on images and categories as a function of the backend: affine sampling and augmentations that leave nothing
// to chance against the real Keras; those that do by what every draw must keep.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { affineTransform, type FillMode, type Interpolation } from "../../src/core/functions/index.js";
import { input, type Value } from "../../src/core/graph/node.js";
import type { JsonObject } from "../../src/core/json.js";
import type { Tensor } from "../../src/core/tensor.js";
import { InferenceContext, TrainingContext } from "../../src/nn/layers/call-context.js";
import {
  gaussianNoise,
  type Layer,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
  spatialDropout2d,
} from "../../src/nn/layers/index.js";
import { Streams } from "../../src/nn/layers/weight.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";
import { graphRunner } from "../contract/graph-runner.js";
import { close, fixture, type Plain, tensorOf } from "./keras-fixtures.js";

interface LayerCase {
  readonly layer: JsonObject & { readonly class_name: string };
  readonly input: Plain;
  readonly output: Plain;
}

interface AffineCase {
  readonly fillMode: FillMode;
  readonly interpolation: Interpolation;
  readonly fillValue: number;
  readonly maps: Plain;
  readonly input: Plain;
  readonly output: Plain;
}

/** Every test of layers on images on one backend. */
export function imageSuite(backend: Backend): void {
  const runGraph = graphRunner(backend);
  const run = async (inputs: readonly Value[], output: Value, feeds: readonly Tensor[]): Promise<Tensor> =>
    (await runGraph({ inputs, outputs: [output], updates: [] }, feeds))[0]!;

  /** The output of a layer for images in a training step. */
  async function train(layer: Layer, images: Tensor, step = 0, seed = 1): Promise<Tensor> {
    layer.build(images.shape.slice(1), new Streams(0));
    const [x, state] = [input("x", images.shape), input("state", [3], "int32")];
    const stateNow: Tensor = { dtype: "int32", shape: [3], data: Int32Array.of(seed, 0, step) };
    return run([x, state], layer.call(x, new TrainingContext(state)), [images, stateNow]);
  }

  const { affine, sure } = fixture<{ affine: AffineCase[]; sure: LayerCase[] }>("augmentations");

  for (const { fillMode, interpolation, fillValue, maps: m, input: images, output } of affine)
    test(`${backend.name}: affine sampling, ${fillMode}, ${interpolation}, as in Keras`, async () => {
      const [x, maps] = [input("x", images.shape), input("maps", m.shape)];
      const sampled = affineTransform(x, maps, { fillMode, interpolation, fillValue });
      close(await run([x, maps], sampled, [tensorOf(images), tensorOf(m)]), output, 1e-5, "image");
    });

  sure.forEach(({ layer: object, input: images, output }, i) => {
    test(`${backend.name}: ${i} ${object.class_name} over an interval of one point as in Keras`, async () => {
      close(await train(layerFromKeras(object), tensorOf(images)), output, 2e-5, "image");
    });
  });

  fixture<LayerCase[]>("encodings").forEach(({ layer: object, input: categories, output }, i) => {
    test(`${backend.name}: ${object.class_name} ${i} as in Keras`, async () => {
      const layer = layerFromKeras(object);
      layer.build(categories.shape.slice(1), new Streams(0));
      assert.deepEqual([categories.shape[0], ...layer.outputShape], output.shape);
      const x = input("x", categories.shape);
      close(await run([x], layer.call(x, new InferenceContext()), [tensorOf(categories)]), output, 0, "rows");
    });
  });

  /** A ramp, so that every pixel differs from its neighbours and from its mirror image. */
  const ramp = (batch: number, h: number, w: number, c: number): Tensor => {
    const data = Float32Array.from({ length: batch * h * w * c }, (_, i) => ((i % (h * w * c)) * 7) % 251);
    return { dtype: "float32", shape: [batch, h, w, c], data };
  };
  const imagesOf = ({ shape, data }: Tensor): string[] => {
    const size = data.length / shape[0]!;
    return Array.from({ length: shape[0]! }, (_, i) => data.slice(i * size, (i + 1) * size).join());
  };

  const random: (() => Layer)[] = [
    () => randomFlip(),
    () => randomRotation(0.2),
    () => randomZoom(0.3, 0.1),
    () => randomTranslation(0.4, 0.4, { fillMode: "wrap" }),
    () => randomContrast(0.5),
    () => randomBrightness(0.5),
    () => randomCrop(3, 4),
    () => gaussianNoise(0.2),
    () => spatialDropout2d(0.4),
  ];
  for (const make of random)
    test(`${backend.name}: ${make().className} repeats for a seed and step, and differs between images and steps`, async () => {
      const images = ramp(16, 5, 7, 3);
      const first = await train(make(), images);
      assert.deepEqual((await train(make(), images)).data, first.data);
      assert.notDeepEqual((await train(make(), images, 1)).data, first.data);
      assert.notDeepEqual((await train(make(), images, 0, 2)).data, first.data);
      assert.ok(new Set(imagesOf(first)).size > 2, "images of a batch are treated alike");
      if (make().className === "RandomCrop") return;
      const x = input("x", images.shape);
      assert.equal(make().call(x, new InferenceContext()), x, "something happens outside of training");
    });

  test(`${backend.name}: flips come out half of the time, each way by itself`, async () => {
    const flipped = imagesOf(await train(randomFlip(), ramp(400, 2, 3, 1)));
    const counts = new Map<string, number>();
    for (const image of flipped) counts.set(image, (counts.get(image) ?? 0) + 1);
    assert.equal(counts.size, 4);
    for (const count of counts.values())
      assert.ok(count > 65 && count < 135, `one of four comes ${count} times in 400`);
  });

  test(`${backend.name}: brightness moves images by draws from the whole interval, within the value range`, async () => {
    const zeros: Tensor = { dtype: "float32", shape: [500, 1, 1, 1], data: new Float32Array(500) };
    const moved = [...(await train(randomBrightness([-0.25, 0.5], { valueRange: [-1, 0.8] }), zeros)).data];
    const mean = moved.reduce((sum, value) => sum + value, 0) / moved.length;
    assert.ok(Math.min(...moved) > -0.451 && Math.min(...moved) < -0.42, `least ${Math.min(...moved)}`);
    assert.equal(Math.max(...moved), Math.fround(0.8));
    assert.ok(Math.abs(mean - 0.222) < 0.05, `mean ${mean}`);
  });

  test(`${backend.name}: crops are windows of their images, from everywhere`, async () => {
    const images = ramp(200, 4, 5, 1);
    const crops = await train(randomCrop(2, 3), images);
    const corners = new Set<number>();
    const pixel = (y: number, x: number): number => images.data[y * 5 + x]!;
    for (let i = 0; i < 200; i++) {
      const crop = crops.data.subarray(i * 6, i * 6 + 6);
      const corner = [...images.data.subarray(0, 20)].indexOf(crop[0]!);
      const [top, left] = [Math.floor(corner / 5), corner % 5];
      crop.forEach((value, at) => {
        assert.equal(value, pixel(top + Math.floor(at / 3), left + (at % 3)));
      });
      corners.add(corner);
    }
    assert.equal(corners.size, 9);
  });

  test(`${backend.name}: noise is normal, dropped channels are whole`, async () => {
    const zeros: Tensor = { dtype: "float32", shape: [1, 50, 50, 4], data: new Float32Array(10_000) };
    const noise = [...(await train(gaussianNoise(0.5), zeros)).data];
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
    assert.ok(Math.abs(deviation - 0.5) < 0.02, `deviation ${deviation}`);
    const ones: Tensor = { dtype: "float32", shape: [100, 2, 2, 10], data: new Float32Array(4000).fill(1) };
    const dropped = (await train(spatialDropout2d(0.3), ones)).data;
    let kept = 0;
    for (let i = 0; i < 100; i++)
      for (let c = 0; c < 10; c++) {
        const values = [0, 1, 2, 3].map((p) => dropped[(i * 4 + p) * 10 + c]!);
        assert.ok(values.every((value) => value === values[0]));
        if (values[0] !== 0) kept++;
      }
    assert.ok(Math.abs(kept - 700) < 60, `kept ${kept} of 1000`);
  });
}
