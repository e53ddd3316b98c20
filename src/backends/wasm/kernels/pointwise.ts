// Convolution by filters of one cell: a product of all pixels with the filters. The pixels of an image lie side by side, so tiles go
// over the ends of rows; an image of 7 x 7 pixels has twelve whole tiles and a pixel, not seven times a tile of four and a tile of three.
// Slices of a few small images share out the filters too, which are then read once and not once for each band. The columns of eight
// filters, which lie a row apart, are packed if they would not stay in the first-level cache.
import type { ConvGeometry, KernelOf, PoolWindow } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { difference, equal, masked, quotient, remainder, sum, times } from "../assembler/operands.js";
import {
  type Bands,
  bandsOf,
  cutImages,
  type Emission,
  type Emitter,
  ENOUGH_SLICES,
  kernelFunction,
  openBand,
} from "./emission.js";
import { isReadInPlace, isTight, paddedImages } from "./images.js";
import { type ColumnOperand, filterPanels } from "./panel.js";
import {
  accumulate,
  clear,
  eachVector,
  evenRows,
  finishVector,
  forColumnRange,
  freshPosition,
  type MatrixResult,
  makeAccumulators,
  type Position,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./tile.js";

/** Pixels of a band that make up for reading the filters once more. */
const ENOUGH_PIXELS = 64;

/** True for a convolution by filters of one cell over pixels that lie side by side. */
export const isPointwise = (geometry: ConvGeometry, pool: PoolWindow | undefined): boolean =>
  pool === undefined && isTight(geometry) && [...geometry.filter, ...geometry.strides].every((cells) => cells === 1);

export interface PointwisePlan {
  readonly bands: Bands;
  /** Filters of a slice, and the parts that they make. */
  readonly columnBlock: number;
  readonly columnBlocks: number;
}

export function planPointwise({
  geometry,
  prologue,
}: Pick<KernelOf<"conv2d">, "geometry" | "prologue">): PointwisePlan {
  const { batch, output, outputChannels: cout } = geometry;
  const [height, width] = output;
  const bands = cutImages(batch, height);
  if (bands.rowsPerBand * width >= ENOUGH_PIXELS || !isReadInPlace(geometry, prologue))
    return { bands, columnBlock: cout, columnBlocks: 1 };
  const larger = bandsOf(batch, height, Math.min(height, Math.ceil(ENOUGH_PIXELS / width)));
  const parts = Math.ceil(ENOUGH_SLICES / larger.slices);
  const columnBlock = Math.ceil(cout / parts / TILE_COLUMNS) * TILE_COLUMNS;
  return { bands: larger, columnBlock, columnBlocks: Math.ceil(cout / columnBlock) };
}

/** A panel of filters and the pixels of a band: what the code of its tiles shares. */
interface Panel {
  readonly code: Code;
  readonly emission: Emission;
  readonly result: MatrixResult;
  readonly cin: number;
  /** Pointer to the next pixel. */
  readonly a: Local;
  readonly position: Position;
  readonly lanes: readonly number[];
  readonly filters: ColumnOperand;
}

export const emitPointwise: Emitter<"conv2d"> = (kernel, emission) => {
  const { geometry } = kernel;
  const { inputChannels: cin, outputChannels: cout, output } = geometry;
  const [height, width] = output;
  const { bands, columnBlock, columnBlocks } = planPointwise(kernel);
  const images = paddedImages(emission, geometry, kernel.prologue, { bands, step: 1, reach: 1 });
  const tiles = Math.ceil((bands.rowsPerBand * width) / TILE_ROWS);
  const panels = filterPanels(emission.address(kernel.filter), { k: cin, columns: cout }, tiles);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: cout };
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const [block, first, past, corner, a, panel, pixels] = code.locals("i32", 7);
    const position = freshPosition(code);
    code.set(block, quotient(slice, columnBlocks));
    const band = openBand(code, block, bands);
    images.open(code, band.image, scratch, corner, band);
    code.set(pixels, times(difference(band.end, band.start), width));
    code
      .tee(first, times(remainder(slice, columnBlocks), columnBlock))
      .plus(columnBlock)
      .set(past);
    code.min(past, cout).set(past).set(panel, sum(scratch, images.bytes));
    forColumnRange(code, cout, { first, past }, (column, lanes) => {
      const filters = panels.open(code, column, lanes, panel);
      code.set(position.row, sum(times(band.image, height * width * 4), times(band.start, width * 4)));
      code.set(position.cell, sum(times(position.row, cout), column));
      code.set(a, sum(corner, times(band.start, width * cin * 4)));
      emitPixels(
        { code, emission, result, cin, a, position: { ...position, column }, lanes, filters },
        bands,
        pixels,
        width,
      );
    });
  });
  return { function: index, slices: bands.slices * columnBlocks, scratchBytes: images.bytes + panels.bytes };
};

/** The pixels of a band: whole tiles, and what is left of a band that is whole or the last of an image. */
function emitPixels(panel: Panel, { rows, rowsPerBand, perImage }: Bands, pixels: Local, width: number): void {
  const { code } = panel;
  const left = code.local("i32");
  code.set(left, masked(pixels, -TILE_ROWS)).loop(left, TILE_ROWS, () => emitTile(panel, TILE_ROWS));
  code.set(left, masked(pixels, TILE_ROWS - 1));
  const rests = [rowsPerBand, rows - (perImage - 1) * rowsPerBand].map((some) => (some * width) % TILE_ROWS);
  for (const rest of new Set(rests)) if (rest > 0) code.push(equal(left, rest)).if(() => emitTile(panel, rest));
  code.release(left);
}

function emitTile({ code, emission, result, cin, a, position, lanes, filters }: Panel, pixels: number): void {
  const accumulators = makeAccumulators(code, pixels, lanes.length);
  clear(code, accumulators);
  const rows = { a, aOffset: 0, rowOffsets: evenRows(pixels, cin * 4), aStep: 4 };
  accumulate(emission, code, accumulators, { ...rows, ...filters, count: cin });
  eachVector(accumulators, (local, r, v) => {
    finishVector(emission, code, result, position, [r, v], lanes[v]!, local);
  });
  code.release(...accumulators.flat());
  code.advance(a, pixels * cin * 4).advance(position.row, pixels * 4);
  code.advance(position.cell, pixels * result.columns * 4);
}
