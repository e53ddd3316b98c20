// Predictions of a model, as files: arrays (.npy), rows of numbers (.csv), JSON of them all, maps as pictures (.png).
import { FoveaError, UsageError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import { csvField } from "../../data/index.js";
import { palettePng } from "../../data/palette-png.js";
import { type Picture, sheet } from "../../explain/index.js";
import { writeNpy } from "../../formats/containers/npy.js";
import { writeAtomic } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { CLASS_COLORS } from "../../report/class-colors.js";
import { pngBytes } from "../../report/images/png.js";
import { taskOf } from "../tasks/index.js";
import { type AnswerBatch, readingsIn } from "./answerer.js";
import { judgementHeads, judgementRows } from "./judgement-columns.js";
import type { OutputFacts } from "./output-kinds.js";
import type { Asked, AskedOutputs } from "./predict.js";

/** Contents of each file by its name, in the form that the extension says. */
type Contents = ReadonlyMap<string, Uint8Array | string>;
type Form = (path: string, asked: Asked) => Contents;

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  [".npy", arrays],
  [".csv", (path, asked) => new Map([[path, predictionsCsv(asked, path)]])],
  [".json", (path, { answers }) => new Map([[path, `${JSON.stringify({ predictions: answers }, null, 1)}\n`]])],
  [".png", pictures],
]);

/**
 * Checks that the name of a file says a form that predictions are written in: .npy, .csv, .json or .png.
 * @param path path of the file
 * @throws UsageError for another name
 */
export function checkPredictionFile(path: string): void {
  if (!FORMS.has(extensionOf(path)))
    throw new UsageError(`${path}: expected a name with ${[...FORMS.keys()].join(", ")} to write predictions`);
}

/**
 * Writes answers whose arrays were kept. Several outputs are several files, with the output's name before the
 * extension; several pictures are numbered.
 * @param path path of the file, whose extension says the form
 * @param asked answers of `predictFiles` with `keep`
 * @returns paths of the files
 * @throws FoveaError where the form cannot hold the outputs, before anything is written
 */
export async function writePredictions(path: string, asked: Asked): Promise<string[]> {
  checkPredictionFile(path);
  const contents = FORMS.get(extensionOf(path))!(path, asked);
  for (const [file, content] of contents) await writeAtomic(file, content);
  return [...contents.keys()];
}

