// Depthwise convolution and the gradient of its filters. Channels lie side by side in vector lanes, so neither packing
// nor a product is needed: every filter cell is one vector, multiplied with the pixels it covers.
import type { ConvGeometry, KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { equal, load, sum, times } from "../assembler/operands.js";
import {
  type Bands,
  cutImages,
  type Emission,
  type Emitter,
  forChannels,
  kernelFunction,
  openBand,
  sliceRange,
} from "./emission.js";
import { paddedImages, paddedSize, seenRows } from "./images.js";
import {
  clear,
  eachVector,
  finishVector,
  forTiles,
  freshPosition,
  type MatrixResult,
  makeAccumulators,
  type Position,
  TILE_ROWS,
} from "./tile.js";

/** A filter cell: where its weights begin in the filter, and the pixel under it in a footprint, in bytes. */
export interface FilterCell {
  readonly weights: number;
  readonly pixel: number;
}

export interface DepthwisePlan {
  readonly cells: readonly FilterCell[];
  /** The same, by groups whose pixels are loaded together. */
  readonly runs: readonly (readonly FilterCell[])[];
  /** Bytes from the footprint of an output pixel to its neighbours'. */
  readonly right: number;
  readonly down: number;
}

export function planDepthwise(geometry: ConvGeometry): DepthwisePlan {
  const { filter, spacing, strides, inputChannels } = geometry;
  const { pitch } = paddedSize(geometry);
  const cells = Array.from({ length: filter[0] * filter[1] }, (_, cell) => ({
    weights: cell * inputChannels * 4,
    pixel: Math.floor(cell / filter[1]) * spacing[0] * pitch + (cell % filter[1]) * spacing[1] * inputChannels * 4,
  }));
  const together = strides[1] === 1 && spacing[1] === 1 && filter[1] + TILE_ROWS - 1 <= PIXELS_AT_ONCE ? filter[1] : 1;
  const runs = Array.from({ length: cells.length / together }, (_, i) => cells.slice(i * together, (i + 1) * together));
  return { cells, runs, right: strides[1] * inputChannels * 4, down: strides[0] * pitch };
}

/** Four channels of a tile of pixels. */
interface Tile {
  readonly code: Code;
  readonly emission: Emission;
  readonly plan: DepthwisePlan;
  readonly filter: number;
  readonly result: MatrixResult;
  /** Pointer to the footprint of the first pixel. */
  readonly a: Local;
  readonly position: Position;
  readonly lanes: number;
  readonly weight: Local;
}

export const emitDepthwiseConv2d: Emitter<"depthwiseConv2d"> = (kernel, emission) => {
  const { geometry } = kernel;
  const { batch, inputChannels: channels } = geometry;
  const [height, width] = geometry.output;
  const plan = planDepthwise(geometry);
  const bands: Bands = cutImages(batch, height);
  const seen = { bands, step: geometry.strides[0], reach: seenRows(geometry) };
  const images = paddedImages(emission, geometry, kernel.prologue, seen);
  const filter = emission.address(kernel.filter);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: channels };
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const band = openBand(code, slice, bands);
    const { image, start, end } = band;
    const [corner, a, first] = code.locals("i32", 3);
    const position = freshPosition(code);
    images.open(code, image, scratch, corner, band);
    const weight = code.local("v128");
    const row = code.local("i32");
    code.set(row, start).loopFrom(row, end, 1, () => {
      code.set(position.row, sum(times(image, height * width * 4), times(row, width * 4)));
      code.set(first, sum(corner, times(row, plan.down)));
      // All channels of a tile before the next: cache lines are read once and whole.
      forTiles(code, width, (pixels) => {
        forChannels(code, channels, (channel, lanes) => {
          code.set(position.cell, sum(times(position.row, channels), channel));
          code.set(a, sum(first, channel));
          const block = { ...position, column: channel };
          emitTile({ code, emission, plan, filter, result, a, position: block, lanes, weight }, pixels);
        });
        code.advance(first, plan.right * pixels).advance(position.row, pixels * 4);
      });
    });
  });
  return { function: index, slices: bands.slices, scratchBytes: images.bytes };
};

/** Distinct pixels of a filter row that stay in registers beside the sums of a tile. */
const PIXELS_AT_ONCE = 8;

