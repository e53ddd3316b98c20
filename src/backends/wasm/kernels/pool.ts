// Pooling and its gradients in their general form: any window, stride and padding, four channels at a time, one image
// a slice. The common non-overlapping maximum after a convolution never comes here: conv2d computes it in place.

import type { PoolAttrs } from "../../../core/ops/pool.js";
import { windowOutput } from "../../../core/ops/window.js";
import type { Shape } from "../../../core/shape.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { channelVectors, type Emission, type Emitted, type Emitter, kernelFunction, storeLanes } from "./emission.js";
import { storeBytes } from "./vectors.js";

interface Windows {
  readonly images: Shape;
  readonly attrs: PoolAttrs;
}

/** One position of the window: pointers in bytes of f32, plus how to visit its cells. */
interface Place {
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
  body: (code: Code, place: Place) => void,
): Emitted {
  const [batch, height, width, channels] = images as [number, number, number, number];
  const { size, strides, padding } = attrs;
  const [oh, ow] = windowOutput("pool", [height, width], size, attrs);
  const padded = padding.some((cells) => cells !== 0);
  const index = kernelFunction(emission, (code, image) => {
    const [pooled, y, x, cellY, cellX, offset] = code.locals("i32", 6) as [Local, Local, Local, Local, Local, Local];
    const count = code.local("f32");
    begin(code, image);
    code
      .get(image)
      .times(oh * ow * channels * 4)
      .set(pooled);
    const visit = (each: (cell: number, offset: Local) => void): void => {
      for (let cy = 0; cy < size[0]; cy++)
        for (let cx = 0; cx < size[1]; cx++) {
          code.get(y).i32(cy).op(OP.i32_add).set(cellY).get(x).i32(cx).op(OP.i32_add).set(cellX);
          const inside = (): void => {
            code.get(image).times(height).get(cellY).op(OP.i32_add).times(width).get(cellX).op(OP.i32_add);
            code.times(channels * 4).set(offset);
            each(cy * size[1] + cx, offset);
          };
          if (!padded) inside();
          else code.get(cellY).i32(height).op(OP.i32_lt_u).get(cellX).i32(width).op(OP.i32_lt_u, OP.i32_and).if(inside);
        }
    };
    code
      .i32(-padding[0])
      .set(y)
      .loop(oh, 1, () => {
        code
          .i32(-padding[2])
          .set(x)
          .loop(ow, 1, () => {
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
  code.get(image).times(bytes).i32(address).op(OP.i32_add).i32(0).i32(bytes).memoryFill();
}

export const emitMaxPool2d: Emitter<"maxPool2d"> = (kernel, emission) => {
  const [x, output, winner] = [kernel.x, kernel.output, kernel.winner].map(emission.address) as [
    number,
    number,
    number,
  ];
  return overWindows(
    emission,
    kernel,
    () => {},
    (code, { pooled, cells }) => {
      const [best, cellOf, value, better] = code.locals("v128", 4) as [Local, Local, Local, Local];
      const bytes = code.local("i32");
      code.get(pooled).i32(2).op(OP.i32_shr_u).set(bytes);
      for (const { at, lanes } of channelsOf(kernel)) {
        code.f32x4(Number.NEGATIVE_INFINITY).set(best).i32x4(0).set(cellOf);
        cells((cell, offset) => {
          code
            .get(offset)
            .memory("v128_load", x + at * 4)
            .tee(value)
            .get(best)
            .op(OP.f32x4_gt)
            .set(better);
          code.i32x4(cell).get(cellOf).get(better).op(OP.v128_bitselect).set(cellOf);
          code.get(value).get(best).get(better).op(OP.v128_bitselect).set(best);
        });
        storeLanes(code, pooled, best, lanes, output + at * 4);
        if (lanes === 4) storeBytes(code, bytes, cellOf, winner + at);
        else
          for (let lane = 0; lane < lanes; lane++)
            code
              .get(bytes)
              .get(cellOf)
              .lane("i32x4_extract_lane", lane)
              .memory("i32_store8", winner + at + lane);
      }
      code.release(best, cellOf, value, better, bytes);
    },
  );
};

export const emitMaxPool2dGrad: Emitter<"maxPool2dGrad"> = (kernel, emission) => {
  const [dy, winner, output] = [kernel.dy, kernel.winner, kernel.output].map(emission.address) as [
    number,
    number,
    number,
  ];
  return overWindows(
    emission,
    kernel,
    (code, image) => zeroImage(code, image, kernel.images, output),
    (code, { pooled, cells }) => {
      const bytes = code.local("i32");
      code.get(pooled).i32(2).op(OP.i32_shr_u).set(bytes);
      cells((cell, offset) => {
        code.loop(kernel.images[3]!, 1, (channel) => {
          const [from, to] = code.locals("i32", 2) as [Local, Local];
          code.get(bytes).get(channel).op(OP.i32_add).memory("i32_load8_u", winner).i32(cell).op(OP.i32_eq);
          code.if(() => {
            code.get(channel).times(4).get(pooled).op(OP.i32_add).set(from);
            code.get(channel).times(4).get(offset).op(OP.i32_add).tee(to);
            code.get(to).memory("f32_load", output).get(from).memory("f32_load", dy);
            code.op(OP.f32_add).memory("f32_store", output);
          });
          code.release(from, to);
        });
      });
      code.release(bytes);
    },
  );
};

export const emitAveragePool2d: Emitter<"averagePool2d"> = (kernel, emission) => {
  const [x, output] = [kernel.x, kernel.output].map(emission.address) as [number, number];
  return overWindows(
    emission,
    kernel,
    () => {},
    (code, { pooled, cells, count }) => {
      const sum = code.local("v128");
      for (const { at, lanes } of channelsOf(kernel)) {
        code.f32x4(0).set(sum);
        cells((_, offset) => {
          code
            .get(sum)
            .get(offset)
            .memory("v128_load", x + at * 4)
            .op(OP.f32x4_add)
            .set(sum);
        });
        code.get(sum).get(count).op(OP.f32x4_splat, OP.f32x4_div).set(sum);
        storeLanes(code, pooled, sum, lanes, output + at * 4);
      }
      code.release(sum);
    },
  );
};

export const emitAveragePool2dGrad: Emitter<"averagePool2dGrad"> = (kernel, emission) => {
  const [dy, output] = [kernel.dy, kernel.output].map(emission.address) as [number, number];
  return overWindows(
    emission,
    kernel,
    (code, image) => zeroImage(code, image, kernel.images, output),
    (code, { pooled, cells, count }) => {
      const [share, sum] = code.locals("v128", 2) as [Local, Local];
      for (const { at, lanes } of channelsOf(kernel)) {
        code
          .get(pooled)
          .memory("v128_load", dy + at * 4)
          .get(count)
          .op(OP.f32x4_splat, OP.f32x4_div)
          .set(share);
        cells((_, offset) => {
          code
            .get(offset)
            .memory("v128_load", output + at * 4)
            .get(share)
            .op(OP.f32x4_add)
            .set(sum);
          storeLanes(code, offset, sum, lanes, output + at * 4);
        });
      }
      code.release(share, sum);
    },
  );
};
