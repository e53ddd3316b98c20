// Pictures that a page has drawn, as bytes.
import type { Locator } from "playwright-core";

/** The canvas parts that these tests use. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  getContext(kind: "2d"): { getImageData(x: number, y: number, w: number, h: number): { data: ArrayLike<number> } };
}

/** One channel of a canvas, row by row. */
export const bytesOf = (canvas: Locator, channel = 0): Promise<number[]> =>
  canvas.evaluate((element, at) => {
    const drawn = element as unknown as Drawn;
    const { data } = drawn.getContext("2d").getImageData(0, 0, drawn.width, drawn.height);
    return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + at]!);
  }, channel);
