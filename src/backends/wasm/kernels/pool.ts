// Pooling and its gradients in their general form: any window, stride and padding, four channels at a time, one image
// a slice. The common non-overlapping maximum after a convolution never comes here: conv2d computes it in place.
import type { PoolAttrs } from "../../../core/ops/pool.js";
import { windowOutput } from "../../../core/ops/window.js";
import type { Shape } from "../../../core/shape.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { below, load, shifted, sum, times } from "../assembler/operands.js";
import {
  addressesOf,
  channelVectors,
  type Emission,
  type Emitted,
  type Emitter,
  forChannels,
  kernelFunction,
} from "./emission.js";
import { loadVector, storeBytes } from "./vectors.js";

interface Windows {
  readonly images: Shape;
  readonly attrs: PoolAttrs;
}

/** One position of the window: pointers in bytes of f32, and a visit of its cells. */
interface Position {
  /** Byte offset of the pooled element's first channel. */
  readonly pooled: Local;
  /** Calls `body` for every cell inside the image with the byte offset of its first channel. */
  readonly cells: (body: (cell: number, offset: Local) => void) => void;
  /** The number of cells inside the image, f32. */
  readonly count: Local;
}

/** Writes a kernel that visits every window of an image, one image a slice. */
function overWindows(
  emission: Emission,
  { images, attrs }: Windows,
  begin: (code: Code, image: Local) => void,
  body: (code: Code, position: Position) => void,
): Emitted {
  const [batch, height, width, channels] = images as [number, number, number, number];
  const { size, strides, padding } = attrs;
  const [rows, columns] = windowOutput("pool", [height, width], size, attrs);
  const padded = padding.some((cells) => cells !== 0);
  const index = kernelFunction(emission, (code, image) => {
    const [pooled, y, x, cellY, cellX, offset] = code.locals("i32", 6);
    const count = code.local("f32");
    begin(code, image);
    code.set(pooled, times(image, rows * columns * channels * 4));
    const visit = (each: (cell: number, offset: Local) => void): void => {
      for (let cell = 0; cell < size[0] * size[1]; cell++) {
        code.set(cellY, sum(y, Math.floor(cell / size[1]))).set(cellX, sum(x, cell % size[1]));
        const inside = (): void => {
          code.set(offset, times(sum(times(sum(times(image, height), cellY), width), cellX), channels * 4));
          each(cell, offset);
        };
        if (!padded) inside();
        else code.push(below(cellY, height)).push(below(cellX, width)).op(OP.i32_and).if(inside);
      }
    };
    code.set(y, -padding[0]).loop(rows, 1, () => {
      code.set(x, -padding[2]).loop(columns, 1, () => {
        if (padded) {
          code.f32(0).set(count);
          visit(() => void code.get(count).f32(1).op(OP.f32_add).set(count));
        } else code.f32(size[0] * size[1]).set(count);
        body(code, { pooled, cells: visit, count });
        code.advance(pooled, channels * 4).advance(x, strides[1]);
      });
      code.advance(y, strides[0]);
    });
  });
  return { function: index, slices: batch, scratchBytes: 0 };
}

const channelsOf = ({ images }: Windows) => channelVectors(images[3]!);

/** Zeroes one image of gradients before windows add to it. */
function zeroImage(code: Code, image: Local, [, height, width, channels]: Shape, address: number): void {
  const bytes = height! * width! * channels! * 4;
  code
    .push(sum(times(image, bytes), address))
    .i32(0)
    .i32(bytes)
    .memoryFill();
}

export const emitMaxPool2d: Emitter<"maxPool2d"> = (kernel, emission) => {
  const [x, output, winner] = addressesOf(emission, kernel.x, kernel.output, kernel.winner);
  return overWindows(
    emission,
    kernel,
    () => {},
    (code, { pooled, cells }) => {
      const [best, cellOf, value, better] = code.locals("v128", 4);
      const bytes = code.local("i32");
      code.set(bytes, shifted(pooled, 2));
      for (const { at, lanes } of channelsOf(kernel)) {
        code.f32x4(Number.NEGATIVE_INFINITY).set(best).i32x4(0).set(cellOf);
        cells((cell, offset) => {
          code.tee(value, load(offset, x + at * 4)).get(best);
          code.op(OP.f32x4_gt).set(better);
          code.i32x4(cell).get(cellOf).get(better).op(OP.v128_bitselect).set(cellOf);
          code.get(value).get(best).get(better).op(OP.v128_bitselect).set(best);
        });
        code.store(pooled, best, output + at * 4, lanes);
        storeBytes(code, bytes, cellOf, winner + at, lanes);
      }
      code.release(best, cellOf, value, better, bytes);
    },
  );
};

export const emitMaxPool2dGrad: Emitter<"maxPool2dGrad"> = (kernel, emission) => {
  const [dy, winner, output] = addressesOf(emission, kernel.dy, kernel.winner, kernel.output);
  return overWindows(
    emission,
    kernel,
    (code, image) => zeroImage(code, image, kernel.images, output),
    (code, { pooled, cells }) => {
      const [from, to] = code.locals("i32", 2);
      const share = code.local("v128");
      cells((cell, offset) => {
        forChannels(code, kernel.images[3]!, (channel, lanes) => {
          code.set(from, sum(pooled, channel)).set(to, sum(offset, channel));
          // Cells that did not win get a zero, which changes no sum that began at zero.
          code.push(shifted(from, 2));
          loadVector(code, "uint8", winner);
          code.f32x4(cell).op(OP.f32x4_eq).push(load(from, dy)).op(OP.v128_and);
          code.push(load(to, output)).op(OP.f32x4_add).set(share);
          code.store(to, share, output, lanes);
        });
      });
      code.release(from, to, share);
    },
  );
};

export const emitAveragePool2d: Emitter<"averagePool2d"> = (kernel, emission) => {
  const [x, output] = addressesOf(emission, kernel.x, kernel.output);
  return overWindows(
    emission,
    kernel,
    () => {},
    (code, { pooled, cells, count }) => {
      const total = code.local("v128");
      for (const { at, lanes } of channelsOf(kernel)) {
        code.f32x4(0).set(total);
        cells((_, offset) => {
          code.get(total).push(load(offset, x + at * 4));
          code.op(OP.f32x4_add).set(total);
        });
        code.get(total).get(count).op(OP.f32x4_splat, OP.f32x4_div).set(total);
        code.store(pooled, total, output + at * 4, lanes);
      }
      code.release(total);
    },
  );
};

export const emitAveragePool2dGrad: Emitter<"averagePool2dGrad"> = (kernel, emission) => {
  const [dy, output] = addressesOf(emission, kernel.dy, kernel.output);
  return overWindows(
    emission,
    kernel,
    (code, image) => zeroImage(code, image, kernel.images, output),
    (code, { pooled, cells, count }) => {
      const [share, total] = code.locals("v128", 2);
      for (const { at, lanes } of channelsOf(kernel)) {
        code.push(load(pooled, dy + at * 4)).get(count);
        code.op(OP.f32x4_splat, OP.f32x4_div).set(share);
        cells((_, offset) => {
          code.push(load(offset, output + at * 4)).get(share);
          code
            .op(OP.f32x4_add)
            .set(total)
            .store(offset, total, output + at * 4, lanes);
        });
      }
      code.release(share, total);
    },
  );
};
