// The work of a decoding thread: a few files in, their pixels, sizes, modes and hashes out. The same function runs
// in a worker and, without workers, in the thread that asked, so that both give the same bytes.
import type { ErrorCode } from "../core/error-codes/index.js";
import { FoveaError } from "../core/errors.js";
import { type BlockingFiles, blockingFiles } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import {
  COLOR_MODES,
  decodeImage,
  type ImageHeader,
  orientationOf,
  readImageHeader,
  UndecodableImage,
} from "./decoders/index.js";
import { type Collected, type CollectorName, collectImage, emptyCollected, SeenImage } from "./health/collectors.js";
import { decodingBudget, type Reserve } from "./memory-budget.js";
import { uprightSize } from "./orientation.js";
import { fitImage, imageBytes, type Target, withinBudget } from "./target.js";

/** Source of an image: a file to read, or bytes that are there already. */
export interface BatchFile {
  /** Names the image in messages. */
  readonly name: string;
  readonly source: string | Uint8Array;
}

export interface BatchJob {
  readonly files: readonly BatchFile[];
  /** Without a target only headers are read: sizes and modes, no pixels and no hashes. */
  readonly target?: Target | undefined;
  /** Without a target: true for sizes before the orientation is applied. */
  readonly asStored?: boolean | undefined;
  /** Collectors that take facts of each image. With a list, an empty one too, images are decoded even without a target. */
  readonly collect?: readonly CollectorName[] | undefined;
  /** Memory of an earlier result, for the pixels of this one: buffers that nobody reuses pile up until they are collected. */
  readonly room?: ArrayBuffer | undefined;
}

/** A file that cannot be decoded: its place in the job, the reason for tables of files, and the whole sentence. */
export interface DecodeFailure {
  readonly at: number;
  readonly reason: string;
  readonly sentence: string;
  readonly code: ErrorCode;
}

/** One place per file; a file that cannot be decoded has zeros and an entry in `errors`. */
export interface BatchResult {
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Sizes after the orientation is applied, where the target applies it and where there is no target. */
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  /** Indices into COLOR_MODES. */
  readonly modes: Uint8Array;
  /** EXIF orientations, 1 to 8. */
  readonly orientations: Uint8Array;
  /** 16 where samples have more than 8 bits. */
  readonly depths: Uint8Array;
  /** SHA-256 of each file, empty where it was not read whole. */
  readonly hashes: readonly string[];
  readonly errors: readonly DecodeFailure[];
  /** Results of the collectors that the job names. */
  readonly collected: Partial<Collected>;
}

/**
 * Reads and decodes all files of a job. Failures of single files are part of the result.
 * @param reserve asks for the memory that large images take
 */
export async function decodeBatch(job: BatchJob, reserve: Reserve = decodingBudget.reserve): Promise<BatchResult> {
  const { files, target, asStored = false, collect, room } = job;
  const size = target === undefined ? 0 : imageBytes(target);
  const disk = files.some((file) => typeof file.source === "string") ? await blockingFiles() : undefined;
  const length = files.length * size;
  const pixels =
    room === undefined || room.byteLength < length ? new Uint8Array(length) : new Uint8Array(room, 0, length).fill(0);
  const heights = new Uint32Array(files.length);
  const widths = new Uint32Array(files.length);
  const modes = new Uint8Array(files.length);
  const orientations = new Uint8Array(files.length).fill(1);
  const depths = new Uint8Array(files.length).fill(8);
  const hashes = new Array<string>(files.length).fill("");
  const errors: DecodeFailure[] = [];
  const collected = emptyCollected(collect ?? [], files.length);
  const decodes = target !== undefined || collect !== undefined;
  for (const [at, file] of files.entries())
    try {
      const header = decodes ? await decodeAt(file, at) : await readHeaderOf(file, disk);
      const isStored = target === undefined ? asStored : target.orientation === undefined;
      const shown = isStored ? header : uprightSize(header);
      heights[at] = shown.height;
      widths[at] = shown.width;
      modes[at] = COLOR_MODES.indexOf(header.mode);
      orientations[at] = header.orientation;
      depths[at] = header.depth;
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      const { message: sentence, code } = error;
      errors.push({ at, reason: error instanceof UndecodableImage ? error.reason : sentence, sentence, code });
    }
  return { pixels, heights, widths, modes, orientations, depths, hashes, errors, collected };

  async function decodeAt(file: BatchFile, at: number): Promise<ImageHeader> {
    const bytes = wholeOf(file, disk);
    hashes[at] = await sha256Hex(bytes);
    return withinBudget(reserve, bytes, file.name, async () => {
      const image = await decodeImage(bytes, file.name, target === undefined ? "scaled" : (target.depth ?? "cut"));
      if (target !== undefined) pixels.set(fitImage(image, target), at * size);
      if (collect !== undefined) await collectImage(collect, collected, at, new SeenImage(image, bytes));
      return image;
    });
  }
}

function wholeOf({ source }: BatchFile, disk: BlockingFiles | undefined): Uint8Array {
  return typeof source === "string" ? disk!.readBytes(source) : source;
}

/** Long enough for the header of nearly every file; photos may carry more before theirs. */
const HEAD_BYTES = 4096;

async function readHeaderOf(file: BatchFile, disk: BlockingFiles | undefined): Promise<ImageHeader> {
  const { name, source } = file;
  const head = typeof source === "string" ? disk!.readHead(source, HEAD_BYTES) : source;
  const whole = (): Uint8Array => wholeOf(file, disk);
  const header =
    (await readImageHeader(head, name)) ?? (await readImageHeader(whole(), name)) ?? (await decodeImage(whole(), name));
  // The orientation may lie behind the head.
  if (typeof source !== "string" || head.length < HEAD_BYTES) return header;
  return { ...header, orientation: disk!.withSource(source, (bytes) => orientationOf(header.format, bytes)) };
}
