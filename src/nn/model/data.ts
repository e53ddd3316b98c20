// Data for fit, evaluate and predict: tensors, or a source that makes batches on demand. Checks here turn the
// usual mistakes with shapes into one sentence. Reading files is the data room's business.
import { FoveaError, shown } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { numberWithin } from "../../core/options.js";
import { type Shape, sameShape, showShape, sizeOf } from "../../core/shape.js";
import { sliceRows, type Tensor, type TensorType, takeRows, tensor } from "../../core/tensor.js";
import { positionOf } from "../losses/targets.js";

/** One, several in order, or by the names of a model's inputs or outputs. */
export type ByName<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** Samples and targets with one row each: x `[n, ...]` uint8, int32 or float32, y `[n]` or `[n, ...]`. */
export interface Labelled {
  /** Samples, `[n, ...]`. */
  readonly x: Tensor;
  /** Targets, `[n]` or `[n, ...]`. */
  readonly y: Tensor;
  /** Weight of each sample in the loss, `[n]`. Default: all 1. */
  readonly sampleWeight?: Tensor;
}

/** The same for a model with several inputs or outputs. */
export interface MultiLabelled {
  /** Samples of each input, by its name or in the order of inputs. */
  readonly x: ByName<Tensor>;
  /** Targets of each output, by its name or in the order of outputs. */
  readonly y: ByName<Tensor>;
  /** Weight of each sample in the loss, `[n]`. Default: all 1. */
  readonly sampleWeight?: Tensor;
}

/** Data that is made a batch at a time, for models with any number of inputs and outputs. */
export interface BatchSource {
  /** The number of samples. */
  readonly size: number;
  /** Dtype and shape of a sample, without the batch axis; with several inputs, of each. */
  readonly x: ByName<TensorType>;
  /** Dtype and shape of a target, without the batch axis; with several outputs, of each. */
  readonly y: ByName<TensorType>;
  /** True where batches have a `sampleWeight`. */
  readonly weighted?: boolean;
  /**
   * The samples with these numbers, in this order; several tensors by the names or in the order of the model's.
   * @param indices Numbers of the samples, from 0 to `size - 1`.
   */
  take(indices: Int32Array): MultiLabelled | Promise<MultiLabelled>;
}

/** A source for models with one input and one output. */
export interface LabelledSource extends BatchSource {
  readonly x: TensorType;
  /** Dtype and shape of a target, without the batch axis. */
  readonly y: TensorType;
  take(indices: Int32Array): Labelled | Promise<Labelled>;
}

/** Data that `fit` and `evaluate` take: whole tensors, or a source of batches. */
export type TrainingData = Labelled | MultiLabelled | BatchSource;

/** A batch for any model. */
export interface Batch {
  readonly x: readonly Tensor[];
  readonly y: readonly Tensor[];
  readonly weight?: Tensor | undefined;
  /** The numbers of the samples within the data, for messages. */
  readonly samples?: Int32Array | undefined;
}

/** Any data, checked and in one form. Types are those of one sample. */
export interface Source {
  readonly size: number;
  readonly x: readonly TensorType[];
  readonly y: readonly TensorType[];
  readonly weighted: boolean;
  /** All targets, where they are in memory: they can be checked before training begins. */
  readonly targets?: readonly Tensor[];
  take(indices: Int32Array): Batch | Promise<Batch>;
}

/** The ports of a model: names and shapes of its inputs, names of its outputs. */
export interface Ports {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly outputs: readonly string[];
}

/**
 * Throws unless samples of `shape` (batch axis included) fit a model whose samples have shape `wanted`.
 * A missing batch axis, the most usual mistake, is told as such.
 */
export function checkSamples(who: string, shape: Shape, wanted: Shape): void {
  if (sameShape(shape.slice(1), wanted)) return;
  const hint = sameShape(shape, wanted) ? "; add a batch axis with expandDims(x, 0)" : "";
  const what = shape.length === wanted.length + 1 ? "input" : `input of rank ${wanted.length + 1}`;
  throw new FoveaError(
    "shape-mismatch",
    `${who}: expected ${what} [${["batch", ...wanted].join(", ")}], received ${showShape(shape)}${hint}`,
  );
}

/**
 * Refuses Keras's form `fit(x, y)`, with what to write instead.
 * @throws FoveaError when `data` is a tensor or a list of numbers, or the second argument a tensor.
 */
