// Arguments and results of every kernel emitter.
import type { Buffer, KernelName, KernelOf } from "../../../compile/kernels.js";
import type { Mode } from "../../contract.js";
import type { Code, Local } from "../assembler/code.js";
import type { ModuleBuilder } from "../assembler/module.js";
import { masked, quotient, remainder, shifted, times } from "../assembler/operands.js";

export interface Emission {
  readonly module: ModuleBuilder;
  readonly mode: Mode;
  /** The byte address of a buffer: known before any code is written, so addresses are immediates. */
  readonly address: (buffer: Buffer) => number;
}

/** A kernel as machine code: `function(slice, scratch)` for every slice below `slices`, in any order, on any thread. */
export interface Emitted {
  readonly function: number;
  /** Fixed by the shapes alone. */
  readonly slices: number;
  /** Bytes that one running slice needs at `scratch`. */
  readonly scratchBytes: number;
}

export type Emitter<K extends KernelName> = (kernel: KernelOf<K>, emission: Emission) => Emitted;

/** The byte addresses of several buffers. */
export const addressesOf = <B extends readonly Buffer[]>(
  { address }: Emission,
  ...buffers: B
): { [K in keyof B]: number } => buffers.map(address) as { [K in keyof B]: number };

/** Writes a kernel function with its two parameters. */
export function kernelFunction(emission: Emission, write: (code: Code, slice: Local, scratch: Local) => void): number {
  return emission.module.function({ parameters: ["i32", "i32"], results: [] }, write);
}

/** Cuts `extent` into at most `most` pieces of a multiple of `multiple`, each worth `work` units of at least `least`. */
export function cut(
  extent: number,
  work: number,
  { most = 64, least = 16384, multiple = 1 }: { most?: number; least?: number; multiple?: number } = {},
): { slices: number; chunk: number } {
  const wanted = Math.max(1, Math.min(most, Math.floor((extent * work) / least)));
  const chunk = Math.ceil(Math.ceil(extent / wanted) / multiple) * multiple;
  return { slices: Math.ceil(extent / chunk), chunk };
}

/** start = slice * chunk, and end = min(start + chunk, extent), into fresh locals. */
export function sliceRange(code: Code, slice: Local, chunk: number, extent: number): { start: Local; end: Local } {
  const [start, end] = code.locals("i32", 2);
  code.tee(start, times(slice, chunk)).plus(chunk).set(end);
  code.min(end, extent).set(end);
  return { start, end };
}

/** Shares of images for threads: whole ones when there are enough of them, else bands of rows. */
export interface Bands {
  readonly rows: number;
  readonly rowsPerBand: number;
  readonly perImage: number;
  readonly slices: number;
}

/** Slices of a kernel that keep all threads busy: with fewer images than this, an image is cut into bands. */
export const ENOUGH_SLICES = 16;

/** Bands of images by the rows of each; the last band of an image may have fewer. */
export function bandsOf(batch: number, rows: number, rowsPerBand: number): Bands {
  const perImage = Math.ceil(rows / rowsPerBand);
  return { rows, rowsPerBand, perImage, slices: batch * perImage };
}

export function cutImages(batch: number, rows: number): Bands {
  const most = Math.min(rows, Math.max(1, Math.floor(ENOUGH_SLICES / batch)));
  return bandsOf(batch, rows, Math.ceil(rows / most));
}

/** Rows of an image from `start` up to `end`. */
export interface Band {
  readonly image: Local;
  readonly start: Local;
  readonly end: Local;
}

/** The image of a slice and its rows [start, end), into fresh locals. */
export function openBand(code: Code, slice: Local, bands: Bands): Band {
  const [image, start, end] = code.locals("i32", 3);
  code.set(image, quotient(slice, bands.perImage));
  code
    .tee(start, times(remainder(slice, bands.perImage), bands.rowsPerBand))
    .plus(bands.rowsPerBand)
    .set(end);
  code.min(end, bands.rows).set(end);
  return { image, start, end };
}

/** Runs `body(4)` over the whole vectors of `extent` elements, then `body(1)` over the elements that are left. */
export function vectorLoop(code: Code, extent: number | Local, body: (lanes: 4 | 1) => void): void {
  if (typeof extent === "number") {
    code.loop(extent >> 2, 1, () => body(4)).loop(extent & 3, 1, () => body(1));
    return;
  }
  const part = code.local("i32");
  code.set(part, shifted(extent, 2));
  code.loop(part, 1, () => body(4));
  code.set(part, masked(extent, 3));
  code.loop(part, 1, () => body(1));
  code.release(part);
}

/** Four channels at a time: the first channel of each vector and how many of its lanes count. */
export function channelVectors(channels: number): { at: number; lanes: number }[] {
  return Array.from({ length: Math.ceil(channels / 4) }, (_, i) => ({
    at: i * 4,
    lanes: Math.min(4, channels - i * 4),
  }));
}

/** Calls `body` for every four channels, with bytes of f32 to the first: whole vectors in a loop, then the lanes that are left. */
export function forChannels(code: Code, channels: number, body: (channel: Local, lanes: number) => void): void {
  const whole = channels - (channels % 4);
  code.loop(whole * 4, 16, (channel) => body(channel, 4));
  if (whole === channels) return;
  const channel = code.local("i32");
  code.set(channel, whole * 4);
  body(channel, channelVectors(channels).at(-1)!.lanes);
  code.release(channel);
}
