// Colours of classes in maps: those of the Pascal VOC development kit, which palette PNG files of masks have everywhere. The
// background is black, and what is ignored has the colour of 255, a pale yellow.
import type { ImageFacts } from "./image-facts.js";

/** RGB of 256 classes, 768 bytes: three bits of a class's number at a time, the lowest become the highest. */
export const CLASS_COLORS: Uint8Array = Uint8Array.from({ length: 768 }, (_, at) => {
  const channel = at % 3;
  let color = 0;
  for (let bit = 0, rest = Math.floor(at / 3); bit < 8; bit++, rest >>= 3)
    color |= ((rest >> channel) & 1) << (7 - bit);
  return color;
});

/** The colour of a class as CSS has it. */
export const classColor = (index: number): string =>
  `rgb(${CLASS_COLORS.subarray(3 * index, 3 * index + 3).join(" ")})`;

/** The share of a pixel's colour that its class gives. */
const COVER = 0.55;

/**
 * A map of classes laid over its image, in the image's size; the background shows the image as it is.
 * @param map one channel with numbers of classes
 * @param image the image, of any size; without one the colours alone
 * @example
 * const map = { height: 12, width: 12, channels: 1, data: new Uint8Array(144).fill(1, 72) };
 * const image = { height: 12, width: 12, channels: 1, data: images.data.slice(0, 144) };
 * mapOverImage(map, image).channels; // 3: the lower half has the colour of class 1
 */
export function mapOverImage(map: ImageFacts, image?: ImageFacts): ImageFacts {
  const { height, width } = image ?? map;
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = Math.floor(((y + 0.5) * map.height) / height);
      const column = Math.floor(((x + 0.5) * map.width) / width);
      const index = map.data[row * map.width + column]!;
      const cover = image === undefined ? 1 : index === 0 ? 0 : COVER;
      const at = y * width + x;
      for (let c = 0; c < 3; c++) {
        const pixel = image === undefined ? 0 : image.data[at * image.channels + (image.channels < 3 ? 0 : c)]!;
        data[3 * at + c] = Math.round(cover * CLASS_COLORS[3 * index + c]! + (1 - cover) * pixel);
      }
    }
  return { height, width, channels: 3, data };
}
