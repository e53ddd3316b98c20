// Models as Keras 3 `.keras` files, which the real Keras opens, compiled and with its optimizer's state, and the other
// way round. What the archive consists of is keras-archive.ts's business, what a layer's config says nn's.
import { FoveaError } from "../../core/errors.js";
import { sameShape, showShape } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import type { Model, ModelOptions } from "../../nn/model/model.js";
import { asJson } from "../../nn/serialization/keras-object.js";
import { compileOptionsFromKeras, modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";
import { groupAt, type Hdf5Attribute, type Hdf5Dataset, type Hdf5Group, hdf5Tree } from "../containers/hdf5/tree.js";
import { parseJson } from "../json.js";
import { checkFacts, type FoveaFacts } from "./fovea-facts.js";
import { type KerasArchive, readKerasArchive, writeKerasArchive } from "./keras-archive.js";
import { storedLayers, varsOf } from "./keras-paths.js";

/** The Keras whose files ours are checked against. */
const KERAS_VERSION = "3.15.1";
const FACTS = "fovea.json";
const OPTIMIZER = "optimizer";

export interface SaveKerasOptions {
  /** What Fovea knows beyond Keras: class names, preprocessing, recipe. Kept in `assets/fovea.json`. */
  readonly facts?: FoveaFacts;
  /** The date that the file states, in UTC. Default: now. */
  readonly date?: Date;
}

export interface LoadKerasOptions extends ModelOptions {
  /** What the errors call the file. */
  readonly file?: string;
  /** Whether to compile the model as it was and restore its optimizer, when the file says how. Default true. */
  readonly compile?: boolean;
}

export interface LoadedKeras {
  readonly model: Model;
  /** Undefined for a file that Fovea did not write. */
  readonly facts: FoveaFacts | undefined;
  readonly metadata: KerasArchive["metadata"];
}

/**
 * The model as the bytes of a `.keras` file: architecture, weights and, once trained, the optimizer's state.
 * @example await writeAtomic("model.keras", await saveKeras(model, { facts: { version: 1, classNames } }))
 */
export async function saveKeras(model: Model, options: SaveKerasOptions = {}): Promise<Uint8Array> {
  const { facts, date = new Date() } = options;
  if (!model.built)
    throw new FoveaError(`${model.label}: not built yet, so it has no weights to save; begin it with input([...])`);
  return writeKerasArchive({
    metadata: { keras_version: KERAS_VERSION, date_saved: date.toISOString().slice(0, 19).replace("T", "@") },
    config: asJson(modelToKeras(model)),
    weights: await weightsOf(model),
    assets: new Map(facts === undefined ? [] : [[FACTS, new TextEncoder().encode(JSON.stringify(facts, null, 2))]]),
  });
}

/** The arrays of a model where Keras looks for them. */
async function weightsOf(model: Model): Promise<Hdf5Group> {
  const values = await model.getWeights();
  const contents = new Map(model.weights.map((weight, index) => [weight, values[index]!]));
  const datasets: Record<string, Hdf5Dataset> = {};
  const attributes: Record<string, Record<string, Hdf5Attribute>> = {};
  for (const { path, layer, weights } of storedLayers(model)) {
    attributes[varsOf(path)] = { name: layer.name };
    for (const [index, weight] of weights.entries()) datasets[`${varsOf(path)}/${index}`] = contents.get(weight)!;
  }
  if (model.compiled) {
    const { optimizer, iterations } = model.trainer;
    const vars = varsOf(OPTIMIZER);
    attributes[vars] = { name: optimizer.name };
    datasets[`${vars}/0`] = { dtype: "int64", shape: [], data: BigInt64Array.of(BigInt(iterations)) };
    datasets[`${vars}/1`] = tensor(optimizer.learningRate);
    // Before its first step an optimizer has nothing else to keep, in Keras as here.
    const slots = iterations === 0 ? [] : (await model.readState()).slots;
    for (const [index, slot] of slots.entries()) datasets[`${vars}/${index + 2}`] = slot;
  }
  return hdf5Tree(datasets, attributes);
}

/**
 * Opens a `.keras` file, Fovea's or Keras 3's own.
 * @throws FoveaError when it is no such file, is damaged, or needs a layer or setting that Fovea does not have.
 * @example const { model, facts } = await loadKeras(await readBytes("model.keras"), { backend })
 */
export async function loadKeras(bytes: Uint8Array, options: LoadKerasOptions = {}): Promise<LoadedKeras> {
  const { file = "the model", compile = true, ...modelOptions } = options;
  const { metadata, config, weights, assets } = await readKerasArchive(bytes, { name: file });
  const model = naming(file, "", () => modelFromKeras(config, modelOptions));
  if (!model.built) throw new FoveaError(`${file}: the model was saved before it was built; it has no weights`);
  await model.setWeights(weightsFrom(file, model, weights));
  const hint = "; load it with { compile: false } to use it without training it";
  const compiled = compile ? naming(file, hint, () => compileOptionsFromKeras(config)) : undefined;
  if (compiled !== undefined) {
    model.compile(compiled);
    restoreOptimizer(file, model, groupAt(weights, varsOf(OPTIMIZER)));
  }
  const facts = assets.get(FACTS);
  return {
    model,
    facts: facts && checkFacts(`${file}, assets/${FACTS}`, parseJson(`${file}, assets/${FACTS}`, facts)),
    metadata,
  };
}

/** Runs `work`; a FoveaError out of it says which file it is about, and what else to do. */
function naming<T>(file: string, hint: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof FoveaError ? new FoveaError(`${file}: ${error.message}${hint}`, { cause: error }) : error;
  }
}

/** The model's weights, in its own order. */
function weightsFrom(file: string, model: Model, tree: Hdf5Group): Tensor[] {
  const found = new Map(
    storedLayers(model).flatMap(({ path, layer, weights }) => {
      const datasets = groupAt(tree, varsOf(path))?.datasets ?? new Map<string, Hdf5Dataset>();
      if (datasets.size !== weights.length)
        throw new FoveaError(
          `${file}: ${layer.label} needs ${weights.length} arrays at ${varsOf(path)}, the file has ${datasets.size}`,
        );
      return weights.map((weight, index) => [weight, floats(file, weight, datasets.get(`${index}`))] as const);
    }),
  );
  return model.weights.map((weight) => found.get(weight)!);
}

/** A stored array as a float32 tensor of the shape that belongs there. */
function floats(
  file: string,
  { path, shape }: { path: string; shape: readonly number[] },
  stored?: Hdf5Dataset,
): Tensor {
  if (stored?.dtype === "float32" && sameShape(stored.shape, shape)) return stored as Tensor;
  const received = stored === undefined ? "nothing" : `${stored.dtype} ${showShape(stored.shape)}`;
  throw new FoveaError(`${file}: expected float32 ${showShape(shape)} as ${path}, the file has ${received}`);
}

/** Goes on where the optimizer stood; it starts afresh when the file keeps no state of it. */
function restoreOptimizer(file: string, model: Model, stored: Hdf5Group | undefined): void {
  const iterations = Number(stored?.datasets.get("0")?.data[0] ?? 0);
  if (iterations === 0) return;
  const slots = model.trainer.slots.map(({ name, type }, index) =>
    floats(file, { path: name, shape: type.shape }, stored?.datasets.get(`${index + 2}`)),
  );
  model.trainer.restore(iterations, slots);
}
