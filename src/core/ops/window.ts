// Windows that move over images: how far, over which padding, and which pixels they cover. Shared by convolution and
// pooling.
import { FoveaError } from "../errors.js";

/**
 * The movement of a window over an image: strides `[down, right]`, zero padding `[top, bottom, left, right]`, and the
 * distance between the pixels that neighbouring cells of the window cover, `[1, 1]` when absent.
 */
export interface WindowAttrs {
  readonly strides: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
}

/** From the first to the last pixel that `cells` cells cover. */
export const dilatedExtent = (cells: number, dilation: number): number => (cells - 1) * dilation + 1;

/** Output height and width of a window of `size` over `[height, width]`. */
export function windowOutput(
  name: string,
  [height, width]: readonly [number, number],
  size: readonly [number, number],
  { strides, padding, dilation = [1, 1] }: WindowAttrs,
): [number, number] {
  const rows = dilatedExtent(size[0], dilation[0]);
  const columns = dilatedExtent(size[1], dilation[1]);
  const h = Math.floor((height + padding[0] + padding[1] - rows) / strides[0]) + 1;
  const w = Math.floor((width + padding[2] + padding[3] - columns) / strides[1]) + 1;
  if (h < 1 || w < 1)
    throw new FoveaError(
      "shape-mismatch",
      `${name}: a window of ${rows}x${columns} does not fit an image of ${height}x${width} with padding [${padding}]; ` +
        `use a smaller window, larger images or padding "same"`,
    );
  return [h, w];
}

/** Calls `each(y, x, inside)` for every cell of a window placed at output position (oy, ox). */
export function forWindow(
  [oy, ox]: readonly [number, number],
  [kh, kw]: readonly [number, number],
  [height, width]: readonly [number, number],
  { strides, padding, dilation = [1, 1] }: WindowAttrs,
  each: (cell: number, y: number, x: number) => void,
): void {
  for (let ky = 0; ky < kh; ky++)
    for (let kx = 0; kx < kw; kx++) {
      const y = oy * strides[0] + ky * dilation[0] - padding[0];
      const x = ox * strides[1] + kx * dilation[1] - padding[2];
      if (y >= 0 && y < height && x >= 0 && x < width) each(ky * kw + kx, y, x);
    }
}
