// Outputs of layers as pictures: each channel from its lowest to its highest value.

/** A layer's output for one picture, without the batch axis. */
export interface LayerMaps {
  readonly layer: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Bytes of a grey picture. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly channels: 1;
  readonly data: Uint8ClampedArray;
}

/** One channel of maps, or a whole row of numbers, with its lowest and highest value. */
export interface Channel {
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
}

export function channelOf({ shape, data }: LayerMaps, channel: number): Channel {
  const channels = shape.length === 3 ? shape[2]! : 1;
  const values = new Float32Array(data.length / channels);
  for (let at = 0; at < values.length; at++) values[at] = data[at * channels + channel]!;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return { values, low, high };
}

/** Values as grey, black at `low` and white at `high`. */
export function greyOf(values: Float32Array, low: number, high: number, width: number): Grey {
  const scale = high > low ? 255 / (high - low) : 0;
  const data = Uint8ClampedArray.from(values, (value) => (value - low) * scale);
  return { width, height: values.length / width, channels: 1, data };
}

export function channelPicture(maps: LayerMaps, channel: number): Grey {
  const { values, low, high } = channelOf(maps, channel);
  return greyOf(values, low, high, maps.shape.length === 3 ? maps.shape[1]! : 1);
}

/** Gap between the maps of a sheet, in pixels of a map. */
const GAP = 1;

export interface Sheet {
  readonly picture: Grey;
  readonly columns: number;
  readonly rows: number;
}

/** Shade between the maps of a sheet. */
const PAPER = 128;

/** All channels side by side. */
export function channelSheet(maps: LayerMaps, columns: number): Sheet {
  const [height = 1, width = 1, channels = 1] = maps.shape;
  const rows = Math.ceil(channels / columns);
  const wide = columns * (width + GAP) - GAP;
  const high = rows * (height + GAP) - GAP;
  const data = new Uint8ClampedArray(wide * high).fill(PAPER);
  for (let channel = 0; channel < channels; channel++) {
    const grey = channelPicture(maps, channel).data;
    const [top, left] = [Math.floor(channel / columns) * (height + GAP), (channel % columns) * (width + GAP)];
    for (let y = 0; y < height; y++) data.set(grey.subarray(y * width, (y + 1) * width), (top + y) * wide + left);
  }
  return { picture: { width: wide, height: high, channels: 1, data }, columns, rows };
}