export function checkCall(who: string, data: unknown, second: unknown): void {
  const isBare = (value: unknown): boolean => isTensor(value) || Array.isArray(value) || ArrayBuffer.isView(value);
  if (!isBare(data)) return;
  const received = isBare(second) ? "x and y as two arguments" : "a tensor alone";
  const more = who === "trainOnBatch" ? "" : ", options";
  throw new FoveaError("wrong-type", `${who}: expected ${who}({ x, y }${more}), received ${received}`);
}

const isTensor = (value: unknown): value is TensorType =>
  typeof value === "object" && value !== null && "dtype" in value && "shape" in value;

/** @throws FoveaError unless `value` is a tensor, or the type of one, whose data fill its shape. */
function checkTensor(who: string, what: string, value: TensorType): void {
  if (!isTensor(value) || !Array.isArray(value.shape))
    throw new FoveaError(
      "wrong-type",
      `${who}: expected ${what} as a tensor, such as tensor([[1, 2], [3, 4]]), received ${shown(value)}`,
    );
  if ("data" in value && (value as Tensor).data.length !== sizeOf(value.shape))
    throw new FoveaError(
      "shape-mismatch",
      `${who}: expected ${what} ${showShape(value.shape)} to hold ${sizeOf(value.shape)} values, received ${(value as Tensor).data.length}`,
    );
}

/** The tensors of `tensors` in the order of `names`. @throws FoveaError when some are missing or too many. */
export function inOrder<T extends TensorType>(
  who: string,
  what: string,
  tensors: ByName<T>,
  names: readonly string[],
): readonly T[] {
  if (isTensor(tensors) || Array.isArray(tensors) || typeof tensors !== "object" || tensors === null) {
    const all = (Array.isArray(tensors) ? tensors : [tensors]) as readonly T[];
    for (const value of all) checkTensor(who, what, value);
    if (all.length === names.length) return all;
    throw new FoveaError(
      "length-mismatch",
      `${who}: expected ${what} for ${names.length} (${names.join(", ")}), received ${all.length}`,
    );
  }
  const byName = tensors as Readonly<Record<string, T>>;
  const unknown = Object.keys(byName).find((name) => !names.includes(name));
  const missing = names.find((name) => ownValue(byName, name) === undefined);
  if (unknown !== undefined || missing !== undefined)
    throw new FoveaError(
      "length-mismatch",
      `${who}: expected ${what} by the names ${names.join(", ")}, ` +
        (unknown === undefined ? `"${missing}" is missing` : `received "${unknown}"`),
    );
  for (const name of names) checkTensor(who, `${what} "${name}"`, byName[name]!);
  return names.map((name) => byName[name]!);
}

/**
 * @param samples numbers of the rows within the data; default: the rows themselves.
 * @throws FoveaError naming the first NaN or infinity, which would spoil all weights in one step.
 */
function checkFinite(who: string, what: string, x: Tensor, samples?: Int32Array): void {
  if (x.dtype !== "float32") return;
  // One pass without branches: 0 times a number that is not finite is NaN.
  let spoiled = 0;
  for (const value of x.data) spoiled += value * 0;
  if (spoiled === 0) return;
  const index = x.data.findIndex((value) => !Number.isFinite(value));
  throw new FoveaError(
    "not-finite",
    `${who}: expected finite numbers as ${what}, received ${x.data[index]} at ${positionOf(what, x, index, samples)}`,
  );
}

/** int8 as int32, which backends compute with: the numbers stay. */
export const widened = (x: Tensor): Tensor =>
  x.dtype === "int8" ? tensor(Int32Array.from(x.data), x.shape, "int32") : x;

const widenedType = ({ dtype, shape }: TensorType): TensorType => ({
  dtype: dtype === "int8" ? "int32" : dtype,
  shape,
});

const sampleType = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape: shape.slice(1) });

/** Consecutive numbers are a slice, which copies nothing. */
function rows<T extends Tensor>(x: T, indices: Int32Array): Tensor {
  const [first, last] = [indices[0]!, indices[indices.length - 1]!];
  const consecutive = last - first === indices.length - 1 && indices.every((index, i) => index === first + i);
  return consecutive ? sliceRows(x, first, last + 1) : takeRows(x, indices);
}

