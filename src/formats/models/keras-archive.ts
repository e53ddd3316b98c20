// The `.keras` archive of Keras 3 as neutral data: metadata, config, weights, assets. Knows the container and its
// parts, nothing of layers. Not here: the npz form of weights, Keras 2's .h5 files.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json.js";
import { looksLikeHdf5, readHdf5 } from "../containers/hdf5/read.js";
import type { Hdf5Group } from "../containers/hdf5/tree.js";
import { writeHdf5 } from "../containers/hdf5/write.js";
import { unpackedLimit } from "../containers/limits.js";
import { looksLikeZip, type ReadZipOptions, readZip, writeZip } from "../containers/zip.js";
import { checkJson, parseJson } from "../json.js";

const METADATA = "metadata.json";
const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";
const ASSETS = "assets/";

const METADATA_SCHEMA = z.object({ keras_version: z.string(), date_saved: z.string() });

/** The members of a `.keras` file. */
export interface KerasArchive {
  /** `date_saved` is `YYYY-MM-DD@HH:MM:SS`. */
  readonly metadata: { readonly keras_version: string; readonly date_saved: string };
  /** The model's serialised form. */
  readonly config: JsonObject;
  /** The content of `model.weights.h5`. */
  readonly weights: Hdf5Group;
  /** Files under `assets/`, by path without that prefix. */
  readonly assets: ReadonlyMap<string, Uint8Array>;
}

/**
 * The archive as bytes, members in Keras's order and stored. The weights' member states when it was written.
 * @example
 * const { metadata, config, weights } = await readKerasArchive(await readFile("model.keras"));
 * config.class_name; // "Sequential"
 * const bytes = await writeKerasArchive({ metadata, config: { ...config, name: "pets" }, weights, assets: new Map() });
 */
export async function writeKerasArchive({ metadata, config, weights, assets }: KerasArchive): Promise<Uint8Array> {
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return writeZip([
    [METADATA, json(metadata)],
    [CONFIG, json(config)],
    [WEIGHTS, await writeHdf5(weights)],
    ...[...assets].map(([path, bytes]): [string, Uint8Array] => [ASSETS + path, bytes]),
  ]);
}

/**
 * Reads a `.keras` file.
 * @param bytes The file's contents.
 * @throws FoveaError when the bytes are no such file (and says what they are instead), are damaged or too large.
 */
export async function readKerasArchive(bytes: Uint8Array, options: ReadZipOptions = {}): Promise<KerasArchive> {
  // Packed twice, arrays could expand twice: both layers have one limit.
  const { name = "the model", maxBytes = unpackedLimit(bytes.length) } = options;
  const notKeras = (found: string): FoveaError =>
    new FoveaError(
      "unknown-format",
      `${name} is not a .keras file: expected a zip archive with ${CONFIG}, ${METADATA} and ${WEIGHTS}, found ${found}`,
    );
  if (!looksLikeZip(bytes)) throw notKeras(whatIs(bytes));
  const members = readZip(bytes, { ...options, maxBytes });
  const member = (path: string): Uint8Array => {
    const found = members.get(path);
    if (found !== undefined) return found;
    const others = [...members.keys()].slice(0, 5).join(", ");
    throw notKeras(others === "" ? "an empty one" : `one with ${others}${members.size > 5 ? ", ..." : ""}`);
  };
  const metadata = checkJson(
    `${name}, ${METADATA}`,
    METADATA_SCHEMA,
    parseJson(`${name}, ${METADATA}`, member(METADATA)),
  );
  const config = parseJson(`${name}, ${CONFIG}`, member(CONFIG));
  if (!isJsonObject(config)) throw new FoveaError("malformed-file", `${name}, ${CONFIG}: expected a JSON object`);
  const weights = await readHdf5(member(WEIGHTS), { name: `${name}, ${WEIGHTS}`, maxBytes });
  const assets = new Map<string, Uint8Array>();
  for (const [path, data] of members) if (path.startsWith(ASSETS)) assets.set(path.slice(ASSETS.length), data);
  return { metadata, config, weights, assets };
}

/** Kind of a file that is no zip archive, by its first bytes. */
function whatIs(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  if (looksLikeHdf5(bytes)) return "an HDF5 file (Keras 2's .h5?)";
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head.startsWith("\x89PNG") || head.startsWith("\xff\xd8") || head.startsWith("GIF8")) return "an image";
  return head.trimStart().startsWith("{") ? "JSON text" : "something else";
}
