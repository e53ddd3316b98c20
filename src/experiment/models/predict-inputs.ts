// Samples for a model, read from files: images, arrays in .npy files, rows of numbers in CSV files. They become
// batches, with a name for each sample.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { showShape, sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { loadImage, parseCsv, readImageHeader, uprightSize } from "../../data/index.js";
import { readNpy } from "../../formats/containers/npy.js";
import { scalesPixels } from "../../formats/models/pixels.js";
import { readBytes, readText } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { badFile, eachReadable } from "../data/bad-files.js";
import { lookOf } from "../data/look.js";
import { taskOf } from "../tasks/index.js";
import type { Samples } from "./answerer.js";
import type { AskedFile } from "./predict-sources.js";
import { type OpenedModel, stacked, type TrainedModel } from "./trained-model.js";

type Reader = (path: string, sample: readonly number[]) => Promise<Tensor>;

/** Files that hold several samples, by their extension. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [".npy", async (path, sample) => asBatch(readNpy(await readBytes(path), path), sample, path)],
  [".csv", async (path, sample) => numberRows(await readText(path), sample, path)],
]);

const readerOf = (path: string): Reader | undefined => READERS.get(extensionOf(path));

/**
 * Reads files in their order, images in groups of at most `most`.
 * @throws FoveaError for images where the model takes none; files that cannot be read are among the items.
 */
export async function* samplesOf(
  opened: OpenedModel,
  files: readonly (string | AskedFile)[],
  most: number,
): AsyncGenerator<Samples> {
  const asked = files.map((file) => (typeof file === "string" ? { name: file, source: file } : file));
  const picture = asked.find((file) => arrayIn(file) === undefined);
  if (picture !== undefined && opened.preprocessing === undefined) throw noPictures(opened, picture.name);
  let images: AskedFile[] = [];
  for (const file of asked) {
    const array = arrayIn(file);
    if (array === undefined) images.push(file);
    if (images.length > 0 && (array !== undefined || images.length >= most)) {
      yield imageSamples(opened as TrainedModel, images);
      images = [];
    }
    if (array !== undefined) yield arraySamples(opened, array.path, array.read);
  }
  if (images.length > 0) yield imageSamples(opened as TrainedModel, images);
}

/** Path and reader of a file of arrays; undefined for an image. */
function arrayIn({ source }: AskedFile): { readonly path: string; readonly read: Reader } | undefined {
  const read = typeof source === "string" ? readerOf(source) : undefined;
  return read && { path: source as string, read };
}

function noPictures({ file, model }: OpenedModel, picture: string): FoveaError {
  const { inputShape } = model;
  const rows = inputShape.length === 1 ? `, or a .csv file with ${inputShape[0]} numbers per row` : "";
  return new FoveaError(
    "unsuited-model",
    `${file} takes samples of ${showShape(inputShape)} numbers, which are no pictures, and ${picture} is no array; ` +
      `expected a .npy file of shape [n, ${inputShape.join(", ")}]${rows}`,
  );
}

async function imageSamples({ preprocessing, task }: TrainedModel, files: readonly AskedFile[]): Promise<Samples> {
  const look = lookOf(preprocessing);
  const needsSizes = task !== undefined && taskOf(task).needsSizes === true;
  const outcomes = await eachReadable(files, async ({ name, source }) => {
    const bytes = typeof source === "string" && needsSizes ? await readBytes(source) : source;
    const image = typeof bytes === "function" ? await bytes() : bytes;
    const pixels = await loadImage(image, look);
    return { pixels, size: needsSizes ? await fileSize(image as Uint8Array, name) : undefined };
  });
  const { good, bad } = outcomes;
  const failed = new Map(bad.map((refused) => [refused.image, refused]));
  const x = good.length === 0 ? undefined : stacked(good.map(({ value }) => value.pixels));
  const sizes = good.flatMap(({ value: { size } }) => (size === undefined ? [] : [size]));
  return { items: files.map(({ name }) => failed.get(name) ?? name), x, ...(needsSizes && { sizes }) };
}

/** Height and width of an image that was decoded, upright. */
async function fileSize(bytes: Uint8Array, name: string): Promise<readonly [height: number, width: number]> {
  const { height, width } = uprightSize((await readImageHeader(bytes, name))!);
  return [height, width];
}

