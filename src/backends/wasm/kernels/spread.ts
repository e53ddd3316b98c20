// Convolution over images whose pixels lie apart, with zeros between them: the gradient of a convolution with strides in its images, and a
// transposed convolution. Of the filter's cells only those count that see a pixel, and which these are depends on the remainder of a
// result's row and column by the distance of pixels. Results of one remainder are computed together, as a convolution over the images
// as they lie; products with zeros, three of four at a distance of two, are left out. Sums are those of conv2d.ts in their order, and so
// are the bits: a product with zero changes no sum that begins at zero.
import { type PhaseTap, phaseTaps } from "../../../compile/geometry.js";
import type { ConvGeometry, KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { sum, times } from "../assembler/operands.js";
import { type Bands, cutImages, type Emission, type Emitter, kernelFunction, openBand } from "./emission.js";
import { paddedImages, paddedSize } from "./images.js";
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
} from "./tile.js";

/** Results of one remainder along an axis. */
interface Phase {
  readonly first: number;
  /** Number of results. */
  readonly count: number;
  readonly taps: readonly PhaseTap[];
}

export interface SpreadPlan {
  /** The images without zeros between pixels, with a border that all cells find. */
  readonly images: ConvGeometry;
  readonly rows: readonly Phase[];
  readonly columns: readonly Phase[];
  /** Rows of all remainders together, shared out. */
  readonly bands: Bands;
}

export function planSpread(geometry: ConvGeometry): SpreadPlan {
  const axes = ([0, 1] as const).map((axis) => {
    const distance = geometry.dilation[axis];
    const extent = geometry.output[axis];
    const phases = Array.from(
      { length: Math.min(distance, extent) },
      (_, first): Phase => ({
        ...{ first, count: Math.ceil((extent - first) / distance), taps: phaseTaps(geometry, axis, first) },
      }),
    );
    const ends = phases.flatMap(({ count, taps }) => taps.map(({ pixel }) => [pixel, pixel + count] as const));
    const before = Math.max(0, ...ends.map(([lowest]) => -lowest));
    const after = Math.max(0, ...ends.map(([, end]) => end - geometry.input[axis]));
    return { phases, before, after };
  });
  const [rows, columns] = axes as [(typeof axes)[number], (typeof axes)[number]];
  return {
    images: { ...geometry, dilation: [1, 1], padding: [rows.before, rows.after, columns.before, columns.after] },
    rows: rows.phases,
    columns: columns.phases,
    bands: cutImages(geometry.batch, rows.phases[0]!.count),
  };
}

/** A row of results of one remainder for a block of filters: what the code of its parts shares. */
interface Row {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"conv2d">;
  readonly plan: SpreadPlan;
  readonly result: MatrixResult;
  /** Pointer to the pixel of the padded image that the row's next result lies upon. */
  readonly a: Local;
  readonly position: Position;
  readonly lanes: readonly number[];
}

export const emitSpreadConv2d: Emitter<"conv2d"> = (kernel, emission) => {
  const { geometry } = kernel;
  const plan = planSpread(geometry);
  const { bands } = plan;
  const columns = geometry.outputChannels;
  const [height, width] = geometry.output;
  const images = paddedImages(emission, plan.images, kernel.prologue);
  const { pitch } = paddedSize(plan.images);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns };
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { image, start, end } = openBand(code, slice, bands);
    const [corner, row, last, a] = code.locals("i32", 4);
    const position = freshPosition(code);
    images.open(code, image, scratch, corner);
    forColumnBlocks(code, columns, (column, lanes) => {
      const part = { code, emission, kernel, plan, result, a, position: { ...position, column }, lanes };
      for (const down of plan.rows) {
        code.min(end, down.count).set(last);
        code.loopBetween(row, start, last, 1, () => {
          for (const across of plan.columns) {
            // Row and column of the first result, in results of all remainders.
            const above = sum(times(image, height * width * 4), times(row, geometry.dilation[0] * width * 4));
            code.set(position.row, sum(above, (down.first * width + across.first) * 4));
            code.set(position.cell, sum(times(position.row, columns), column));
            code.set(a, sum(corner, times(row, pitch)));
            forTiles(code, across.count, (results) => emitResults(part, down, across, pitch, results));
          }
        });
      }
    });
    code.release(corner, row, last, a);
  });
  return { function: index, slices: bands.slices, scratchBytes: images.bytes };
};

/** Some results of a row that lie a distance of pixels apart. */
function emitResults(row: Row, down: Phase, across: Phase, pitch: number, results: number): void {
  const { code, emission, kernel, plan, result, a, position, lanes } = row;
  const { inputChannels: cin, outputChannels: cout, filter, dilation } = kernel.geometry;
  const [top, , left] = plan.images.padding;
  const accumulators = makeAccumulators(code, results, lanes.length);
  clear(code, accumulators);
  for (const y of down.taps)
    for (const x of across.taps)
      accumulate(emission, code, accumulators, {
        a,
        aOffset: (top + y.pixel) * pitch + (left + x.pixel) * cin * 4,
        rowOffsets: evenRows(results, cin * 4),
        aStep: 4,
        b: position.column,
        bOffset: emission.address(kernel.filter) + (y.cell * filter[1] + x.cell) * cin * cout * 4,
        bStep: cout * 4,
        count: cin,
      });
  eachVector(accumulators, (local, r, v) => {
    finishVector(emission, code, result, position, [r * dilation[1], v], lanes[v]!, local);
  });
  code.release(...accumulators.flat());
  code.advance(a, results * cin * 4).advance(position.row, results * dilation[1] * 4);
  code.advance(position.cell, results * dilation[1] * result.columns * 4);
}
