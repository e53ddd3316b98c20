// Boxes drawn over an image, in a colour for each outcome; small images are enlarged, so that lines do not hide what they are about.
import type { ShownBoxFacts } from "./evaluation-facts.js";
import type { ImageFacts } from "./image-facts.js";

/** Colours of outcomes, red, green and blue; those for people who see red and green alike differ in lightness too. */
const COLORS: Readonly<Record<ShownBoxFacts["outcome"], readonly [red: number, green: number, blue: number]>> = {
  true: [255, 255, 255],
  missed: [255, 176, 0],
  right: [64, 176, 255],
  confused: [160, 96, 255],
  invented: [220, 38, 80],
};

/** The colour of an outcome as CSS has it. */
export const outcomeColor = (outcome: ShownBoxFacts["outcome"]): string => `rgb(${COLORS[outcome].join(" ")})`;

/** The longer side that small images are enlarged to at least. */
const LONGEST = 192;

/**
 * An image with outlines of boxes; true ones lie below those that were found.
 * @param boxes True and detected boxes.
 * @param image The image below them.
 * @example
 * const image = { height: 12, width: 12, channels: 1, data: images.data.slice(0, 144) };
 * const found = boxesOverImage([{ classIndex: 0, box: [0.25, 0.25, 0.5, 0.5], outcome: "right" }], image);
 * found.width; // 192: enlarged, so that lines hide little
 * pngDataUri(found).slice(0, 22); // "data:image/png;base64,"
 */
export function boxesOverImage(boxes: readonly ShownBoxFacts[], image: ImageFacts): ImageFacts {
  const factor = Math.max(1, Math.ceil(LONGEST / Math.max(image.height, image.width)));
  const [height, width] = [image.height * factor, image.width * factor];
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (Math.floor(y / factor) * image.width + Math.floor(x / factor)) * image.channels;
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = image.data[from + (image.channels < 3 ? 0 : c)]!;
    }
  for (const { box, outcome } of boxes) outline(data, [height, width], box, COLORS[outcome]);
  return { height, width, channels: 3, data };
}

/** Draws an outline one pixel wide, within the picture. */
function outline(
  data: Uint8Array,
  [height, width]: readonly [height: number, width: number],
  [left, top, wide, high]: ShownBoxFacts["box"],
  color: readonly number[],
): void {
  const pixel = (share: number, size: number): number => Math.min(size - 1, Math.max(0, Math.round(share * size)));
  const [x0, x1] = [pixel(left, width), pixel(left + wide, width)];
  const [y0, y1] = [pixel(top, height), pixel(top + high, height)];
  for (let y = y0; y <= y1; y++) for (const x of [x0, x1]) data.set(color, (y * width + x) * 3);
  for (let x = x0; x <= x1; x++) for (const y of [y0, y1]) data.set(color, (y * width + x) * 3);
}
