// Numbers as colours, for grids of pixels: bytes as they are, signed values between their smallest and their largest.

interface Bytes {
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** RGBA of a grey (one channel) or an RGB picture (three). */
export function rgbaOf({ channels, data }: Bytes): Uint8ClampedArray<ArrayBuffer> {
  const count = data.length / channels;
  const rgba = new Uint8ClampedArray(4 * count).fill(255);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[channels * i + (channels === 1 ? 0 : c)]!;
  return rgba;
}

/** One channel of a picture alone: red, green or blue light, or grey where there is but one. */
export function rgbaOfChannel({ channels, data }: Bytes, channel: number): Uint8ClampedArray<ArrayBuffer> {
  const count = data.length / channels;
  const rgba = new Uint8ClampedArray(4 * count).fill(255);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = channels === 1 || c === channel ? data[channels * i + channel]! : 0;
  return rgba;
}

/** Smallest and largest value, 0 among them, so that black and white have a meaning. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export function rangeOf(values: ArrayLike<number>): Range {
  let [low, high] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { low, high };
}

/** RGBA of values, black for the smallest and white for the largest. */
export function rgbaOfValues(values: ArrayLike<number>, { low, high }: Range): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * values.length).fill(255);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < values.length; i++) rgba.fill((values[i]! - low) * scale, 4 * i, 4 * i + 3);
  return rgba;
}

/** True for colours that want white text, by the luminance that WCAG defines. */
export function isDark(red: number, green: number, blue: number): boolean {
  const [r, g, b] = [red, green, blue].map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! < 0.179;
}
