// Twelve changes that people make to a photo before they use it again, each a function of its pixels: they serve the tools
// that measure how many changed photos are found.
import { convertColor, decodeImage, type Pixels, resizeImage, turnUpright } from "../src/data/index.js";
import { jpeg } from "./altered-copies.js";

/** Each value by a function of it. */
const each = (photo: Pixels, change: (value: number) => number): Pixels => ({
  ...photo,
  data: photo.data.map((value) => Math.max(0, Math.min(255, Math.round(change(value))))),
});

/** A window of a photo; what lies outside of it is grey. */
function window({ width, height, channels, data }: Pixels, left: number, top: number, w: number, h: number): Pixels {
  const out = new Uint8Array(w * h * channels).fill(235);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [u, v] = [x + left, y + top];
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      for (let c = 0; c < channels; c++) out[(y * w + x) * channels + c] = data[(v * width + u) * channels + c]!;
    }
  return { width: w, height: h, channels, data: out };
}

/** Means of 5 x 5 pixels, fewer at the border. */
function blurred({ width, height, channels, data }: Pixels): Pixels {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let [sum, count] = [0, 0];
        for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++)
          for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++, count++)
            sum += data[(v * width + u) * channels + c]!;
        out[(y * width + x) * channels + c] = Math.round(sum / count);
      }
  return { width, height, channels, data: out };
}

/** A sharper copy: details finer than 5 x 5 pixels are added once more. */
function sharpened(photo: Pixels): Pixels {
  const soft = blurred(photo).data;
  const data = photo.data.map((value, at) => Math.max(0, Math.min(255, 2 * value - soft[at]!)));
  return { ...photo, data };
}

/** Half-transparent white strokes in the lower right, a quarter of the width and a tenth of the height. */
function marked({ width, height, channels, data }: Pixels): Pixels {
  const out = data.slice();
  const [left, top] = [Math.round(0.7 * width), Math.round(0.85 * height)];
  for (let y = top; y < top + 0.1 * height && y < height; y++)
    for (let x = left; x < left + 0.25 * width && x < width; x++) {
      if ((x - left) % 8 >= 4 && y - top > 3) continue;
      for (let c = 0; c < channels; c++)
        out[(y * width + x) * channels + c] = (out[(y * width + x) * channels + c]! + 255) >> 1;
    }
  return { width, height, channels, data: out };
}

const decoded = async (bytes: Uint8Array): Promise<Pixels> => convertColor(await decodeImage(bytes, "a copy"), "rgb");

/** Changes of an RGB photo, by their names. */
export const CHANGES: Readonly<Record<string, (photo: Pixels) => Pixels | Promise<Pixels>>> = {
  "JPEG quality 30": async (photo) => decoded(await jpeg(photo, 30)),
  "a quarter of the size": (photo) =>
    resizeImage(photo, Math.round(photo.height / 4), Math.round(photo.width / 4), "bicubic"),
  "2 % cut off each side": (photo) => {
    const [x, y] = [Math.round(0.02 * photo.width), Math.round(0.02 * photo.height)];
    return window(photo, x, y, photo.width - 2 * x, photo.height - 2 * y);
  },
  "30 % brighter": (photo) => each(photo, (value) => 1.3 * value),
  "turned by 90°": (photo) => turnUpright(photo, 6),
  mirrored: (photo) => turnUpright(photo, 2),
  watermark: marked,
  "blur of 5 x 5": blurred,
  grey: (photo) => convertColor(convertColor(photo, "grayscale"), "rgb"),
  "gamma 1.5": (photo) => each(photo, (value) => 255 * (value / 255) ** 1.5),
  sharpened,
  "border of a screenshot": (photo) => {
    const [x, y] = [Math.round(0.03 * photo.width), Math.round(0.08 * photo.height)];
    return window(photo, -x, -y, photo.width + 2 * x, photo.height + 2 * y);
  },
};

/** Parts of a photo that are to be found in it: half of its area, and half of each side. */
export const CROPS: Readonly<Record<string, (photo: Pixels, where: number) => Pixels>> = {
  "50 % of the area": (photo, where) => part(photo, Math.SQRT1_2, where),
  "50 % of each side": (photo, where) => part(photo, 0.5, where),
};

function part(photo: Pixels, share: number, where: number): Pixels {
  const [w, h] = [Math.round(photo.width * share), Math.round(photo.height * share)];
  return window(photo, Math.round((photo.width - w) * where), Math.round((photo.height - h) * (1 - where)), w, h);
}
