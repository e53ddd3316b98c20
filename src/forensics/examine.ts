// Examines an image file by all methods and gathers their evidence. A method that fails for a reason in the file does not
// hide the others.
import { FoveaError, shown } from "../core/errors.js";
import { checkOptions, wholeNumber } from "../core/options.js";
import { VERSION } from "../core/version.js";
import {
  convertColor,
  decodeImage,
  type ImageFormat,
  type ImageHeader,
  imageFormatOf,
  type Pixels,
  readImageHeader,
  resizeImage,
  turnUpright,
  UndecodableImage,
  uprightSize,
} from "../data/index.js";
import { readBytes, stat } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { concludeFrom, meaningOf } from "./conclusion.js";
import type { Dossier, MethodEvidence } from "./dossier.js";
import { METHOD_NAMES, METHODS, type MethodName } from "./methods.js";
import type { Evidence } from "./record/evidence.js";
import type { ExaminedImage } from "./record/image.js";
import type { Method } from "./record/method.js";
import { upright } from "./upright.js";

/** The most bytes of a file that is examined. */
export const MOST_BYTES = 512 * 2 ** 20;

/** Options of `examine`. */
export interface ExamineOptions {
  /** Name of bytes in messages and in the dossier. Default `"the image"`, for a path the path. */
  readonly name?: string;
  /** The methods to examine by. Default: all, in the order of `METHOD_NAMES`. */
  readonly methods?: readonly MethodName[];
  /**
   * Time of the last write to bytes, in milliseconds since 1970. Default: for a path the disk says it, else unknown.
   */
  readonly modified?: number;
  /** Certificates of signers of content credentials whom you trust, in PEM format. Default: no signer is trusted. */
  readonly trustAnchors?: string;
  /** Longer side in pixels of the picture that the dossier brings along for its page. Default: no picture. */
  readonly picture?: number;
  /**
   * Called before each method. Default: none.
   * @param name The method's name.
   */
  readonly onMethod?: (name: MethodName) => void;
}

/**
 * Examines an image file: metadata, content credentials, compression and pixels.
 * @param source a path of the disk, or the bytes of a file. Nothing is written to it
 * @returns all evidence, and one of four conclusions; evidence is never a verdict
 * @throws FoveaError for a file that cannot be read, is larger than 512 MB, or is no image
 * @example (await examine("photo.png")).conclusion; // "cannot be told"
 */
export async function examine(source: string | Uint8Array, options: ExamineOptions = {}): Promise<Dossier> {
  checkOptions("examine", options, ["name", "methods", "modified", "trustAnchors", "picture", "onMethod"]);
  if (options.picture !== undefined) wholeNumber("examine: picture", options.picture);
  const { methods = METHOD_NAMES, onMethod } = options;
  const unknown = methods.find((name) => !METHOD_NAMES.includes(name));
  if (unknown !== undefined)
    throw new FoveaError(
      "unknown-choice",
      `examine: expected methods among ${METHOD_NAMES.join(", ")}, received ${shown(unknown)}`,
    );
  const image = await openedImage(source, options);
  const evidence: MethodEvidence[] = [];
  for (const name of methods) {
    onMethod?.(name);
    const { title, kind, measures, limits, source: published, settings } = METHODS[name];
    evidence.push({
      ...{ method: name, title, kind, measures, limits, source: published },
      ...(settings && { settings }),
      ...(await evidenceOf(METHODS[name], image)),
    });
  }
  const { header, modified, bytes, format } = image;
  const conclusion = concludeFrom(evidence.map(({ finding }) => finding));
  const picture = options.picture === undefined ? undefined : await reducedPicture(image, options.picture);
  const turn = header?.orientation ?? 1;
  return {
    image: image.name,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    format,
    ...(header && uprightSize(header)),
    ...(modified !== undefined && { modified: new Date(modified).toISOString() }),
    versions: { fovea: VERSION },
    conclusion,
    meaning: meaningOf(conclusion),
    evidence: evidence.map((found) => upright(found, header, turn)),
    ...(picture && { picture }),
  };
}

/** The image upright, reduced to a longer side; undefined where it cannot be decoded. */
async function reducedPicture(image: ExaminedImage, longest: number): Promise<Pixels | undefined> {
  try {
    const stored = await image.pixels();
    const scale = Math.min(1, longest / Math.max(stored.width, stored.height));
    const [height, width] = [stored.height, stored.width].map((extent) => Math.max(1, Math.round(scale * extent)));
    return turnUpright(resizeImage(stored, height!, width!, "box"), image.header?.orientation ?? 1);
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** The evidence of a method; "unable" for formats that it cannot examine, and for files that do not allow it. */
async function evidenceOf(method: Method, image: ExaminedImage): Promise<Evidence> {
  const { appliesTo } = method;
  if (appliesTo !== "all" && !appliesTo.includes(image.format))
    return {
      finding: "unable",
      sentence: `This method examines ${appliesTo.join(", ")} files; this is a ${image.format} file.`,
    };
  try {
    return await method.run(image);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    const reason = error instanceof UndecodableImage ? error.reason : error.message;
    return { finding: "unable", sentence: `The file does not allow it: ${reason}.` };
  }
}

/** Opens a file for the methods. @throws FoveaError where it is too large or no image */
export async function openedImage(source: string | Uint8Array, options: ExamineOptions): Promise<ExaminedImage> {
  const isPath = typeof source === "string";
  const { name = isPath ? source : "the image", trustAnchors } = options;
  const facts = isPath ? await stat(source) : undefined;
  checkBytes(name, isPath ? (facts?.size ?? 0) : source.length);
  const bytes = isPath ? await readBytes(source) : source;
  const format = await formatOf(bytes, name);
  const header = await headerOf(bytes, name);
  const modified = facts?.mtimeMs ?? options.modified;
  let decoded: Promise<Pixels> | undefined;
  return {
    ...{ name, bytes, format },
    ...(header && { header }),
    ...(modified !== undefined && { modified }),
    ...(trustAnchors !== undefined && { trustAnchors }),
    pixels: () => {
      decoded ??= decodedPixels(bytes, name);
      return decoded;
    },
  };
}

function checkBytes(name: string, size: number): void {
  if (size > MOST_BYTES)
    throw new FoveaError(
      "too-large",
      `cannot examine ${name}: it has ${size} bytes, and at most ${MOST_BYTES} are examined; an image file is smaller`,
    );
}

/** The format that the first bytes announce. @throws UndecodableImage that says what the file is where it is no image */
async function formatOf(bytes: Uint8Array, name: string): Promise<ImageFormat> {
  const format = imageFormatOf(bytes);
  if (format !== undefined) return format;
  // Reading the header of what is no image says what it is.
  await readImageHeader(bytes, name);
  throw new FoveaError("not-an-image", `cannot examine ${name}: it is no image`);
}

async function headerOf(bytes: Uint8Array, name: string): Promise<ImageHeader | undefined> {
  try {
    return await readImageHeader(bytes, name);
  } catch (error) {
    if (error instanceof UndecodableImage) return undefined;
    throw error;
  }
}

async function decodedPixels(bytes: Uint8Array, name: string): Promise<Pixels> {
  const image = await decodeImage(bytes, name);
  const isGrey = image.channels < 3 && image.palette === undefined;
  return convertColor(image, isGrey ? "grayscale" : "rgb");
}