async function arraySamples(opened: OpenedModel, path: string, read: Reader): Promise<Samples> {
  try {
    const x = await read(path, opened.model.inputShape);
    const items = Array.from({ length: x.shape[0]! }, (_, row) => `${path}[${row}]`);
    return { items, x, ...defined({ doubt: doubtOf(opened, path, x) }) };
  } catch (error) {
    return { items: [badFile(path, error)], x: undefined };
  }
}

/**
 * Height and width of the images in an .npy file, which a model that takes any size then has.
 * @param path path of the file
 * @returns undefined for other files, and for arrays without axes `[n, height, width, channels]`
 */
export async function sizeOfArray(path: string): Promise<readonly [height: number, width: number] | undefined> {
  if (extensionOf(path) !== ".npy") return undefined;
  try {
    const [, height, width, channels] = readNpy(await readBytes(path), path).shape;
    return height === undefined || width === undefined || channels === undefined ? undefined : [height, width];
  } catch (error) {
    // The reader of samples names the fault of such a file.
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** Numbers that were scaled before, for a model that scales pixels: all would be nearly black. */
function doubtOf({ facts, original, file }: OpenedModel, path: string, x: Tensor): string | undefined {
  const scales = facts?.preprocessing?.rescale !== undefined || scalesPixels(original);
  if (!scales || x.dtype !== "float32" || x.data.some((value) => !(Math.abs(value) <= 1))) return undefined;
  return `${path} holds numbers from -1 to 1, and ${file} takes pixels from 0 to 255, which are scaled for it`;
}

const tight = (shape: readonly number[]): string => String(shape.filter((extent) => extent !== 1));

/** An array as samples of that shape: several, or one without the axis of samples; axes of one may be there or not. */
function asBatch(array: Tensor, sample: readonly number[], path: string): Tensor {
  const { shape } = array;
  if (shape.length > 0 && tight(shape.slice(1)) === tight(sample))
    return tensor(array.data, [shape[0]!, ...sample], array.dtype);
  const [height, width, channels] = sample;
  const isTurned = sample.length === 3 && tight(shape.slice(1)) === tight([channels!, height!, width!]);
  // A lone row is a row; a lone image lacks its batch axis, as in Keras.
  const isLone = tight(shape) === tight(sample);
  if (isLone && sample.length === 1) return tensor(array.data, [1, ...sample], array.dtype);
  if (isLone)
    throw new FoveaError(
      "shape-mismatch",
      `${path}: expected input of rank ${sample.length + 1} [batch, ${sample.join(", ")}], received ${showShape(shape)}; ` +
        "add a batch axis with expandDims(x, 0), in NumPy x[np.newaxis]",
    );
  throw new FoveaError(
    "shape-mismatch",
    `${path}: expected an array of shape [n, ${sample.join(", ")}], received ${showShape(shape)}` +
      (isTurned ? "; its channels come first, so save np.transpose(x, (0, 2, 3, 1))" : ""),
  );
}

/** Rows of numbers as samples; a first row without a number is a row of names. */
function numberRows(text: string, sample: readonly number[], path: string): Tensor<"float32"> {
  if (sample.length !== 1)
    throw new FoveaError(
      "unsuited-model",
      `${path}: rows of numbers are for models of vectors, this one takes ${showShape(sample)}`,
    );
  const delimiter = /^[^\n,]*;/.test(text) ? ";" : ",";
  const rows = parseCsv(text, { name: path, delimiter });
  const isNumber = (field: string): boolean => field.trim() !== "" && Number.isFinite(Number(field));
  const hasHead = rows[0]?.every((field) => !isNumber(field)) ?? false;
  const width = sizeOf(sample);
  const values = rows.slice(hasHead ? 1 : 0).flatMap((row, n) => {
    if (row.length !== width)
      throw new FoveaError(
        "shape-mismatch",
        `${path}: the model takes ${width} numbers, row ${n + 1} has ${row.length}`,
      );
    return row.map((field, column) => {
      if (isNumber(field)) return Number(field);
      const where = hasHead ? `column ${JSON.stringify(rows[0]![column])}` : `column ${column + 1}`;
      throw new FoveaError(
        "wrong-value",
        `${path}: row ${n + 1}, ${where}: expected a number, received ${JSON.stringify(field)}`,
      );
    });
  });
  if (values.length === 0)
    throw new FoveaError("empty-input", `${path}: expected rows of ${width} numbers, found none`);
  return tensor(Float32Array.from(values), [values.length / width, width], "float32");
}