/** `a/b.npy` with something before its extension, where there is something; names of layers may have slashes in them. */
function inserted(path: string, ...parts: readonly string[]): string {
  const extension = extensionOf(path);
  const safe = parts.filter((part) => part !== "").map((part) => part.replaceAll(/[\p{Cc}/\\:*?"<>|]/gu, "-"));
  return (
    [path.slice(0, path.length - extension.length), ...safe].join("-") + path.slice(path.length - extension.length)
  );
}

/** Parts of file names, one for each output: its name, with its number where another output would have the same file. */
function partsOf({ outputs }: Asked): string[] {
  if (outputs.length === 1) return [""];
  const files = outputs.map(({ name }) => inserted("", name).toLowerCase());
  return outputs.map(({ name }, i) =>
    files.filter((file) => file === files[i]).length === 1 ? name : `${name}-${i + 1}`,
  );
}

function arrays(path: string, asked: Asked): Contents {
  return new Map(partsOf(asked).map((part, i) => [inserted(path, part), writeNpy(asked.arrays[i]!)] as const));
}

const lineOf = (fields: readonly (string | number)[]): string =>
  `${fields.map((field) => csvField(field)).join(",")}\n`;

/**
 * A table of answers whose arrays were kept: a line for each sample that has one, as `--out answers.csv` writes it.
 * @param asked answers of `predictFiles` with `keep`
 * @param name name of the table in errors. Default "the table"
 * @throws FoveaError for outputs that are maps
 */
export const predictionsCsv = (asked: Asked, name = "the table"): string =>
  [headOf(name, asked), ...rowsOf(asked, asked.outputs)].join("");

/** The first line of a table: `image`, then a name for each class, label or number of each output, and `mask_file`. */
function headOf(path: string, asked: Pick<Asked, "outputs" | "judged"> & Pick<AnswerBatch, "maskFiles">): string {
  const map = asked.outputs.find(({ kind }) => kind === "maps");
  if (map !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `${path}: the output ${map.name} is maps of ${map.shape.join("x")}; write .npy or .png`,
    );
  const heads = asked.outputs.flatMap((output) => {
    const part = asked.outputs.length === 1 ? "" : `${output.name}/`;
    return columnNames(output).map((name) => part + name);
  });
  return lineOf(["image", ...heads, ...(asked.maskFiles ? ["mask_file"] : []), ...judgementHeads(asked)]);
}

/** Names of an output's columns: of masks the areas of classes, of boxes the numbers of objects. */
const columnNames = ({ kind, columns }: OutputFacts): readonly string[] => {
  if (kind === "boxes") return ["objects", ...columns.map((name) => `count_${name}`)];
  return kind === "masks" ? columns.map((name) => `percent_${name}`) : columns;
};

/** A line for each sample: its name, then its numbers; of masks and boxes those of `columnNames`. */
function rowsOf(
  batch: Pick<AnswerBatch, "names" | "arrays" | "answers" | "judged" | "maskFiles">,
  outputs: readonly OutputFacts[],
): string[] {
  const { names, maskFiles } = batch;
  const rows = batch.arrays.map((array, i) => numbersIn(array, outputs[i]!));
  const judgements = judgementRows(batch, judgementHeads({ outputs, judged: batch.judged }));
  return names.map((name, row) =>
    lineOf([
      name,
      ...rows.flatMap((numbersOf) => numbersOf(row)),
      ...(maskFiles === undefined ? [] : [maskFiles[row]!]),
      ...judgements[row]!,
    ]),
  );
}

/** The numbers of each row of an output; a few in place of maps or boxes. */
function numbersIn(array: Tensor<"float32">, output: OutputFacts): (row: number) => number[] {
  if (output.kind === "masks" || output.kind === "boxes") {
    const columns = taskOf(output.task!).resultColumns(readingsIn(array, output), output.task!, "class");
    return (row) => columns.map(([, values]) => Number(values[row]));
  }
  const { shape, data } = array;
  return (row) => Array.from(data.subarray(row * shape[1]!, (row + 1) * shape[1]!));
}

/**
 * Writes a table of answers as they come, so that any number of images takes the memory of some. Nothing is written
 * where no file could be read.
 * @param path path of the CSV file
 * @param asked outputs of the model
 * @param batches answers of `predictBatches`
 * @param onBatch receives each batch once its rows are on their way
 * @returns the files: one, or none
 * @throws FoveaError for outputs that are maps, before anything is computed
 * @example
 * const opened = await openAny("model.keras");
 * const batches = predictBatches(opened, ["photo.png", "lost.png"]);
 * const files = await streamPredictions("stream.csv", outputKinds(opened), batches, ({ answers }) => answers.length);
 */
export async function streamPredictions(
  path: string,
  { outputs }: Pick<AskedOutputs, "outputs">,
  batches: AsyncIterable<AnswerBatch>,
  onBatch: (batch: AnswerBatch) => void,
): Promise<string[]> {
  headOf(path, { outputs, judged: [] });
  const iterator = batches[Symbol.asyncIterator]();
  const next = async (): Promise<AnswerBatch | undefined> => {
    const { done, value } = await iterator.next();
    if (done) return undefined;
    onBatch(value);
    return value;
  };
  let first = await next();
  while (first !== undefined && first.names.length === 0) first = await next();
  if (first === undefined) return [];
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    yield encoder.encode(headOf(path, { ...first!, outputs }));
    for (let batch = first; batch !== undefined; batch = await next())
      yield encoder.encode(rowsOf(batch, outputs).join(""));
  }
  await writeAtomic(path, pieces());
  return [path];
}

/** The most pictures that are written at once. */
const MOST_PICTURES = 10_000;

function pictures(path: string, asked: Asked): Contents {
  const other = asked.outputs.find(({ kind, shape }) => (kind !== "maps" && kind !== "masks") || shape.length > 3);
  if (other !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `${path}: the output ${other.name} is no picture or maps; write .npy, .csv or .json`,
    );
  const count = asked.names.length;
  if (count * asked.outputs.length > MOST_PICTURES)
    throw new FoveaError(
      "unsuited-option",
      `${path}: these would be ${count * asked.outputs.length} pictures; write .npy`,
    );
  const contents = new Map<string, Uint8Array>();
  const parts = partsOf(asked);
  for (const [i, output] of asked.outputs.entries())
    for (let row = 0; row < count; row++) {
      const shape = output.kind === "masks" ? output.shape.slice(0, 2) : output.shape;
      const size = sizeOf(shape);
      const data = asked.arrays[i]!.data.subarray(row * size, (row + 1) * size);
      const number = count === 1 ? "" : String(row + 1).padStart(String(count).length, "0");
      const [height, width] = shape as readonly [number, number];
      const bytes =
        output.kind === "masks"
          ? palettePng({ height, width, data: Uint8Array.from(data) }, CLASS_COLORS)
          : pngBytes(picture(shape, data));
      contents.set(inserted(path, parts[i]!, number), bytes);
    }
  return contents;
}

const COLUMNS = 8;

/** One or three channels as an image, others as a sheet of grey ones; drawn from 0 to 1 or 0 to 255 where they fit. */
function picture(shape: readonly number[], data: Float32Array): Picture {
  const [height, width, channels = 1] = shape as readonly [number, number, number?];
  const [low, high] = rangeOf(data);
  const bytes = Uint8ClampedArray.from(data, (value) => (high > low ? (255 * (value - low)) / (high - low) : 0));
  const plain = { height, width, data: new Uint8Array(bytes) };
  if (channels === 1 || channels === 3) return { ...plain, channels };
  const channel = (c: number): Picture => ({
    height,
    width,
    channels: 1,
    data: Uint8Array.from({ length: height * width }, (_, at) => bytes[at * channels + c]!),
  });
  return sheet(
    Array.from({ length: channels }, (_, c) => channel(c)),
    COLUMNS,
  );
}

function rangeOf(data: Float32Array): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low >= 0 && high <= 1) return [0, 1];
  return low >= 0 && high <= 255 ? [0, 255] : [low, high];
}
