// The local store of pretrained weights: Keras's files by their own names, each with a note of its SHA-256. A file comes
// in by being pulled or added, both on somebody's word, and only after it was checked; it is checked again on its way
// out. Nothing is fetched unless `pullWeights` is called.
import {
  IMAGENET_NAMES,
  type ImageNetName,
  imageNetApplication,
  WEIGHT_FILES,
  type WeightFile,
} from "../../applications/imagenet/index.js";
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json.js";
import { loadWeights } from "../../formats/index.js";
import { parseJson } from "../../formats/json.js";
import type { Model } from "../../nn/index.js";
import { discardPart, download } from "../../platform/downloads.js";
import { exists, listDirectory, makeDirectory, readBytes, readText, stat, writeAtomic } from "../../platform/files.js";
import { md5Hex, sha256Hex } from "../../platform/hashing.js";
import { exclusively, type Holder } from "../../platform/locks.js";
import { baseName, joinPath } from "../../platform/paths.js";
import { weightsPath } from "../../platform/weights-path.js";

/** A file in the store. */
export interface StoredWeights {
  /** The published file that it is a copy of. */
  readonly known: WeightFile;
  /** Path of the file in the store. */
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** SHA-256 of the content when it was stored. */
  readonly sha256: string;
  /** True where its MD5 is the one that Keras publishes; null where Keras publishes none. */
  readonly official: boolean | null;
}

/** Variant of an application; a field that is left out has Keras's default. */
export interface WeightsVariant {
  /** Width of the network as a factor of the full one, such as 0.5. Default 1. */
  readonly alpha?: number;
  /** Height and width of the images in pixels. Default: the size that the network was published for. */
  readonly size?: number;
  /** True for the layers that decide among ImageNet's classes. Default true. */
  readonly includeTop?: boolean;
}

/**
 * The path of the store's folder, which is made when absent: `weights` in FOVEA_HOME if set, else in the user's cache
 * folder.
 * @example
 * const folder = await weightsFolder();
 * for (const stored of await listWeights())
 *   console.log(folder, asTyped(stored.known), (await verifyWeights(stored)) ?? "is as it was stored");
 */
export async function weightsFolder(): Promise<string> {
  const folder = await weightsPath();
  await makeDirectory(folder);
  return folder;
}

/**
 * The file that Keras publishes for a variant of a network.
 * @param model name of the network
 * @param variant width, size and top. Default: Keras's own
 * @throws FoveaError naming the alphas and sizes that there are
 * @example
 * const known = weightFileFor("mobilenet_v2", { alpha: 0.5, size: 96, includeTop: false });
 * known.file; // its name in Keras's downloads
 * asTyped(known); // "mobilenet_v2 --alpha 0.5 --size 96 --no-top"
 */
export function weightFileFor(model: ImageNetName, variant: WeightsVariant = {}): WeightFile {
  const { alpha, size, includeTop = true } = variant;
  const all = WEIGHT_FILES.filter((file) => file.model === model);
  const fits = ({ options }: WeightFile): boolean =>
    options.includeTop === includeTop &&
    (alpha === undefined || (options.alpha ?? 1) === alpha) &&
    (size === undefined || sizeOf(model, options) === size);
  const found = all.find(fits);
  if (found !== undefined) return found;
  const values = (pick: (file: WeightFile) => number): string =>
    [...new Set(all.map(pick))].sort((a, b) => a - b).join(", ");
  throw new FoveaError(
    "unknown-choice",
    `Keras publishes weights of ${model} for alpha ${values(({ options }) => options.alpha ?? 1)} and images of ` +
      `${values(({ options }) => sizeOf(model, options))} pixels; received alpha ${alpha ?? 1}` +
      (size === undefined ? "" : ` and ${size} pixels`),
  );
}

/** Height and width of the images that a file was trained on. */
const sizeOf = (model: ImageNetName, options: WeightFile["options"]): number =>
  options.inputShape?.[0] ?? imageNetApplication(model).size;

/**
 * The variant of a published file as it is typed: `mobilenet_v2 --alpha 0.5 --size 96 --no-top`.
 * @param known the published file
 */
export function asTyped({ model, options }: WeightFile): string {
  const { alpha = 1, includeTop = true } = options;
  const size = sizeOf(model, options);
  return [
    model,
    ...(alpha === 1 ? [] : [`--alpha ${alpha}`]),
    ...(size === imageNetApplication(model).size ? [] : [`--size ${size}`]),
    ...(includeTop ? [] : ["--no-top"]),
  ].join(" ");
}

const notesOf = (path: string): string => `${path}.json`;
/** Held by the process that stores the file. */
const lockOf = (path: string): string => `${path}.lock`;

/**
 * The copy of a published file in the store; undefined where there is none. `openWeights` checks its content.
 * @param known the published file
 * @throws FoveaError for a damaged note beside the file
 * @example (await storedWeights(weightFileFor("mobilenet_v2")))?.sha256 // undefined before it is pulled
 */
