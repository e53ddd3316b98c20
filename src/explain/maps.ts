// Maps of numbers over images: to another size, to 0 .. 1, and as colours over the image they belong to.
import { FoveaError } from "../core/errors.js";
import { type Tensor, tensor } from "../core/tensor.js";

/** Maps [n, h, w] stretched to another height and width, bilinearly between the centres of their cells. */
export function resizedMaps(maps: Tensor<"float32">, [height, width]: readonly [number, number]): Tensor<"float32"> {
  const [n, h, w] = maps.shape as [number, number, number];
  const across = between(width, w);
  const down = between(height, h);
  const data = new Float32Array(n * height * width);
  for (let i = 0; i < n; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [top, bottom, dy] = down[y]!;
        const [left, right, dx] = across[x]!;
        const at = (row: number, column: number): number => maps.data[(i * h + row) * w + column]!;
        const upper = at(top, left) * (1 - dx) + at(top, right) * dx;
        const lower = at(bottom, left) * (1 - dx) + at(bottom, right) * dx;
        data[(i * height + y) * width + x] = upper * (1 - dy) + lower * dy;
      }
  return tensor(data, [n, height, width], "float32");
}

/** The two cells around a position, and how far it is from the first to the second. */
export type Neighbours = readonly [first: number, second: number, part: number];

/** The two of `from` cells around each of `to` positions. */
export function between(to: number, from: number): Neighbours[] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const first = Math.floor(at);
    return [first, Math.min(from - 1, first + 1), at - first];
  });
}

/** Each map from 0 to 1; one that is the same everywhere becomes 0. */
export function normalizedMaps(maps: Tensor<"float32">): Tensor<"float32"> {
  const n = maps.shape[0]!;
  const size = maps.data.length / Math.max(1, n);
  const data = new Float32Array(maps.data.length);
  for (let i = 0; i < n; i++) {
    const map = maps.data.subarray(i * size, (i + 1) * size);
    const low = map.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = map.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (high > low)
      map.forEach((value, at) => {
        data[i * size + at] = (value - low) / (high - low);
      });
  }
  return tensor(data, maps.shape, "float32");
}

/** An 8-bit picture. */
export interface Picture {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** 1 for grey, 3 for RGB. */
  readonly channels: 1 | 3;
  /** Pixels from 0 to 255, row by row. */
  readonly data: Uint8Array;
}

/** Dark violet to yellow, evenly spaced stops of a scale whose lightness grows throughout. */
const HEAT = [
  [0, 0, 4],
  [40, 11, 84],
  [101, 21, 110],
  [159, 42, 99],
  [212, 72, 66],
  [245, 125, 21],
  [250, 193, 39],
  [252, 255, 164],
] as const;

/**
 * The colour of a number from 0 to 1.
 * @param value Taken as 0 below 0 and as 1 above 1.
 * @example const [red, green, blue] = heat(0.5);
 */
export function heat(value: number): [red: number, green: number, blue: number] {
  const at = Math.min(1, Math.max(0, value)) * (HEAT.length - 1);
  const first = Math.min(HEAT.length - 2, Math.floor(at));
  const part = at - first;
  return HEAT[first]!.map((low, c) => Math.round(low + part * (HEAT[first + 1]![c]! - low))) as [
    number,
    number,
    number,
  ];
}

/**
 * A map from 0 to 1 laid over its image in colours; where it is 0 the image shows, greyed a little.
 * @param image The image, grey or RGB.
 * @param map A number from 0 to 1 for each pixel, row by row.
 * @param strength Share of the colours at 1; default 0.6.
 * @example
 * const grey = { height: 2, width: 2, channels: 1, data: new Uint8Array([0, 50, 100, 150]) };
 * const picture = overlay(grey, new Float32Array([0, 0.3, 0.6, 1]));
 * const large = enlarged(picture, 8); // 16 x 16
 * const column = stack([large, large]);
 */
export function overlay(image: Picture, map: Float32Array, strength = 0.6): Picture {
  const { height, width, channels } = image;
  const data = new Uint8Array(height * width * 3);
  for (let at = 0; at < height * width; at++) {
    const colour = heat(map[at]!);
    const share = strength * Math.sqrt(Math.max(0, map[at]!));
    for (let c = 0; c < 3; c++) {
      const pixel = image.data[at * channels + (channels === 3 ? c : 0)]!;
      data[at * 3 + c] = Math.round(pixel * (1 - share) + colour[c]! * share);
    }
  }
  return { height, width, channels: 3, data };
}

/**
 * Each pixel as a square of `factor` x `factor`.
 * @param factor Side of a pixel's square, at least 1.
 */
export function enlarged({ height, width, channels, data }: Picture, factor: number): Picture {
  const large = new Uint8Array(data.length * factor * factor);
  for (let y = 0; y < height * factor; y++)
    for (let x = 0; x < width * factor; x++) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * channels;
      large.set(data.subarray(from, from + channels), (y * width * factor + x) * channels);
    }
  return { height: height * factor, width: width * factor, channels, data: large };
}

/**
 * Pictures of one size side by side in rows of `columns`, `gap` pixels of the shade `paper` between and around them.
 * @param pictures Pictures of one size.
 * @param columns Pictures in a row.
 * @throws FoveaError for pictures of several sizes.
 */
export function sheet(pictures: readonly Picture[], columns: number, gap = 2, paper = 255): Picture {
  const sizes = new Set(pictures.map((picture) => `${picture.height} x ${picture.width} x ${picture.channels}`));
  if (sizes.size !== 1 || !(columns >= 1))
    throw new FoveaError(
      "shape-mismatch",
      `sheet: expected pictures of one size in at least one column, received ${[...sizes].join(" and ") || "none"} in ${columns}`,
    );
  const { height = 0, width = 0, channels = 1 } = pictures[0] ?? {};
  const across = Math.min(columns, pictures.length);
  const down = Math.ceil(pictures.length / columns);
  const full = { width: across * (width + gap) + gap, height: down * (height + gap) + gap };
  const whole = blank({ ...full, channels }, paper);
  pictures.forEach((picture, i) => {
    paste(whole, picture, gap + Math.floor(i / columns) * (height + gap), gap + (i % columns) * (width + gap));
  });
  return whole;
}

/**
 * Pictures one below the other, left-aligned on the shade `paper`.
 * @param pictures Pictures, all grey or all RGB.
 * @throws FoveaError unless all are grey or all are RGB.
 */
export function stack(pictures: readonly Picture[], paper = 255): Picture {
  const [channels, ...others] = new Set(pictures.map((picture) => picture.channels));
  if (channels === undefined || others.length > 0)
    throw new FoveaError("shape-mismatch", "stack: expected pictures of the same number of channels, at least one");
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
  const whole = blank({ height, width, channels }, paper);
  let top = 0;
  for (const picture of pictures) {
    paste(whole, picture, top, 0);
    top += picture.height;
  }
  return whole;
}

const blank = (size: Omit<Picture, "data">, paper: number): Picture => ({
  ...size,
  data: new Uint8Array(size.height * size.width * size.channels).fill(paper),
});

/** Puts a picture into a larger one. */
function paste(whole: Picture, { height, width, channels, data }: Picture, top: number, left: number): void {
  for (let y = 0; y < height; y++)
    whole.data.set(
      data.subarray(y * width * channels, (y + 1) * width * channels),
      ((top + y) * whole.width + left) * channels,
    );
}
