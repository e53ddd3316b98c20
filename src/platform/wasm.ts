// Abilities of the running WebAssembly engine beyond the core: shared memory and relaxed SIMD; and a limit to its work on
// modules that run for a moment only.
import { isNode, nodeModule } from "./node.js";

/** A module with one relaxed multiply-add: valid only where relaxed SIMD is on. */
const RELAXED_MADD = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[0x41, 0, 0xfd, 17, 0x41, 0, 0xfd, 17, 0x41, 0, 0xfd, 17, 0xfd, 0x85, 0x02, 0x0b],
);

/**
 * Checks whether relaxed SIMD can be used. Node 20 has it behind a flag, which is set here; it must be asked for before the
 * first module is compiled.
 */
export async function relaxedSimd(): Promise<boolean> {
  if (isNode && !WebAssembly.validate(RELAXED_MADD)) {
    const v8 = await nodeModule<typeof import("node:v8")>("v8");
    v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
  }
  return WebAssembly.validate(RELAXED_MADD);
}

/** Checks whether threads can share memory: always in Node, in browsers only on cross-origin isolated pages. */
export const sharedMemory = (): boolean =>
  typeof SharedArrayBuffer !== "undefined" && (isNode || globalThis.crossOriginIsolated === true);

/** Work of a function before V8 compiles it again: the default of Node 20 (later ones wait longer), and more than any does. */
const TIERING = { usual: 1_800_000, never: 2 ** 31 - 1 };

/**
 * Makes modules that run for a moment, which Node then compiles only once. Functions that do much it compiles again, into
 * faster code: V8 takes up to 50 MB for that, which modules that end after some tenths of a second never make good.
 * Modules that other parts of the program make meanwhile are compiled once, too.
 * @param load makes the modules
 * @example const { instance } = await compiledOnce(() => WebAssembly.instantiate(bytes));
 */
export async function compiledOnce<T>(load: () => Promise<T>): Promise<T> {
  if (!isNode) return load();
  const v8 = await nodeModule<typeof import("node:v8")>("v8");
  v8.setFlagsFromString(`--wasm-tiering-budget=${TIERING.never}`);
  try {
    return await load();
  } finally {
    v8.setFlagsFromString(`--wasm-tiering-budget=${TIERING.usual}`);
  }
}