export async function storedWeights(known: WeightFile): Promise<StoredWeights | undefined> {
  const path = joinPath(await weightsFolder(), known.file);
  const facts = await stat(path);
  if (facts === undefined || !(await exists(notesOf(path)))) return undefined;
  const { before, ...notes } = await readNotes(known, path);
  // A process that was killed while it replaced the file has left notes for both: the content decides.
  const isOld = before !== undefined && (await sha256Hex(await readBytes(path))) === before.sha256;
  return { known, path, bytes: facts.size, ...(isOld ? pick(before) : notes) };
}

/** Notes on a stored file. */
interface Notes {
  readonly sha256: string;
  readonly official: boolean | null;
  /** Notes on the file that is being replaced. */
  readonly before?: Notes;
}

async function readNotes(known: WeightFile, path: string): Promise<Notes> {
  const notes = notesFrom(parseJson(notesOf(path), await readText(notesOf(path))));
  if (notes !== undefined) return notes;
  throw new FoveaError(
    "damaged-file",
    `${notesOf(path)} is damaged; get the weights again with "${pullCommand(known)}"`,
  );
}

function notesFrom(json: Json | undefined): Notes | undefined {
  if (!isJsonObject(json) || typeof json.sha256 !== "string") return undefined;
  const before = notesFrom(json.before);
  const official = typeof json.official === "boolean" ? json.official : null;
  return { sha256: json.sha256, official, ...(before === undefined ? {} : { before }) };
}

/**
 * All files in the store, in the order of WEIGHT_FILES.
 * @throws FoveaError for a damaged note beside a file
 */
export async function listWeights(): Promise<StoredWeights[]> {
  const names = new Set((await listDirectory(await weightsFolder())).map(({ name }) => name));
  const found = await Promise.all(WEIGHT_FILES.filter(({ file }) => names.has(file)).map(storedWeights));
  return found.filter((path) => path !== undefined);
}

const pullCommand = (known: WeightFile): string => `fovea weights pull ${asTyped(known)}`;

/**
 * The bytes of a file in the store, checked against the SHA-256 that it came in with.
 * @param known the published file
 * @throws FoveaError saying how to get it when it is not there, or no longer as it was stored
 */
export async function openWeights(known: WeightFile): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  const stored = await storedWeights(known);
  if (stored === undefined)
    throw new FoveaError(
      "weights-missing",
      `there are no weights of ${asTyped(known)} here; get them with "${pullCommand(known)}", ` +
        `or without a connection from a file with "fovea weights add ${known.file}"`,
    );
  const bytes = await readBytes(stored.path);
  if ((await sha256Hex(bytes)) === stored.sha256) return { path: stored.path, bytes };
  throw new FoveaError(
    "file-changed",
    `${stored.path} has changed since it was stored; get it again with "${pullCommand(known)}"`,
  );
}

/**
 * Fault of a file in the store now, or undefined.
 * @param stored the file in the store, whose bytes are read again
 * @returns the fault as the end of a sentence; undefined for a file that is as it was stored
 */
export async function verifyWeights({ known, path, sha256 }: StoredWeights): Promise<string | undefined> {
  if ((await sha256Hex(await readBytes(path))) === sha256) return undefined;
  return `has changed since it was stored; get it again with "${pullCommand(known)}"`;
}

/**
 * Fetches a file of Keras's into the store, going on where an earlier attempt broke off. A file that is there already
 * and has the hash that Keras publishes is not fetched again.
 * @param known the published file
 * @param options the server, and progress
 * @param options.mirror a folder on a server to take the file from. Default: Keras's own
 * @param options.onProgress receives the bytes that are there, and those in all where the server says them
 * @param options.onWait receives the process that stores the same file, which this one then waits for
 * @throws FoveaError when it cannot be had or is not the published file; the store is as before then
 * @example
 * const known = weightFileFor("mobilenet", { alpha: 0.25, size: 128, includeTop: false });
 * const stored = await pullWeights(known, { mirror }); // an address such as "https://files.example.org/keras"
 * const { bytes } = await openWeights(known); // checked against stored.sha256
 */
export async function pullWeights(
  known: WeightFile,
  options: {
    /** A folder on a server to take the file from instead of Keras's. */
    readonly mirror?: string;
    readonly onProgress?: (done: number, total: number | undefined) => void;
    /** Told once when another process is storing the same file, which this one then waits for. */
    readonly onWait?: (holder: Holder) => void;
  } = {},
): Promise<StoredWeights> {
  const path = joinPath(await weightsFolder(), known.file);
  return exclusively(lockOf(path), () => pullAlone(known, path, options), options.onWait);
}

