// The arrays of a model in the tree that Keras 3 keeps in `model.weights.h5` and `.weights.h5` files, both directions,
// the optimizer's state included.
import { FoveaError } from "../../core/errors.js";
import { sameShape, showShape } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import type { Weight } from "../../nn/layers/weight.js";
import type { Model } from "../../nn/model/model.js";
import type { HalfArray } from "../containers/half.js";
import { groupAt, type Hdf5Attribute, type Hdf5Dataset, type Hdf5Group, hdf5Tree } from "../containers/hdf5/tree.js";
import { containerOf, withoutBackslashes } from "./keras-layouts.js";
import { type StoredLayer, storedLayers, varsOf } from "./keras-paths.js";
import { naming, shown } from "./loaded.js";
import { fromHalf, isHalf, type WeightDType, weightsIn } from "./precision.js";

const OPTIMIZER = "optimizer";

/** The arrays of a model where Keras looks for them; the optimizer's state is float32 whatever the weights are. */
export async function kerasWeights(model: Model, dtype: WeightDType = "float32"): Promise<Hdf5Group> {
  const values = await weightsIn(model, dtype);
  const contents = new Map(model.weights.map((weight, index) => [weight, values[index]!]));
  const datasets: Record<string, Hdf5Dataset> = {};
  const attributes: Record<string, Record<string, Hdf5Attribute>> = {};
  for (const { path, name, weights } of storedLayers(model)) {
    attributes[varsOf(path)] = { name };
    for (const [index, weight] of weights.entries()) datasets[`${varsOf(path)}/${index}`] = contents.get(weight)!;
  }
  if (model.compiled) {
    const { optimizer, iterations } = model.trainer;
    const vars = varsOf(OPTIMIZER);
    attributes[vars] = { name: optimizer.name };
    datasets[`${vars}/0`] = { dtype: "int64", shape: [], data: BigInt64Array.of(BigInt(iterations)) };
    // A rate that follows a schedule is no variable of Keras's.
    const rate = optimizer.schedule === undefined ? [tensor(optimizer.learningRate)] : [];
    // Before its first step an optimizer has nothing else to keep, in Keras as here.
    const slots = iterations === 0 ? [] : (await model.readState()).slots;
    const inOrder = iterations === 0 ? [] : slotOrder(model).map((index) => slots[index]!);
    const trailing = iterations === 0 ? [] : optimizer.trailing(iterations).map((value) => tensor(value));
    for (const [index, array] of [...rate, ...inOrder, ...trailing].entries()) datasets[`${vars}/${index + 1}`] = array;
  }
  return hdf5Tree(datasets, attributes);
}

/** The model's weights, in its own order. @throws FoveaError when the tree lacks some, or has others. */
export function weightsFromKeras(file: string, model: Model, written: Hdf5Group): Tensor[] {
  const tree = naming(file, "", () => withoutBackslashes(written));
  const found = new Map<Weight, Tensor>();
  for (const stored of storedLayers(model, containerOf(tree))) {
    const { path, label, weights } = stored;
    const datasets = datasetsOf(tree, stored);
    // A layer that several models share is written with the first of them.
    if (datasets.size === 0 && weights.every((weight) => found.has(weight))) continue;
    if (datasets.size !== weights.length)
      throw new FoveaError(
        "weights-mismatch",
        `${file}: ${label} needs ${weights.length} arrays at ${varsOf(path)}, the file has ${datasets.size}`,
      );
    for (const [index, weight] of weights.entries()) found.set(weight, floats(file, weight, datasets.get(`${index}`)));
  }
  return model.weights.map((weight) => found.get(weight)!);
}

function datasetsOf(tree: Hdf5Group, { path, olderPath }: StoredLayer): ReadonlyMap<string, Hdf5Dataset> {
  const group = groupAt(tree, varsOf(path)) ?? (olderPath && groupAt(tree, varsOf(olderPath)));
  return (group || undefined)?.datasets ?? new Map<string, Hdf5Dataset>();
}

/** A stored array as a float32 tensor of the shape that belongs there. */
export function floats(
  file: string,
  { path, shape }: { path: string; shape: readonly number[] },
  stored?: Hdf5Dataset,
): Tensor {
  if (stored !== undefined && sameShape(stored.shape, shape)) {
    if (stored.dtype === "float32") return stored as Tensor;
    if (isHalf(stored.dtype)) return fromHalf({ dtype: stored.dtype, shape, data: stored.data as HalfArray["data"] });
    // Keras counts in int32, in Normalization for one.
    if (stored.dtype === "float64" || stored.dtype === "int32")
      return { dtype: "float32", shape, data: Float32Array.from(stored.data as Float64Array | Int32Array) };
  }
  throw new FoveaError(
    "weights-mismatch",
    `${file}: expected float32 ${showShape(shape)} as ${path}, the file has ${shown(stored)}`,
  );
}

/** Number of our slot for each of Keras's; ours go weight by weight. */
function slotOrder({ trainer: { slots, optimizer } }: Model): number[] {
  const each = optimizer.slotNames.length;
  const order = Array.from(slots, (_, index) => index);
  if (!optimizer.slotsApart) return order;
  return optimizer.slotNames.flatMap((_, name) => order.filter((index) => index % each === name));
}

/**
 * Goes on where the optimizer stood; it starts afresh when the file keeps no state of it.
 * @throws FoveaError when the file keeps the state of another optimizer
 */
export function restoreOptimizer(model: Model, tree: Hdf5Group): void {
  const stored = groupAt(tree, varsOf(OPTIMIZER));
  const iterations = Number(stored?.datasets.get("0")?.data[0] ?? 0);
  if (iterations === 0) return;
  const { optimizer } = model.trainer;
  const order = slotOrder(model);
  // Keras 2 kept no learning rate, nor does Keras 3 where the rate follows a schedule.
  const without = 1 + order.length + optimizer.trailing(iterations).length;
  const kept = stored!.datasets.size;
  if (kept !== without && kept !== without + 1)
    throw new FoveaError(
      "weights-mismatch",
      `the state of ${optimizer.className} needs ${without + 1} arrays, the file has ${kept}`,
    );
  const first = kept === without ? 1 : 2;
  const slots = model.trainer.slots.map(({ name, type }, index) =>
    floats(
      "the optimizer's state",
      { path: name, shape: type.shape },
      stored?.datasets.get(`${order.indexOf(index) + first}`),
    ),
  );
  model.trainer.restore(iterations, slots);
}