function ofTensors(who: string, data: Labelled | MultiLabelled, { inputs, outputs }: Ports): Source {
  const names = inputs.map(({ name }) => name);
  const x = inOrder(who, "x", data.x, names).map(widened);
  const y = inOrder(who, "y", data.y, outputs).map(widened);
  const weight = data.sampleWeight;
  const size = x[0]!.shape[0]!;
  const other = [...x, ...y].find(({ shape }) => shape[0] !== size);
  if (other !== undefined)
    throw new FoveaError(
      "length-mismatch",
      `${who}: expected as many targets as samples, received x ${showShape(x[0]!.shape)} and ` +
        `${y.includes(other) ? "y" : "x"} ${showShape(other.shape)}`,
    );
  if (weight !== undefined && (weight.shape[0] !== size || sizeOf(weight.shape) !== size))
    throw new FoveaError(
      "shape-mismatch",
      `${who}: expected one sampleWeight per sample, [${size}], received ${showShape(weight.shape)}`,
    );
  for (const tensor of x) checkFinite(who, "x", tensor);
  for (const tensor of y) checkFinite(who, "y", tensor);
  if (weight !== undefined) checkFinite(who, "sampleWeight", weight);
  return {
    size,
    x: x.map(sampleType),
    y: y.map(sampleType),
    weighted: weight !== undefined,
    targets: y,
    take: (indices) => ({
      samples: indices,
      x: x.map((input) => rows(input, indices)),
      y: y.map((target) => rows(target, indices)),
      weight: weight && rows(weight, indices),
    }),
  };
}

function streamed(who: string, data: BatchSource, { inputs, outputs }: Ports): Source {
  const names = inputs.map(({ name }) => name);
  const weighted = data.weighted ?? false;
  const take = async (indices: Int32Array): Promise<Batch> => {
    const batch = await data.take(indices);
    const x = inOrder(who, "x", batch.x, names).map(widened);
    const y = inOrder(who, "y", batch.y, outputs).map(widened);
    const weight = batch.sampleWeight;
    if ((weight !== undefined) !== weighted)
      throw new FoveaError(
        "mismatched-parts",
        `${who}: the source says weighted: ${weighted}, its batch has ${weight === undefined ? "no" : "a"} sampleWeight`,
      );
    for (const [what, tensors] of [
      ["x", x] as const,
      ["y", y] as const,
      ["sampleWeight", weight ? [weight] : []] as const,
    ])
      for (const tensor of tensors) {
        if (tensor.shape[0] !== indices.length)
          throw new FoveaError(
            "shape-mismatch",
            `${who}: expected the source to give ${indices.length} rows of ${what}, received ${showShape(tensor.shape)}`,
          );
        checkFinite(who, what, tensor, indices);
      }
    if (weight !== undefined && sizeOf(weight.shape) !== indices.length)
      throw new FoveaError(
        "shape-mismatch",
        `${who}: expected one sampleWeight per sample, [${indices.length}], received ${showShape(weight.shape)}`,
      );
    return { x, y, weight, samples: indices };
  };
  return {
    size: data.size,
    x: inOrder(who, "x", data.x, names).map(widenedType),
    y: inOrder(who, "y", data.y, outputs).map(widenedType),
    weighted,
    take,
  };
}

/**
 * Data in one form, for a model with these inputs and outputs.
 * @throws FoveaError for missing, empty or unequal x and y, or samples that do not fit.
 */
export function sourceOf(who: string, data: TrainingData, ports: Ports): Source {
  if (typeof data !== "object" || data === null || !("x" in data) || !("y" in data))
    throw new FoveaError("wrong-type", `${who}: expected data as { x, y }, two tensors with one row per sample`);
  // A loaded data set has a take of its own, which gives its first images.
  const source = "take" in data && "size" in data ? streamed(who, data, ports) : ofTensors(who, data, ports);
  if (source.size === 0) throw new FoveaError("empty-input", `${who}: expected at least one sample, received none`);
  ports.inputs.forEach(({ shape }, i) => {
    checkSamples(who, [source.size, ...source.x[i]!.shape], shape);
  });
  return source;
}

/**
 * Weights of classes as weights of samples; a class that is not named counts 1.
 * @throws FoveaError unless classes are numbers and weights at least 0.
 */
