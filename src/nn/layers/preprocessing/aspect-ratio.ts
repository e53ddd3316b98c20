// Resizing that keeps proportions: what does not fit is cut off, or what is missing is filled up, evenly on both sides.
import { type Interpolation, pad, resizeImage, slice } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";

/** `"stretch"` does not keep proportions. */
export type Fit = "stretch" | "crop" | "pad";

/** Images [n, h, w, c] at a height and width. */
export function resizeToAspect(
  x: Value,
  [height, width]: readonly [number, number],
  {
    fit,
    interpolation,
    fillValue,
  }: { readonly fit: Fit; readonly interpolation: Interpolation; readonly fillValue: number },
): Value {
  const [n, h, w, c] = x.type.shape as [number, number, number, number];
  // The height that goes with the width as it is, and the other way round.
  const [wantedHeight, wantedWidth] = [Math.trunc((w * height) / width), Math.trunc((h * width) / height)];
  let framed = x;
  if (fit === "crop") {
    const [rows, columns] = [Math.max(Math.min(h, wantedHeight), 1), Math.max(Math.min(w, wantedWidth), 1)];
    const begin = [0, Math.trunc((h - rows) / 2), Math.trunc((w - columns) / 2), 0];
    framed = slice(x, begin, [n, rows, columns, c]);
  } else if (fit === "pad") {
    const [top, left] = [Math.trunc(Math.max(0, wantedHeight - h) / 2), Math.trunc(Math.max(0, wantedWidth - w) / 2)];
    framed = pad(
      x,
      [
        [0, 0],
        [top, top],
        [left, left],
        [0, 0],
      ],
      fillValue,
    );
  }
  return resizeImage(framed, [height, width], interpolation);
}
