// Convolution as an implicit matrix product: for every four output pixels and eight filters, walk the filter rows of
// the padded image. With pooling, the four pixels are cells of one window: the maximum, its cell, the bias and the
// activation are taken while all of it is still in registers, and the full-size result is never written.
import { isSpread } from "../../../compile/geometry.js";
import type { KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { sum, times } from "../assembler/operands.js";
import { type Bands, cutImages, type Emission, type Emitter, kernelFunction, openBand } from "./emission.js";
import { type FilterRun, filterRuns, paddedImages, paddedSize, seenRows } from "./images.js";
import { type ColumnOperand, filterPanels } from "./panel.js";
import { emitPointwise, isPointwise } from "./pointwise.js";
import { emitSpreadConv2d } from "./spread.js";
import {
  accumulate,
  clear,
  eachVector,
  evenRows,
  finishVector,
  forColumnBlocks,
  forTiles,
  freshPosition,
  type MatrixResult,
  makeAccumulators,
  type Position,
  TILE_ROWS,
} from "./tile.js";
import { Winners } from "./winners.js";

/** Cells of a pooling window that are computed together, and bytes from the window's footprint to each cell's. */
export interface WindowTile {
  readonly cells: readonly number[];
  readonly offsets: readonly number[];
}

export interface Conv2dPlan {
  readonly bands: Bands;
  /** Results of an image: windows with pooling, pixels without. */
  readonly height: number;
  readonly width: number;
  /** Bytes from the footprint of an output pixel to its right neighbour's. */
  readonly right: number;
  /** Bytes from the footprint of a result to that of its neighbours. */
  readonly next: { readonly down: number; readonly right: number };
  readonly runs: readonly FilterRun[];
  /** Empty without pooling. */
  readonly windowTiles: readonly WindowTile[];
}

export function planConv2d({ geometry, pool }: Pick<KernelOf<"conv2d">, "geometry" | "pool">): Conv2dPlan {
  const { pitch } = paddedSize(geometry);
  const [height, width] = pool?.output ?? geometry.output;
  const right = geometry.strides[1] * geometry.inputChannels * 4;
  const down = geometry.strides[0] * pitch;
  const [rows, columns] = pool?.size ?? [1, 1];
  const windowTiles: WindowTile[] = [];
  if (pool !== undefined)
    for (let first = 0; first < rows * columns; first += TILE_ROWS) {
      const cells = Array.from({ length: Math.min(TILE_ROWS, rows * columns - first) }, (_, i) => first + i);
      const offsets = cells.map((cell) => Math.floor(cell / columns) * down + (cell % columns) * right);
      windowTiles.push({ cells, offsets });
    }
  return {
    bands: cutImages(geometry.batch, height),
    height,
    width,
    right,
    next: { down: down * rows, right: right * columns },
    runs: filterRuns(geometry, pitch),
    windowTiles,
  };
}

/** A row of results for a block of filters: what the code of its parts shares. */
interface Row {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"conv2d">;
  readonly plan: Conv2dPlan;
  readonly result: MatrixResult;
  /** Pointer to the footprint of the next result. */
  readonly a: Local;
  readonly position: Position;
  readonly lanes: readonly number[];
  readonly filters: ColumnOperand;
}

export const emitConv2d: Emitter<"conv2d"> = (kernel, emission) => {
  if (isSpread(kernel.geometry, kernel.pool)) return emitSpreadConv2d(kernel, emission);
  if (isPointwise(kernel.geometry, kernel.pool)) return emitPointwise(kernel, emission);
  const { geometry } = kernel;
  const plan = planConv2d(kernel);
  const { bands, height, width, next } = plan;
  const columns = geometry.outputChannels;
  const [rows] = kernel.pool?.size ?? [1];
  const step = rows * geometry.strides[0];
  const reach = step - geometry.strides[0] + seenRows(geometry);
  const images = paddedImages(emission, geometry, kernel.prologue, { bands, step, reach });
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns };
  const k = geometry.filter[0] * geometry.filter[1] * geometry.inputChannels;
  const tiles = bands.rowsPerBand * (kernel.pool === undefined ? width / TILE_ROWS : width * plan.windowTiles.length);
  const panels = filterPanels(emission.address(kernel.filter), { k, columns }, tiles);
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const band = openBand(code, slice, bands);
    const { image, start, end } = band;
    const [corner, a, panel] = code.locals("i32", 3);
    const position = freshPosition(code);
    images.open(code, image, scratch, corner, band);
    code.set(panel, sum(scratch, images.bytes));
    forColumnBlocks(code, columns, (column, lanes) => {
      const filters = panels.open(code, column, lanes, panel);
      const part = { code, emission, kernel, plan, result, a, position: { ...position, column }, lanes, filters };
      const row = code.local("i32");
      code.set(row, start).loopFrom(row, end, 1, () => {
        code.set(position.row, sum(times(image, height * width * 4), times(row, width * 4)));
        code.set(position.cell, sum(times(position.row, columns), column));
        code.set(a, sum(corner, times(row, next.down)));
        if (kernel.pool === undefined) forTiles(code, width, (pixels) => emitPixels(part, pixels));
        else code.loop(width, 1, () => emitWindow(part));
      });
      code.release(row);
    });
  });
  return { function: index, slices: bands.slices, scratchBytes: images.bytes + panels.bytes };
};

/** Accumulators with the products of the footprints at these offsets from pointer `a`. */
function footprints({ code, emission, plan, a, lanes, filters }: Row, rowOffsets: readonly number[]) {
  const { b, bOffset, bStep } = filters;
  const accumulators = makeAccumulators(code, rowOffsets.length, lanes.length);
  clear(code, accumulators);
  for (const { offset, first, count } of plan.runs)
    accumulate(emission, code, accumulators, {
      a,
      aOffset: offset,
      rowOffsets,
      aStep: 4,
      ...{ b, bOffset: bOffset + first * bStep, bStep },
      count,
    });
  return accumulators;
}

/** Some pixels of a row without pooling. */
function emitPixels(row: Row, pixels: number): void {
  const { code, emission, plan, result, position, lanes } = row;
  const accumulators = footprints(row, evenRows(pixels, plan.right));
  eachVector(accumulators, (local, r, v) => {
    finishVector(emission, code, result, position, [r, v], lanes[v]!, local);
  });
  code.release(...accumulators.flat());
  advance(row, pixels);
}

/** A pooling window. */
function emitWindow(row: Row): void {
  const { code, emission, kernel, plan, result, position, lanes } = row;
  const winners = new Winners(code, lanes.length);
  for (const { cells, offsets } of plan.windowTiles) {
    const accumulators = footprints(row, offsets);
    accumulators.forEach((vectors, i) => {
      winners.offer(cells[i]!, vectors);
    });
    code.release(...accumulators.flat());
  }
  winners.best.forEach((local, v) => {
    finishVector(emission, code, result, position, [0, v], lanes[v]!, local);
  });
  if (kernel.winner !== undefined) winners.store(emission.address(kernel.winner), position.cell, lanes);
  winners.release();
  advance(row, 1);
}

/** Goes on by so many results. */
function advance({ code, plan, result, a, position }: Row, results: number): void {
  code.advance(a, plan.next.right * results).advance(position.row, results * 4);
  code.advance(position.cell, results * result.columns * 4);
}
