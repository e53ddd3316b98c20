// A model file into another format on disk: which format a path asks for, what goes where, and weights that need a model
// to go into.
import { defined } from "../../core/defined.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json.js";
import { looksLikeHdf5 } from "../../formats/containers/hdf5/read.js";
import type { FoveaFacts, LoadedModel } from "../../formats/index.js";
import { parseJson } from "../../formats/json.js";
import {
  type Conversion,
  convert,
  WRITTEN,
  WRITTEN_FORMATS,
  type WrittenFormat,
} from "../../formats/models/convert.js";
import type { WeightDType } from "../../formats/models/precision.js";
import { TEACHABLE_PACKAGE } from "../../formats/models/teachable.js";
import { loadWeights } from "../../formats/models/weights.js";
import type { Model } from "../../nn/index.js";
import { exists, readBytes, readText, writeAtomic } from "../../platform/files.js";
import { replaceFiles } from "../../platform/folders.js";
import { baseName, joinPath, parentFolder } from "../../platform/paths.js";
import { checkOnImages, type ImageCheck } from "./convert-check.js";
import { type ForeignOptions, withUserFacts } from "./foreign-model.js";
import { NETWORK_NAMES, type NetworkVariant, openNetwork, publishedScale } from "./named-network.js";
import { openModelFile } from "./trained-model.js";

/** Options of a conversion: format and type of the weights, and facts that the file lacks. */
export interface ConvertOptions extends ForeignOptions, NetworkVariant {
  /** Default: what the path of the output says. */
  readonly format?: WrittenFormat;
  /** Type of the weights in the file. Default `"float32"`. */
  readonly dtype?: WeightDType;
  /** Folder of images on which the loss of a `dtype` with fewer bits is measured. Default: random inputs alone. */
  readonly check?: string;
  /**
   * The model that a file of weights alone belongs to: a model file, or the name of a known network. Default: none, for
   * a file that describes its model.
   */
  readonly architecture?: string;
}

