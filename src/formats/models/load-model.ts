// Opens a model of whatever format it is, told by its first bytes and not by its name: .keras, older .h5, model.json of
// TensorFlow.js or of Keras, and archives of these as Teachable Machine gives them.
import { FoveaError } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import { looksLikeHdf5 } from "../containers/hdf5/read.js";
import { looksLikeZip, readZip, zipPaths } from "../containers/zip.js";
import { withTeachable, withUsableNames } from "./foreign.js";
import { loadKeras } from "./keras.js";
import { loadKerasH5 } from "./keras-h5.js";
import { kerasDescription, loadKerasJson } from "./keras-json.js";
import type { ImageSize, LoadedModel, LoadOptions, Siblings } from "./loaded.js";
import { looksLikeOnnx } from "./onnx/signature.js";
import { factsFromLabels } from "./teachable.js";
import { loadTfjs } from "./tfjs.js";

/** Options of `loadModel`. */
export interface LoadModelOptions extends LoadOptions {
  /** Gives the files beside the model: shards of weights, labels. Default: there are none. */
  readonly siblings?: Siblings;
  /** Takes models whose last operators no layer computes, as exported detectors have them, with these as `tail`. Default false. */
  readonly tails?: boolean;
}

/** Files to open of a folder or an archive, the first that is there. */
export const MODEL_NAMES: readonly string[] = ["model.keras", "model.json", "keras_model.h5", "model.onnx"];

const LABELS = "labels.txt";
const nothing: Siblings = async () => undefined;

/**
 * Opens a model file of any format that Fovea reads.
 * @throws FoveaError when it is none, is damaged, or needs what Fovea does not have.
 * @example const { model, facts } = await loadModel(bytes, { file: "keras_model.h5", siblings, backend })
 */
export async function loadModel(bytes: Uint8Array, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const { file = "the model" } = options;
  const loaded = await open(bytes, options);
  const kind = looksLikeJson(bytes) && kerasDescription(file, bytes) === undefined ? "tfjs" : "keras";
  return withUsableNames(file, withTeachable(file, kind, withOwnSize(file, loaded, options.imageSize)));
}

/** Says that a size is not used where the model states another, or takes no images. */
function withOwnSize(file: string, loaded: LoadedModel, size: ImageSize | undefined): LoadedModel {
  const shape = loaded.model.inputShapes[0] ?? [];
  const [height, width] = shape;
  if (size === undefined || (size[0] === height && size[1] === width)) return loaded;
  const known =
    shape.length === 3
      ? `the model says itself that its images are ${height}x${width}`
      : `the model takes samples ${showShape(shape)}, which are no images`;
  const kept = `${file}: ${known}; ${size.join("x")} is not used`;
  return { ...loaded, warnings: [...loaded.warnings, kept] };
}

async function open(bytes: Uint8Array, options: LoadModelOptions): Promise<LoadedModel> {
  const { siblings = nothing, tails = false, ...rest } = options;
  if (looksLikeZip(bytes)) return loadArchive(bytes, rest);
  if (looksLikeHdf5(bytes)) {
    const loaded = await loadKerasH5(bytes, rest);
    const labels = await siblings(LABELS);
    return labels === undefined ? loaded : { ...loaded, facts: factsFromLabels(loaded.model, labels) };
  }
  if (looksLikeJson(bytes)) {
    const description = kerasDescription(options.file ?? "the model", bytes);
    return description === undefined ? loadTfjs(bytes, siblings, rest) : loadKerasJson(description, siblings, rest);
  }
  if (looksLikeOnnx(bytes)) {
    const { loadOnnx } = await import("./onnx/import.js");
    return loadOnnx(bytes, { ...rest, siblings, tails });
  }
  if (options.file?.endsWith(".keras")) return loadKeras(bytes, rest);
  throw new FoveaError(
    "unknown-format",
    `${options.file ?? "the model"}: expected a model as .keras, .h5, .onnx or model.json, found ${bytes.length === 0 ? "an empty file" : "something else"}`,
  );
}

/** A .keras file, or an archive with a model of another format in it. */
async function loadArchive(bytes: Uint8Array, options: LoadOptions): Promise<LoadedModel> {
  const { file = "the archive" } = options;
  const paths = zipPaths(bytes, file);
  const name = MODEL_NAMES.find((candidate) => paths.some((path) => path.split("/").at(-1) === candidate));
  if (paths.includes("config.json") || name === undefined) return loadKeras(bytes, options);
  const path = paths.find((candidate) => candidate.split("/").at(-1) === name)!;
  const members = readZip(bytes, { name: file });
  const inner = members.get(path)!;
  // An archive in an archive is a .keras file or nothing: some hold themselves, and would be opened for ever.
  if (looksLikeZip(inner)) return loadKeras(inner, { ...options, file: `${file}, ${path}` });
  const folder = path.slice(0, path.length - name.length);
  const siblings: Siblings = async (sibling) => members.get(folder + sibling);
  return loadModel(inner, { ...options, file: `${file}, ${path}`, siblings });
}

/** Checks whether bytes begin as JSON of a model does. */
export function looksLikeJson(bytes: Uint8Array): boolean {
  const start = bytes.findIndex((byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte));
  // An object, or a text that holds one.
  return bytes[start] === 0x7b || (bytes[start] === 0x22 && bytes[start + 1] === 0x7b);
}
