// Depthwise convolution and the gradient of its filters. Channels lie side by side in vector lanes, so neither packing
// nor a product is needed: every filter cell is one vector, multiplied with the pixels it covers.
import type { ConvGeometry, KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { equal, load, sum, times } from "../assembler/operands.js";
import {
  type Bands,
  channelVectors,
  cutImages,
  type Emission,
  type Emitter,
  kernelFunction,
  openBand,
  sliceRange,
} from "./emission.js";
import { paddedImages, paddedSize } from "./images.js";
import {
  clear,
  eachVector,
  finishVector,
  forTiles,
  freshPosition,
  type MatrixResult,
  makeAccumulators,
  type Position,
} from "./tile.js";

/** Calls `body` for every four channels: whole vectors in a loop, then the lanes that are left. */
function forChannels(code: Code, channels: number, body: (channel: Local, lanes: number) => void): void {
  const whole = channels - (channels % 4);
  code.loop(whole * 4, 16, (channel) => body(channel, 4));
  if (whole === channels) return;
  const channel = code.local("i32");
  code.set(channel, whole * 4);
  body(channel, channelVectors(channels).at(-1)!.lanes);
  code.release(channel);
}

/** A filter cell: where its weights begin in the filter, and the pixel under it in a footprint, in bytes. */
export interface FilterCell {
  readonly weights: number;
  readonly pixel: number;
}

export interface DepthwisePlan {
  readonly cells: readonly FilterCell[];
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
  return { cells, right: strides[1] * inputChannels * 4, down: strides[0] * pitch };
}

/** Four channels of a row of pixels: what the code of its tiles shares. */
interface Row {
  readonly code: Code;
  readonly emission: Emission;
  readonly plan: DepthwisePlan;
  readonly filter: number;
  readonly result: MatrixResult;
  /** Pointer to the footprint of the next pixel. */
  readonly a: Local;
  readonly position: Position;
  readonly lanes: number;
  readonly weight: Local;
  readonly pixel: Local;
}

export const emitDepthwiseConv2d: Emitter<"depthwiseConv2d"> = (kernel, emission) => {
  const { geometry } = kernel;
  const { batch, inputChannels: channels } = geometry;
  const [height, width] = geometry.output;
  const plan = planDepthwise(geometry);
  const bands: Bands = cutImages(batch, height);
  const images = paddedImages(emission, geometry, kernel.prologue);
  const filter = emission.address(kernel.filter);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: channels };
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { image, start, end } = openBand(code, slice, bands);
    const [corner, a] = code.locals("i32", 2);
    const position = freshPosition(code);
    images.open(code, image, scratch, corner);
    const [weight, pixel] = code.locals("v128", 2);
    const row = code.local("i32");
    code.set(row, start).loopFrom(row, end, 1, () => {
      forChannels(code, channels, (channel, lanes) => {
        code.tee(position.row, sum(times(image, height * width * 4), times(row, width * 4)));
        code.times(channels).plus(channel).set(position.cell);
        code.set(a, sum(corner, times(row, plan.down), channel));
        const block = { ...position, column: channel };
        const part = { code, emission, plan, filter, result, a, position: block, lanes, weight, pixel };
        forTiles(code, width, (pixels) => emitTile(part, pixels));
      });
    });
  });
  return { function: index, slices: bands.slices, scratchBytes: images.bytes };
};

/** Some pixels of a row. */
function emitTile({ code, emission, plan, filter, result, a, position, lanes, weight, pixel }: Row, pixels: number) {
  const accumulators = makeAccumulators(code, pixels, 1);
  clear(code, accumulators);
  for (const cell of plan.cells) {
    code.set(weight, load(position.column, filter + cell.weights));
    eachVector(accumulators, (local, p) => {
      code.set(pixel, load(a, cell.pixel + p * plan.right));
      code.multiplyAdd(emission.mode, local, weight, pixel).set(local);
    });
  }
  eachVector(accumulators, (local, p) => {
    finishVector(emission, code, result, position, [p, 0], lanes, local);
  });
  code.release(...accumulators.flat());
  code.advance(a, plan.right * pixels).advance(position.row, pixels * 4);
  code.advance(position.cell, pixels * result.columns * 4);
}

/** Filter cells whose sums stay in registers while an image is walked. */
const CELLS_AT_ONCE = 9;

/** Four channels of the filter's gradient from one image: what the code of its groups of cells shares. */
interface Gradients {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"depthwiseFilterGrad">;
  readonly plan: DepthwisePlan;
  readonly image: Local;
  /** The first image of the slice, which finds no sums in memory. */
  readonly start: Local;
  readonly corner: Local;
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
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, corner, a, b, out] = code.locals("i32", 5);
    const [gradient, pixel] = code.locals("v128", 2);
    code.set(image, start).loopFrom(image, end, 1, () => {
      images.open(code, image, scratch, corner);
      forChannels(code, channels, (channel, lanes) => {
        code.set(out, sum(times(slice, plan.cells.length * channels * 4), channel));
        const walk = { code, emission, kernel, plan, image, start, corner, channel, lanes, a, b, out, gradient, pixel };
        for (let first = 0; first < plan.cells.length; first += CELLS_AT_ONCE)
          emitCells(walk, plan.cells.slice(first, first + CELLS_AT_ONCE));
      });
    });
  });
  return { function: index, slices: Math.ceil(batch / chunk), scratchBytes: images.bytes };
};

/** Adds an image's products to the sums of some filter cells. */
function emitCells(
  { code, emission, kernel, plan, image, start, corner, channel, lanes, a, b, out, gradient, pixel }: Gradients,
  cells: readonly FilterCell[],
): void {
  const [rows, columns] = kernel.geometry.output;
  const channels = kernel.geometry.inputChannels;
  const address = emission.address(kernel.output);
  const sums = code.locals("v128", cells.length);
  code.push(equal(image, start)).if(
    () => clear(code, [sums]),
    () =>
      sums.forEach((total, i) => {
        code.set(total, load(out, address + cells[i]!.weights));
      }),
  );
  code.set(a, sum(corner, channel));
  code.set(b, sum(times(image, rows * columns * channels * 4), channel));
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
