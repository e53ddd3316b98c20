// Bytes as text inside a page: base64, and images as PNG data URIs.
// Shrinks images that are larger than a page needs; knows nothing of how they are laid out.
import { encode } from "fast-png";
import { FoveaError } from "../../core/errors.js";
import type { ImageFacts } from "../facts.js";

/** Base64 of any bytes, in Node and in browsers. */
export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

/**
 * An image as a `data:image/png` URI, shrunk so that its longer side is at most `longest` pixels.
 * @throws FoveaError when the number of bytes does not fit the stated size.
 */
export function pngDataUri(image: ImageFacts, longest = Number.POSITIVE_INFINITY): string {
  const { height, width, channels, data } = image;
  if (data.length !== height * width * channels || channels < 1 || channels > 4)
    throw new FoveaError(
      "shape-mismatch",
      `report image: expected height * width * channels bytes with 1 to 4 channels, received [${height}, ${width}, ${channels}] and ${data.length} bytes`,
    );
  const small = shrink(image, longest);
  return `data:image/png;base64,${base64(encode({ ...small, depth: 8 }))}`;
}

/** Averages whole blocks of pixels; the smallest block that brings the longer side down to `longest` is taken. */
function shrink(image: ImageFacts, longest: number): ImageFacts {
  const block = Math.ceil(Math.max(image.height, image.width) / longest);
  if (block <= 1) return image;
  const { channels } = image;
  const height = Math.ceil(image.height / block);
  const width = Math.ceil(image.width / block);
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const bottom = Math.min((y + 1) * block, image.height);
    for (let x = 0; x < width; x++) {
      const right = Math.min((x + 1) * block, image.width);
      const area = (bottom - y * block) * (right - x * block);
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let v = y * block; v < bottom; v++)
          for (let u = x * block; u < right; u++) sum += image.data[(v * image.width + u) * channels + c]!;
        data[(y * width + x) * channels + c] = Math.round(sum / area);
      }
    }
  }
  return { height, width, channels, data };
}