async function pullAlone(
  known: WeightFile,
  path: string,
  { mirror, onProgress }: Parameters<typeof pullWeights>[1] & object,
): Promise<StoredWeights> {
  const url = mirror === undefined ? known.url : `${mirror.replace(/\/+$/, "")}/${known.file}`;
  await expectOurs(path);
  const there = await unlessDamaged(storedWeights(known));
  if (there?.official && (await verifyWeights(there)) === undefined) return settled(path, there);
  await download(url, path, {
    otherwise: `with the file from elsewhere, use "fovea weights add ${known.file}"`,
    ...(onProgress === undefined ? {} : { onProgress }),
    check: async (part) => {
      const bytes = await readBytes(part);
      if (known.md5 !== null && (await md5Hex(bytes)) !== known.md5)
        throw new FoveaError(
          "damaged-file",
          `${url}: the download is not the file that Keras publishes (its MD5 differs); nothing was stored, try again`,
        );
      await expectFit(known, bytes, url, "nothing was stored, try again");
      await takeNotes(known, path, bytes, there);
    },
  });
  return settled(path, (await storedWeights(known))!);
}

/**
 * Copies a file of weights into the store, where it has every weight of its network.
 * @param file path of the weights
 * @param as the published file that it is, when the file's name is not Keras's own
 * @throws FoveaError when the weights do not fit; the store is as before then
 * @example await addWeights("downloads/weights.h5", weightFileFor("mobilenet", { alpha: 0.25, size: 128, includeTop: false }));
 */
export async function addWeights(file: string, as?: WeightFile): Promise<StoredWeights> {
  const bytes = await readBytes(file);
  const known = as ?? WEIGHT_FILES.find((weights) => weights.file === baseName(file));
  if (known === undefined)
    throw new FoveaError(
      "missing-option",
      `${file}: its name is unknown, so name its network with --model, ` + `one of ${IMAGENET_NAMES.join(", ")}`,
    );
  await expectFit(known, bytes, file);
  const path = joinPath(await weightsFolder(), known.file);
  return exclusively(lockOf(path), async () => {
    await expectOurs(path, bytes);
    await takeNotes(known, path, bytes, await unlessDamaged(storedWeights(known)));
    await writeAtomic(path, bytes);
    return settled(path, (await storedWeights(known))!);
  });
}

/**
 * A file in the store's folder that has no notes was not stored by Fovea, which has no copy of it.
 * @throws FoveaError unless there is none, or `bytes` are all that it holds
 */
async function expectOurs(path: string, bytes?: Uint8Array): Promise<void> {
  if (!(await exists(path)) || (await exists(notesOf(path)))) return;
  if (bytes !== undefined && (await sha256Hex(await readBytes(path))) === (await sha256Hex(bytes))) return;
  throw new FoveaError(
    "already-exists",
    `${path}: Fovea did not store this file and does not replace it; move it away, or take it in with "fovea weights add ${path}"`,
  );
}

/** Damaged notes tell people to get the file again: that must not fail for the same reason. */
const unlessDamaged = (stored: Promise<StoredWeights | undefined>): Promise<StoredWeights | undefined> =>
  stored.catch((error: unknown) => {
    if (error instanceof FoveaError) return undefined;
    throw error;
  });

/** @throws FoveaError unless the file has every weight of the application, in its shape. */
async function expectFit(known: WeightFile, bytes: Uint8Array, file: string, remedy?: string): Promise<void> {
  await loadPretrained(known, imageNetApplication(known.model).build(known.options), bytes, file, remedy);
}

/**
 * Gives an application, built as `known` says, the weights of a file.
 * @throws FoveaError unless the file has all of them, saying which those are and how to ask for others.
 */
export async function loadPretrained(
  known: WeightFile,
  model: Model,
  bytes: Uint8Array,
  file: string,
  remedy = "say with --model, --alpha and --size whose it has, or get Keras's own file",
): Promise<void> {
  try {
    await loadWeights(model, bytes, { file });
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    throw new FoveaError(
      "weights-mismatch",
      `${file}: expected all weights of ${asTyped(known)}, which it does not have; ${remedy}`,
      {
        cause: error,
      },
    );
  }
}

/** Notes the file that is about to come, beside the one that is there until then. */
async function takeNotes(
  { md5 }: WeightFile,
  path: string,
  bytes: Uint8Array,
  there: StoredWeights | undefined,
): Promise<void> {
  const official = md5 === null ? null : (await md5Hex(bytes)) === md5;
  const notes: Notes = { sha256: await sha256Hex(bytes), official };
  await writeNotes(path, there === undefined ? notes : { ...notes, before: pick(there) });
}

/** Notes the file that is there, and nothing else; what a broken download left of it is not needed any more. */
async function settled(path: string, stored: StoredWeights): Promise<StoredWeights> {
  await writeNotes(path, pick(stored));
  await discardPart(path);
  return stored;
}

const pick = ({ sha256, official }: Notes): Notes => ({ sha256, official });

const writeNotes = (path: string, notes: Notes): Promise<void> =>
  writeAtomic(notesOf(path), `${JSON.stringify(notes)}\n`);
