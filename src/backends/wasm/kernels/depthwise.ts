// Depthwise convolution and the gradient of its filters. Channels lie side by side in vector lanes, so neither packing
// nor a product is needed: every filter cell is one vector, multiplied with the pixels it covers.
import type { ConvGeometry } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import {
  channelVectors,
  cutImages,
  type Emission,
  type Emitter,
  kernelFunction,
  openBand,
  sliceRange,
  storeLanes,
} from "./emission.js";
import { paddedImages } from "./images.js";
import { clear, finishVector, makeAccumulators, type Position, TILE_ROWS } from "./tile.js";

/** local += vector * (value on the stack) */
function multiplyAdd({ mode }: Emission, code: Code, local: Local, vector: Local, product: Local): void {
  if (mode === "fast") code.get(vector).get(product).get(local).op(OP.f32x4_relaxed_madd).set(local);
  else code.get(local).get(vector).get(product).op(OP.f32x4_mul, OP.f32x4_add).set(local);
}

/** Calls `body` for every four channels: whole vectors in a loop, then the lanes that are left. */
function forChannels(code: Code, channels: number, body: (channel: Local, lanes: number) => void): void {
  const whole = channels - (channels % 4);
  code.loop(whole * 4, 16, (channel) => body(channel, 4));
  if (whole === channels) return;
  const channel = code.local("i32");
  code.i32(whole * 4).set(channel);
  body(channel, channelVectors(channels).at(-1)!.lanes);
  code.release(channel);
}

/** Bytes from a footprint's corner to the pixel under a filter cell. */
const cellOffset = ({ filter, spacing, inputChannels }: ConvGeometry, pitch: number, cell: number): number =>
  Math.floor(cell / filter[1]) * spacing[0] * pitch + (cell % filter[1]) * spacing[1] * inputChannels * 4;

export const emitDepthwiseConv2d: Emitter<"depthwiseConv2d"> = (kernel, emission) => {
  const { geometry } = kernel;
  const { batch, filter, inputChannels: channels, strides } = geometry;
  const [height, width] = geometry.output;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const bands = cutImages(batch, height);
  const filterAddress = emission.address(kernel.filter);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: channels };
  const right = strides[1] * channels * 4;
  const cells = Array.from({ length: filter[0] * filter[1] }, (_, cell) => ({
    cell,
    offset: cellOffset(geometry, images.pitch, cell),
  }));

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { image, start, end } = openBand(code, slice, bands);
    const [corner, a] = code.locals("i32", 2) as [Local, Local];
    const position: Position = { row: code.local("i32"), column: code.local("i32"), cell: code.local("i32") };
    images.open(code, image, scratch, corner);
    const [weight, pixelValue] = code.locals("v128", 2) as [Local, Local];

    const row = code.local("i32");
    code
      .get(start)
      .set(row)
      .loopFrom(row, end, 1, () => {
        forChannels(code, channels, (channel, lanes) => {
          const block = { ...position, column: channel };
          code
            .get(image)
            .times(height * width * 4)
            .get(row)
            .times(width * 4)
            .op(OP.i32_add)
            .tee(position.row);
          code.times(channels).get(channel).op(OP.i32_add).set(position.cell);
          code
            .get(corner)
            .get(row)
            .times(strides[0] * images.pitch)
            .op(OP.i32_add)
            .get(channel)
            .op(OP.i32_add)
            .set(a);
          const tile = (pixels: number) => (): void => {
            const accumulators = makeAccumulators(code, pixels, 1);
            clear(code, accumulators);
            for (const { cell, offset } of cells) {
              code
                .get(channel)
                .memory("v128_load", filterAddress + cell * channels * 4)
                .set(weight);
              accumulators.forEach(([local], p) => {
                code
                  .get(a)
                  .memory("v128_load", offset + p * right)
                  .set(pixelValue);
                multiplyAdd(emission, code, local!, weight, pixelValue);
              });
            }
            accumulators.forEach(([local], p) => {
              finishVector(emission, code, result, block, [p, 0], lanes, local!);
            });
            code.release(...accumulators.flat());
            code
              .advance(a, right * pixels)
              .advance(position.row, pixels * 4)
              .advance(position.cell, pixels * channels * 4);
          };
          code.loop(Math.floor(width / TILE_ROWS), 1, tile(TILE_ROWS));
          if (width % TILE_ROWS > 0) tile(width % TILE_ROWS)();
        });
      });
  });
  return { function: index, slices: bands.slices, scratchBytes: images.bytes };
};

/** Filter cells whose sums stay in registers while an image is walked. */
const CELLS_AT_ONCE = 9;

export const emitDepthwiseFilterGrad: Emitter<"depthwiseFilterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const { batch, filter, inputChannels: channels, strides, output } = geometry;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const dyAddress = emission.address(kernel.dy);
  const address = emission.address(kernel.output);
  const size = filter[0] * filter[1] * channels * 4;
  const cells = Array.from({ length: filter[0] * filter[1] }, (_, cell) => cell);
  const offsetOf = (cell: number): number => cellOffset(geometry, images.pitch, cell);

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, corner, a, b, out] = code.locals("i32", 5) as [Local, Local, Local, Local, Local];
    const [gradient, pixelValue] = code.locals("v128", 2) as [Local, Local];
    code
      .get(start)
      .set(image)
      .loopFrom(image, end, 1, () => {
        images.open(code, image, scratch, corner);
        forChannels(code, channels, (channel, lanes) => {
          code.get(slice).times(size).get(channel).op(OP.i32_add).set(out);
          for (let first = 0; first < cells.length; first += CELLS_AT_ONCE) {
            const group = cells.slice(first, first + CELLS_AT_ONCE);
            const sums = code.locals("v128", group.length);
            code
              .get(image)
              .get(start)
              .op(OP.i32_eq)
              .if(
                () => {
                  for (const sum of sums) code.f32x4(0).set(sum);
                },
                () => {
                  for (const [i, sum] of sums.entries())
                    code
                      .get(out)
                      .memory("v128_load", address + group[i]! * channels * 4)
                      .set(sum);
                },
              );
            code.get(corner).get(channel).op(OP.i32_add).set(a);
            code
              .get(image)
              .times(output[0] * output[1] * channels * 4)
              .get(channel)
              .op(OP.i32_add)
              .set(b);
            code.loop(output[0], 1, () => {
              code.loop(output[1], 1, () => {
                code.get(b).memory("v128_load", dyAddress).set(gradient);
                sums.forEach((sum, i) => {
                  code.get(a).memory("v128_load", offsetOf(group[i]!)).set(pixelValue);
                  multiplyAdd(emission, code, sum, gradient, pixelValue);
                });
                code.advance(a, strides[1] * channels * 4).advance(b, channels * 4);
              });
              code.advance(a, strides[0] * images.pitch - output[1] * strides[1] * channels * 4);
            });
            sums.forEach((sum, i) => {
              storeLanes(code, out, sum, lanes, address + group[i]! * channels * 4);
            });
            code.release(...sums);
          }
        });
      });
  });
  return { function: index, slices: Math.ceil(batch / chunk), scratchBytes: images.bytes };
};
