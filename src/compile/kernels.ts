// The kernel language: what a compiled program is made of. Kernels read and write buffers; graph values are gone.
// A kernel says what is computed and over which loops, never how: that is a backend's business.
import type { DType } from "../core/dtype.js";
import type { Variable } from "../core/graph/node.js";
import type { ElementwiseName } from "../core/ops/index.js";
import type { PoolAttrs, PoolGradAttrs } from "../core/ops/pool.js";
import type { Shape } from "../core/shape.js";

/** A contiguous piece of memory with a purpose. Compared by identity. */
export interface Buffer {
  readonly dtype: DType;
  /** Elements. */
  readonly size: number;
  readonly role: "input" | "temporary" | Variable;
}

/** An expression's access to a buffer: element `offset + sum(index[axis] * strides[axis])`, converted to f32. */
export interface Leaf {
  readonly buffer: Buffer;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** One step of an expression; operands name earlier steps. */
export type Instruction =
  | { readonly op: "leaf"; readonly leaf: number }
  | { readonly op: "constant"; readonly value: number }
  /** The surrounding kernel's result at this position. */
  | { readonly op: "accumulator" }
  | { readonly op: ElementwiseName; readonly operands: readonly number[] };

/** A pure function of the position in `shape`: straight-line code without loops. */
export interface Expression {
  readonly shape: Shape;
  readonly leaves: readonly Leaf[];
  readonly code: readonly Instruction[];
  /** The steps whose values are the results. */
  readonly results: readonly number[];
}

/** The movement of a filter over zero-padded images. */
export interface ConvGeometry {
  readonly batch: number;
  /** Height and width of the images, before padding. */
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly strides: readonly [number, number];
  /** [top, bottom, left, right] */
  readonly padding: readonly [number, number, number, number];
  /** Zeros put between image rows and columns, plus one (transposed convolution); [1, 1] for none. */
  readonly dilation: readonly [number, number];
  /** The distance between the pixels that neighbouring filter cells see (dilated convolution); [1, 1] for none. */
  readonly spacing: readonly [number, number];
}

/** Tiles of Winograd's algorithm F(m x m, r x r), which have (m + r - 1) x (m + r - 1) points. */
export interface Tiling {
  /** Results of a tile, to a side: m. */
  readonly results: number;
  /** Cells of a filter, to a side: r. */
  readonly cells: number;
}

/** A non-overlapping pooling window: its stride is its size. */
export interface PoolWindow {
  readonly size: readonly [number, number];
  /** Pooled height and width. */
  readonly output: readonly [number, number];
}

/** One axis of a padded block. */
export interface PadAxis {
  /** Elements of the operand along the axis. */
  readonly extent: number;
  /** Those in the result, border and gaps included. */
  readonly padded: number;
  readonly before: number;
  /** The distance between neighbours in the result. */
  readonly spacing: number;
}

export interface KernelTable {
  /** outputs[i][position] = expression.results[i](position). */
  elementwise: { expression: Expression; outputs: readonly Buffer[]; dtype: DType };
  /**
   * Folds an expression over `axes`. With `chunks` > 1 the first reduced axis is cut into that many pieces, and the
   * output gets a leading axis of partial results.
   */
  reduce: { operator: "sum" | "max"; expression: Expression; axes: readonly number[]; chunks: number; output: Buffer };
  /**
   * output[count, m, n] = epilogue(sum over k of a * b), a [count, m, k], b [count, k, n]; stored transposed: a as
   * [count, k, m], b as [count, n, k].
   */
  matmul: {
    count: number;
    a: Buffer;
    b: Buffer;
    m: number;
    n: number;
    k: number;
    transposeA: boolean;
    transposeB: boolean;
    epilogue: Expression;
    output: Buffer;
  };
  /** Convolution of prologue(images), optionally max-pooled in place, then the epilogue over [pixels, channels]. */
  conv2d: {
    geometry: ConvGeometry;
    prologue: Expression;
    filter: Buffer;
    pool: PoolWindow | undefined;
    epilogue: Expression;
    output: Buffer;
    /** Number of the window's cell that won, uint8; only with `pool`, and only where a gradient needs it. */
    winner: Buffer | undefined;
  };
  /** Filters [r, r, cin, cout] in Winograd's domain: [points, cin, cout], the points' planes `pointPitch` apart. */
  winogradFilter: { filter: Buffer; size: number; tiling: Tiling; output: Buffer };
  /** The result of conv2d, by Winograd's F(m x m, r x r); `filter` comes from winogradFilter. */
  winogradConv2d: KernelTable["conv2d"] & { tiling: Tiling };
  /** Partial filter gradients, one per chunk of images: [chunks, kh, kw, cin, cout]. */
  filterGrad: { geometry: ConvGeometry; prologue: Expression; dy: Buffer; chunk: number; output: Buffer };
  /** The same when dy is a max-pooling gradient: [chunks, cout, kh, pitch], see sparseFilterPitch. */
  sparseFilterGrad: {
    geometry: ConvGeometry;
    prologue: Expression;
    pool: PoolWindow;
    dy: Buffer;
    winner: Buffer;
    chunk: number;
    output: Buffer;
  };
  /** The result of filterGrad, as partial sums in Winograd's domain: [chunks, points, cin, cout], with planes `pointPitch` apart. */
  winogradFilterGrad: KernelTable["filterGrad"] & {
    tiling: Tiling;
    /** Output channels, a part of all, whose sums of a chunk are computed together. */
    columns: number;
  };
  /** Gradients from such sums, added up to [points, cin * cout]: [r, r, cin * cout]; `size` is cin * cout. */
  winogradFilterSums: { sums: Buffer; size: number; tiling: Tiling; output: Buffer };
  /** Image gradients when dy is a max-pooling gradient; `filter` is given as [cout, kh, kw, cin]. */
  sparseInputGrad: {
    geometry: ConvGeometry;
    pool: PoolWindow;
    dy: Buffer;
    winner: Buffer;
    filter: Buffer;
    epilogue: Expression;
    output: Buffer;
  };
  /** One filter [kh, kw] a channel; the geometry's outputChannels are its inputChannels. */
  depthwiseConv2d: {
    geometry: ConvGeometry;
    prologue: Expression;
    filter: Buffer;
    epilogue: Expression;
    output: Buffer;
  };
  /** Partial filter gradients, one per chunk of images: [chunks, kh, kw, channels]. */
  depthwiseFilterGrad: { geometry: ConvGeometry; prologue: Expression; dy: Buffer; chunk: number; output: Buffer };
  maxPool2d: { images: Shape; attrs: PoolAttrs; x: Buffer; output: Buffer; winner: Buffer };
  maxPool2dGrad: { images: Shape; attrs: PoolGradAttrs; dy: Buffer; winner: Buffer; output: Buffer };
  averagePool2d: { images: Shape; attrs: PoolAttrs; x: Buffer; output: Buffer };
  averagePool2dGrad: { images: Shape; attrs: PoolGradAttrs; dy: Buffer; output: Buffer };
  /** Each block of `outer` is filled with `value`, then gets its runs of `run` elements, walked over `axes`. */
  pad: { outer: number; axes: readonly PadAxis[]; run: number; value: number; x: Buffer; output: Buffer };
  /** Rows of the result are rows of the inputs one after another; input i has `widths[i]` elements a row. */
  concatenate: { rows: number; widths: readonly number[]; inputs: readonly Buffer[]; output: Buffer };
  iota: { size: number; output: Buffer };
  gather: { images: number; rows: number; picks: number; channels: number; x: Buffer; indices: Buffer; output: Buffer };
  scatterAdd: KernelTable["gather"];
  argMax: { rows: number; depth: number; x: Buffer; output: Buffer };
  argSort: { rows: number; depth: number; x: Buffer; output: Buffer };
  cumsum: { rows: number; depth: number; reverse: boolean; x: Buffer; output: Buffer };
  /** outputs: losses [rows], softmax(x) [rows, depth], log of its normalizers [rows]. */
  softmaxCrossentropy: { rows: number; depth: number; x: Buffer; targets: Buffer; outputs: readonly Buffer[] };
  oneHot: { rows: number; depth: number; x: Buffer; output: Buffer };
  randomUniform: { size: number; stream: number; state: Buffer; output: Buffer };
}

export type KernelName = keyof KernelTable;
export type KernelOf<K extends KernelName> = KernelTable[K] & {
  readonly kind: K;
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
};
export type Kernel = { [K in KernelName]: KernelOf<K> }[KernelName];

/** The row pitch of sparse filter gradients: kw * cin rounded up to whole vectors of four. */
export const sparseFilterPitch = ({ filter, inputChannels }: ConvGeometry): number =>
  Math.ceil((filter[1] * inputChannels) / 4) * 4;

/** Kernels that only some targets have; see Target. */
export type SpecialKernelName =
  | ("winogradFilter" | "winogradConv2d" | "winogradFilterGrad" | "winogradFilterSums")
  | ("sparseFilterGrad" | "sparseInputGrad");
/** Kernels that every backend which compiles must have. */
export type CommonKernelName = Exclude<KernelName, SpecialKernelName>;

/** The fields that a kernel writes; it reads all other buffers among its fields. */
const WRITES: { readonly [K in KernelName]: readonly (keyof KernelTable[K])[] } = {
  elementwise: ["outputs"],
  reduce: ["output"],
  matmul: ["output"],
  conv2d: ["output", "winner"],
  winogradFilter: ["output"],
  winogradConv2d: ["output", "winner"],
  filterGrad: ["output"],
  sparseFilterGrad: ["output"],
  winogradFilterGrad: ["output"],
  winogradFilterSums: ["output"],
  sparseInputGrad: ["output"],
  depthwiseConv2d: ["output"],
  depthwiseFilterGrad: ["output"],
  maxPool2d: ["output", "winner"],
  maxPool2dGrad: ["output"],
  averagePool2d: ["output"],
  averagePool2dGrad: ["output"],
  pad: ["output"],
  concatenate: ["output"],
  iota: ["output"],
  gather: ["output"],
  scatterAdd: ["output"],
  argMax: ["output"],
  argSort: ["output"],
  cumsum: ["output"],
  softmaxCrossentropy: ["outputs"],
  oneHot: ["output"],
  randomUniform: ["output"],
};

const isBuffer = (value: unknown): value is Buffer => typeof value === "object" && value !== null && "role" in value;
const isExpression = (value: unknown): value is Expression =>
  typeof value === "object" && value !== null && "leaves" in value;

/** Names a kernel and lists the buffers among its fields by whether it reads or writes them. */
export function kernel<K extends KernelName>(kind: K, fields: KernelTable[K]): Kernel {
  const reads: Buffer[] = [];
  const writes: Buffer[] = [];
  const written = WRITES[kind] as readonly string[];
  for (const [key, value] of Object.entries(fields) as [string, unknown][])
    for (const item of Array.isArray(value) ? value : [value])
      if (isBuffer(item)) (written.includes(key) ? writes : reads).push(item);
      else if (isExpression(item)) reads.push(...item.leaves.map((leaf) => leaf.buffer));
  return { kind, ...fields, reads, writes } as unknown as Kernel;
}

/** The same kernel on other buffers: those of `moved` in place of its own. */
export function rewired(from: Kernel, moved: ReadonlyMap<Buffer, Buffer>): Kernel {
  const now = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(now);
    if (isBuffer(value)) return moved.get(value) ?? value;
    if (!isExpression(value)) return value;
    return {
      ...value,
      leaves: value.leaves.map((leaf) => ({ ...leaf, buffer: moved.get(leaf.buffer) ?? leaf.buffer })),
    };
  };
  const { kind, reads: _reads, writes: _writes, ...fields } = from;
  const rewritten = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, now(value)]));
  return kernel(kind, rewritten as never);
}
