// What every kernel emitter is given and gives back.
import type { Buffer, KernelName, KernelOf } from "../../../compile/kernels.js";
import type { Mode } from "../../contract.js";
import type { Code, Local } from "../assembler/code.js";
import type { ModuleBuilder } from "../assembler/module.js";
import { OP } from "../assembler/opcodes.js";

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

/** Writes a kernel function with its two parameters. */
export function kernelFunction(emission: Emission, write: (code: Code, slice: Local, scratch: Local) => void): number {
  return emission.module.function({ parameters: ["i32", "i32"], results: [] }, (code) =>
    write(code, code.parameters[0]!, code.parameters[1]!),
  );
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
  const start = code.local("i32");
  const end = code.local("i32");
  code.get(slice).times(chunk).tee(start).i32(chunk).op(OP.i32_add).set(end);
  code.min(end, extent).set(end);
  return { start, end };
}

/** Four channels at a time: the first channel of each vector and how many of its lanes count. */
export function channelVectors(channels: number): { at: number; lanes: number }[] {
  return Array.from({ length: Math.ceil(channels / 4) }, (_, i) => ({
    at: i * 4,
    lanes: Math.min(4, channels - i * 4),
  }));
}

/** Stores the first `lanes` lanes of a vector at the address in `pointer` plus `offset`. */
export function storeLanes(code: Code, pointer: Local, vector: Local, lanes: number, offset: number): void {
  if (lanes === 4) code.get(pointer).get(vector).memory("v128_store", offset);
  else
    for (let lane = 0; lane < lanes; lane++)
      code
        .get(pointer)
        .get(vector)
        .memoryLane("v128_store32_lane", lane, offset + lane * 4);
}