/** Some pixels of a row. Cells of a filter row see the same pixels again, which are loaded once. */
function emitTile({ code, emission, plan, filter, result, a, position, lanes, weight }: Tile, pixels: number) {
  const accumulators = makeAccumulators(code, pixels, 1);
  clear(code, accumulators);
  for (const cells of plan.runs) {
    const seen = new Map<number, Local>();
    for (const cell of cells) {
      code.set(weight, load(position.column, filter + cell.weights));
      eachVector(accumulators, (local, p) => {
        const at = cell.pixel + p * plan.right;
        let pixel = seen.get(at);
        if (pixel === undefined) {
          pixel = code.local("v128");
          code.set(pixel, load(a, at));
          seen.set(at, pixel);
        }
        code.multiplyAdd(emission.mode, local, weight, pixel).set(local);
      });
    }
    code.release(...seen.values());
  }
  eachVector(accumulators, (local, p) => {
    finishVector(emission, code, result, position, [p, 0], lanes, local);
  });
  code.release(...accumulators.flat());
}

/** Filter cells whose sums stay in registers while rows are walked. */
const CELLS_AT_ONCE = 9;
/** Bytes of pixels and gradients that are walked for all channels before the next, for a core's first-level cache. */
const WALKED_BYTES = 32 * 1024;

/** Rows that are walked together, a divisor of all. */
function rowsTogether({ output, inputChannels, strides }: ConvGeometry): number {
  const bytes = output[1] * inputChannels * 4 * (1 + strides[0] * strides[1]);
  let best = 1;
  for (let rows = 2; rows <= output[0]; rows++) if (output[0] % rows === 0 && rows * bytes <= WALKED_BYTES) best = rows;
  return best;
}

/** Four channels of the filter's gradient from some rows of an image: what the code of its groups of cells shares. */
interface Gradients {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"depthwiseFilterGrad">;
  readonly plan: DepthwisePlan;
  readonly image: Local;
  /** The first image of the slice, whose first rows find no sums in memory. */
  readonly start: Local;
  readonly corner: Local;
  /** Number of the first of the rows, and how many they are. */
  readonly row: Local;
  readonly rows: number;
  readonly channel: Local;
  readonly lanes: number;
  /** Walk the image and the output's gradient. */
  readonly a: Local;
  readonly b: Local;
  /** Pointer to the slice's sums. */
  readonly out: Local;
  readonly gradient: Local;
  readonly pixel: Local;
}

export const emitDepthwiseFilterGrad: Emitter<"depthwiseFilterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const { batch, inputChannels: channels } = geometry;
  const plan = planDepthwise(geometry);
  const images = paddedImages(emission, geometry, kernel.prologue);
  const rows = rowsTogether(geometry);
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, corner, a, b, out] = code.locals("i32", 5);
    const [gradient, pixel] = code.locals("v128", 2);
    code.set(image, start).loopFrom(image, end, 1, () => {
      images.open(code, image, scratch, corner);
      code.loop(geometry.output[0], rows, (row) => {
        forChannels(code, channels, (channel, lanes) => {
          code.set(out, sum(times(slice, plan.cells.length * channels * 4), channel));
          const part = { image, start, corner, row, rows, channel, lanes };
          const walk = { code, emission, kernel, plan, ...part, a, b, out, gradient, pixel };
          for (let first = 0; first < plan.cells.length; first += CELLS_AT_ONCE)
            emitCells(walk, plan.cells.slice(first, first + CELLS_AT_ONCE));
        });
      });
    });
  });
  return { function: index, slices: Math.ceil(batch / chunk), scratchBytes: images.bytes };
};

/** Adds the products of some rows to the sums of some filter cells. */
function emitCells(
  {
    code,
    emission,
    kernel,
    plan,
    image,
    start,
    corner,
    row,
    rows,
    channel,
    lanes,
    a,
    b,
    out,
    gradient,
    pixel,
  }: Gradients,
  cells: readonly FilterCell[],
): void {
  const [height, columns] = kernel.geometry.output;
  const channels = kernel.geometry.inputChannels;
  const address = emission.address(kernel.output);
  const sums = code.locals("v128", cells.length);
  code.push(equal(image, start)).push(equal(row, 0)).op(OP.i32_and);
  code.if(
    () => clear(code, [sums]),
    () =>
      sums.forEach((total, i) => {
        code.set(total, load(out, address + cells[i]!.weights));
      }),
  );
  code.set(a, sum(corner, channel, times(row, plan.down)));
  code.set(b, sum(times(image, height * columns * channels * 4), times(row, columns * channels * 4), channel));
  code.loop(rows, 1, () => {
    code.loop(columns, 1, () => {
      code.set(gradient, load(b, emission.address(kernel.dy)));
      sums.forEach((total, i) => {
        code.set(pixel, load(a, cells[i]!.pixel));
        code.multiplyAdd(emission.mode, total, gradient, pixel).set(total);
      });
      code.advance(a, plan.right).advance(b, channels * 4);
    });
    code.advance(a, plan.down - columns * plan.right);
  });
  sums.forEach((total, i) => {
    code.store(out, total, address + cells[i]!.weights, lanes);
  });
  code.release(...sums);
}
