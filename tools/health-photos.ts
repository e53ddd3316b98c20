// Photo-like pictures out of numbers, and faults that are planted in them: dark, bright, of low contrast, blurred, bordered, grey,
// screenshots. For the tool that measures how many the checks find, and for tests with exact truth.
import { Random } from "../src/core/random.js";
import { type Pixels, resizeImage } from "../src/data/index.js";

/** A scene: sky and ground, textured things before them, noise of a sensor. */
export function scene(seed: number, width = 160, height = 120): Pixels {
  const random = new Random(seed, 11, 0);
  const things = Array.from({ length: 5 + random.integer(6) }, () => ({
    ...{ x: random.integer(width), y: random.integer(height), radius: 6 + random.integer(Math.floor(height / 3)) },
    ...{ red: 30 + random.integer(200), green: 30 + random.integer(200), blue: 30 + random.integer(200) },
    ...{ grain: 2 + random.integer(9), depth: 10 + random.integer(40) },
  }));
  const horizon = Math.floor(height * (0.3 + 0.1 * random.integer(5)));
  const light = 0.7 + 0.05 * random.integer(9);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let color = y < horizon ? [120 + y / 3, 150 + y / 3, 210] : [110 - y / 6, 120, 70 + ((x * 7 + y * 13) % 29)];
      for (const { x: u, y: v, radius, red, green, blue, grain, depth } of things)
        if ((x - u) ** 2 + (y - v) ** 2 < radius ** 2) {
          const texture = (Math.floor(x / grain) + Math.floor(y / grain)) % 2 === 0 ? depth : 0;
          const shade = 1 - (x - u + radius) / (4 * radius);
          color = [red * shade + texture, green * shade + texture, blue * shade + texture];
        }
      for (const value of color) data[at++] = clamp(value * light + random.integer(9) - 4);
    }
  return { width, height, channels: 3, data };
}

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

const mapped = (picture: Pixels, of: (value: number, at: number) => number): Pixels => ({
  ...picture,
  data: picture.data.map((value, at) => clamp(of(value, at))),
});

/** Blurs by shrinking and enlarging again, as a picture out of focus: `factor` pixels become one. */
function blurred(picture: Pixels, factor: number): Pixels {
  const { width, height } = picture;
  const small = resizeImage(
    picture,
    Math.max(2, Math.round(height / factor)),
    Math.max(2, Math.round(width / factor)),
    "box",
  );
  return resizeImage(small, height, width, "bicubic");
}

/** A border of a level around a picture, `share` of each side wide. */
function framed(picture: Pixels, share: number, level: number): Pixels {
  const { width, height } = picture;
  const [x, y] = [Math.round(width * share), Math.round(height * share)];
  return mapped(picture, (value, at) => {
    const column = Math.floor(at / 3) % width;
    const row = Math.floor(at / 3 / width);
    return column < x || column >= width - x || row < y || row >= height - y ? level : value;
  });
}

/** Windows and lines of text, as on a screen. */
function screen({ width, height }: Pixels, seed: number): Pixels {
  const random = new Random(seed, 12, 0);
  const data = new Uint8Array(width * height * 3).fill(244);
  for (let line = 6; line < height - 6; line += 9) {
    const end = 10 + random.integer(width - 20);
    for (let y = line; y < line + 3; y++)
      for (let x = 8; x < end; x++)
        if ((x * 31 + line * 17) % 7 > 2) data.fill(line < 14 ? 90 : 30, (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
  return { width, height, channels: 3, data };
}

/** Faults by the name of the check that is to find them. */
export const FAULTS: Readonly<Record<string, (picture: Pixels, seed: number) => Pixels>> = {
  dark: (picture, seed) => mapped(picture, (value) => value * (0.08 + 0.02 * (seed % 6))),
  bright: (picture, seed) => mapped(picture, (value) => 243 + value * (0.06 + 0.01 * (seed % 4))),
  contrast: (picture, seed) => mapped(picture, (value) => 118 + (value - 118) * (0.06 + 0.01 * (seed % 4))),
  blurred: (picture, seed) => blurred(picture, (picture.width / 160) * (9 + (seed % 5))),
  borders: (picture, seed) => framed(picture, 0.06 + 0.02 * (seed % 4), seed % 2 === 0 ? 0 : 255),
  colours: (picture) =>
    mapped(picture, (_, at) => {
      const pixel = 3 * Math.floor(at / 3);
      return 0.299 * picture.data[pixel]! + 0.587 * picture.data[pixel + 1]! + 0.114 * picture.data[pixel + 2]!;
    }),
  screens: (picture, seed) => screen(picture, seed),
  flat: (picture, seed) => mapped(picture, (_, at) => 90 + (seed % 7) * 10 + (at % 3)),
};
