// The machine that a program is compiled for: all numbers and choices of the compiler that suit one kind of machine and
// not another. A backend that compiles brings its own; the passes know none of them by name.
import type { DType } from "../core/dtype.js";
import type { Numerics } from "../core/graph/graph.js";
import type { ConvGeometry, PoolWindow, Tiling } from "./kernels.js";

export interface Target {
  readonly name: string;
  /** Buffers begin at multiples of so many bytes, and take whole multiples of it. */
  readonly alignment: number;
  /** Bytes that an element takes in memory. */
  readonly byteWidth: (dtype: DType) => number;
  /** Partial sums are cut into at most this many chunks, whatever the number of threads. */
  readonly mostChunks: number;
  /** Padded images of one chunk of a filter gradient should take at most this many bytes. */
  readonly chunkBytes: number;
  /** A reduction is cut into chunks from so many elements in all, and so many for each result. */
  readonly longReduction: { readonly elements: number; readonly perResult: number };
  /**
   * Steps of an elementwise chain that a convolution computes again whenever it reads its images, in place of a buffer
   * for the chain's results; 0 where chains always get one.
   */
  readonly prologueSteps: number;
  /**
   * The tiles by which Winograd's algorithm computes a convolution faster than its plain loops; undefined where none do. A
   * target without the kernels of Winograd's domain has no such function.
   */
  readonly winograd:
    | ((geometry: ConvGeometry, pool: PoolWindow | undefined, numerics: Numerics) => Tiling | undefined)
    | undefined;
  /** True where gradients of convolutions under a pooling visit the winners alone, by the sparse kernels. */
  readonly sparsePooling: boolean;
}