export function withClassWeight(source: Source, classWeight: Readonly<Record<number, number>>): Source {
  if (typeof classWeight !== "object" || classWeight === null)
    throw new FoveaError(
      "wrong-type",
      `fit classWeight: expected weights by class, such as { 0: 1, 1: 5 }, received ${shown(classWeight)}`,
    );
  for (const [label, weight] of Object.entries(classWeight)) {
    if (!/^\d+$/.test(label))
      throw new FoveaError(
        "wrong-type",
        `fit classWeight: expected the numbers of classes, such as { 0: 1, 1: 5 }, received "${label}"`,
      );
    numberWithin(`fit classWeight of class ${label}`, weight, 0);
  }
  if (source.weighted)
    throw new FoveaError("conflicting-options", "fit: classWeight and sampleWeight exclude each other; pass one");
  if (source.y.length !== 1) throw new FoveaError("unsuited-option", "fit: classWeight is for models with one output");
  const { shape } = source.y[0]!;
  if (shape.length > 1)
    throw new FoveaError(
      "unsuited-option",
      `fit: classWeight is for targets of one class per sample, [n] or one-hot [n, classes], received ${showShape([source.size, ...shape])}; weigh samples with sampleWeight`,
    );
  return {
    ...source,
    weighted: true,
    take: async (indices) => {
      const batch = await source.take(indices);
      const [y] = batch.y;
      const n = y!.shape[0]!;
      const width = sizeOf(y!.shape) / n;
      const data = Float32Array.from({ length: n }, (_, row) => {
        const values = Array.from(y!.data.subarray(row * width, (row + 1) * width));
        const label = width === 1 ? values[0]! : values.indexOf(Math.max(...values));
        return classWeight[label] ?? 1;
      });
      return { ...batch, weight: tensor(data, [n], "float32") };
    },
  };
}

/** The first `n` samples. */
export const firstOf = (source: Source, n: number): Source => ({ ...source, size: Math.min(n, source.size) });

/**
 * Cuts a share of the samples off the end, as Keras's `validation_split` does.
 * @throws FoveaError when nothing would be left of either part.
 */
export function splitOff(source: Source, share: number): [train: Source, validation: Source] {
  const cut = Math.floor(source.size * (1 - numberWithin("fit validationSplit", share, 0, 1)));
  if (cut === 0 || cut === source.size)
    throw new FoveaError(
      "impossible-split",
      `fit validationSplit: ${share} of ${source.size} samples leaves nothing to ${cut === 0 ? "train on" : "validate with"}`,
    );
  const rest: Source = {
    ...source,
    size: source.size - cut,
    take: (indices) => source.take(indices.map((index) => index + cut)),
  };
  return [firstOf(source, cut), rest];
}

/** The numbers 0 to n - 1 cut into batches; the last may be smaller. `order` replaces the natural one. */
export function* batchesOf(n: number, batchSize: number, order?: Int32Array): Generator<Int32Array> {
  const all = order ?? Int32Array.from({ length: n }, (_, i) => i);
  for (let start = 0; start < n; start += batchSize) yield all.subarray(start, Math.min(start + batchSize, n));
}

/**
 * Hands each batch of a source to `use`, which says whether to go on. The next batch is fetched meanwhile, so that a
 * source that decodes or reads keeps nobody waiting.
 */
export async function forBatches(
  source: Source,
  batches: Iterable<Int32Array>,
  use: (batch: Batch, indices: Int32Array) => Promise<boolean>,
): Promise<void> {
  const iterator = batches[Symbol.iterator]();
  const fetch = async (): Promise<[Batch, Int32Array] | undefined> => {
    const { value: indices, done } = iterator.next();
    return done ? undefined : [await source.take(indices), indices];
  };
  let batch = await fetch();
  while (batch !== undefined) {
    // Both are over before an error is told: whoever hears of it may close the source.
    const [used, fetched] = await Promise.allSettled([use(...batch), fetch()]);
    if (used.status === "rejected") throw used.reason;
    if (fetched.status === "rejected" && used.value) throw fetched.reason;
    batch = used.value && fetched.status === "fulfilled" ? fetched.value : undefined;
  }
}

/** The type of a batch of `n` samples. */
export const batchType = ({ dtype, shape }: TensorType, n: number): TensorType => ({ dtype, shape: [n, ...shape] });