/** A model file that was written in another format, with the checks. */
export interface Converted extends Pick<Conversion, "check"> {
  /** Answers about images beside the original's, where they were asked for. */
  readonly images: ImageCheck | undefined;
  /** Format of the written file. */
  readonly format: WrittenFormat;
  /** The model as it was read, open. */
  readonly model: Model;
  /** Facts that the written file holds, as far as its format has room; undefined where none are known. */
  readonly facts: FoveaFacts | undefined;
  /** Parts of the file that could not be taken over, and losses that were not measured, a sentence each. */
  readonly warnings: readonly string[];
  /** Files that were written, with sizes in bytes. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/**
 * Converts a model file, checks the result on random inputs, and only then writes it.
 * @param from path of the model: a file, or a folder with one in it
 * @param to path of the written file or folder, whose extension says the format
 * @throws FoveaError when the file cannot be read, the format cannot hold the model, or the two disagree
 * @example
 * const { files, check } = await convertFile("model.keras", "small.onnx", { dtype: "float16" });
 * files[0].bytes; // fewer than with weights in float32
 * check.maxDifference; // the largest difference of an output on random inputs
 */
export async function convertFile(from: string, to: string, options: ConvertOptions = {}): Promise<Converted> {
  const format = options.format ?? formatOf(to);
  const { model, facts, warnings } = await opened(from, to, options);
  const { files, check, rounded } = await convert({ model, facts }, format, options.dtype);
  if (options.check !== undefined && rounded === undefined)
    throw new UsageError("--check measures the loss of weights in fewer bits; say --dtype float16, or leave it out");
  const images = rounded && options.check ? await checkOnImages({ model, facts }, rounded, options.check) : undefined;
  const lost = images?.accuracy === undefined ? 0 : images.accuracy.before - images.accuracy.after;
  if (options.dtype === "int8" && lost > MOST_LOST)
    throw new FoveaError(
      "conversion-loss",
      `${to}: as int8 the model loses ${(100 * lost).toFixed(1)} points of accuracy on the images of ${options.check}, more ` +
        "than 1; nothing was written, write float16",
    );
  const isMeasured = images?.accuracy !== undefined || images?.agreement !== undefined;
  const told = options.dtype === "int8" && !isMeasured ? [...warnings, UNMEASURED] : warnings;
  const isFolder = WRITTEN[format].extension === undefined;
  const folder = isFolder && baseName(to) !== WRITTEN[format].main ? to : parentFolder(to);
  if (isFolder) await replaceFiles(folder, { files, main: WRITTEN[format].main, older: exportedFiles });
  else await writeAtomic(to, files.get(WRITTEN[format].main)!);
  const written = [...files].map(([name, { length }]) => ({
    path: isFolder ? joinPath(folder, name) : to,
    bytes: length,
  }));
  return { format, model, facts, warnings: told, files: written, check, images };
}

/** Loss of accuracy, as a share, beyond which int8 is not written. */
const MOST_LOST = 0.01;
const UNMEASURED =
  "int8 suits some networks and ruins others, small ones with depthwise convolutions above all; measure it with --check on " +
  "images of its kind, best in folders by class";

const METADATA = "metadata.json";
const SAFETENSORS = ".safetensors";

/**
 * The files of an older export in a folder, so that nothing of it stays: the weights that its model.json names, and the
 * metadata of Teachable Machine, which say whose they are. Other files of such names are somebody else's.
 */
async function exportedFiles(folder: string): Promise<string[]> {
  const model = await jsonIn(folder, WRITTEN.tfjs.main);
  const metadata = await jsonIn(folder, METADATA);
  const groups = Array.isArray(model?.weightsManifest) ? model.weightsManifest : [];
  const paths = groups.flatMap((group) => (isJsonObject(group) && Array.isArray(group.paths) ? group.paths : []));
  return [
    WRITTEN.tfjs.main,
    ...paths.filter((path) => typeof path === "string"),
    ...(metadata?.packageName === TEACHABLE_PACKAGE ? [METADATA] : []),
  ];
}

/** A JSON object in a folder; undefined where there is none that can be read. */
async function jsonIn(folder: string, name: string): Promise<JsonObject | undefined> {
  try {
    const json = parseJson(name, await readText(joinPath(folder, name)));
    return isJsonObject(json) ? json : undefined;
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** @throws UsageError when the path does not say a format that is written. */
function formatOf(path: string): WrittenFormat {
  const name = baseName(path).toLowerCase();
  if (name === WRITTEN.tfjs.main) return "tfjs";
  const found = WRITTEN_FORMATS.find((format) => name.endsWith(WRITTEN[format].extension ?? "/"));
  if (found !== undefined) return found;
  const hint = name.endsWith(".h5")
    ? "Keras's older .h5 is read only; write .keras, or .weights.h5 for the weights"
    : "";
  throw new UsageError(
    hint ||
      `${path}: expected a name with .keras, .onnx, .safetensors or .weights.h5, or --to ${WRITTEN_FORMATS.join("|")}`,
  );
}

async function opened(from: string, to: string, options: ConvertOptions): Promise<LoadedModel> {
  const { architecture, threads, rescale, labels, imageSize, channels, classes, alpha } = options;
  const openOptions = { compile: false, ...defined({ threads, imageSize }) };
  const told = defined({ rescale, labels });
  if (architecture === undefined) {
    const { file, loaded } = await openModelFile(from, openOptions);
    return withUserFacts(file, loaded, told);
  }
  const isName = NETWORK_NAMES.includes(architecture);
  if (!(await exists(architecture))) {
    if (!isName)
      throw new FoveaError(
        "unknown-model",
        `there is no model ${architecture}; expected a model file, or one of ${NETWORK_NAMES.join(", ")}`,
      );
    const loaded = await openNetwork(architecture, from, defined({ threads, imageSize, channels, classes, alpha }));
    const format = options.format ?? formatOf(to);
    return withUserFacts(from, rescale === undefined ? asPublished(architecture, loaded, format) : loaded, told);
  }
  const { file, loaded } = await openModelFile(architecture, openOptions);
  const bytes = await readBytes(from);
  if (!looksLikeHdf5(bytes) && !from.toLowerCase().endsWith(SAFETENSORS))
    throw new FoveaError(
      "unknown-format",
      `${from}: expected weights as .h5, .weights.h5 or .safetensors to put into ${architecture}`,
    );
  await loadWeights(loaded.model, bytes, { file: from });
  return withUserFacts(file, loaded, told);
}

/**
 * A published network for a format. ONNX has no place for what becomes of pixels before, and gets the network as it is
 * published: numbers that Keras's network takes give Keras's outputs.
 */
function asPublished(name: string, loaded: LoadedModel, format: WrittenFormat): LoadedModel {
  const { preprocessing, ...facts } = loaded.facts ?? { version: 1 as const };
  if (format !== "onnx" || preprocessing?.rescale === undefined) return loaded;
  const { rescale: _, ...others } = preprocessing;
  const scale = publishedScale(name);
  const warning =
    `${name} takes pixels scaled as --rescale ${scale} does it, which is not part of the network and so not of the file; ` +
    "say it with that option to put it in";
  return { ...loaded, facts: { ...facts, preprocessing: others }, warnings: [...loaded.warnings, warning] };
}
