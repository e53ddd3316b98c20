// Forgeries with exact masks, from photos or from pictures that are drawn at random: what the methods of
// src/forensics claim to see, one kind each. They serve tools/measure-forensics.ts and the tests.
import { encode as encodePng } from "fast-png";
import jpegJs from "jpeg-js";
import { cos, sin } from "../src/core/math.js";
import { Random, STREAM } from "../src/core/random.js";
import { convertColor, decodeImage, type Pixels } from "../src/data/index.js";

/** A forged file and its truth. */
export interface Forgery {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 for each pixel that was changed; of copies, those that were copied are marked as well. */
  readonly mask: Uint8Array;
  /** 1 for each pixel that was changed. */
  readonly changed: Uint8Array;
}

/** RGB pixels: width * height * 3 values. */
type Picture = Pixels;

const jpeg = ({ width, height, data }: Picture, quality: number): Uint8Array => {
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint8Array(jpegJs.encode({ width, height, data: rgba }, quality).data);
};

const png = ({ width, height, channels, data }: Picture): Uint8Array =>
  encodePng({ width, height, channels, data, depth: 8 });

/** A picture after it was saved as JPEG and opened again. */
const saved = async (picture: Picture, quality: number): Promise<Picture> =>
  convertColor(await decodeImage(jpeg(picture, quality), "a saved picture"), "rgb");

/** A part of a picture. */
export function cut(picture: Picture, left: number, top: number, width: number, height: number): Picture {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * picture.width + left);
    data.set(picture.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return { width, height, channels: 3, data };
}

/** Half the size, by means of four pixels: without traces of what the picture went through before. */
export function halved({ width, height, data }: Picture): Picture {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Uint8Array(3 * w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let c = 0; c < 3; c++) {
        const at = 3 * (2 * y * width + 2 * x) + c;
        const sum = data[at]! + data[at + 3]! + data[at + 3 * width]! + data[at + 3 * width + 3]!;
        out[3 * (y * w + x) + c] = (sum + 2) >> 2;
      }
  return { width: w, height: h, channels: 3, data: out };
}

/** The patch of a forgery: a disc, so that its edges follow no grid. */
interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const inside = ({ x, y, radius }: Disc, px: number, py: number): boolean =>
  (px - x) ** 2 + (py - y) ** 2 <= radius * radius;

/** Two discs that do not meet, each in its half of the picture. */
function discsIn({ width, height }: Picture, random: Random): [Disc, Disc] {
  const radius = Math.round(Math.min(width, height) * (0.14 + 0.04 * random.uniform()));
  const between = (from: number, to: number): number => Math.round(from + (to - from) * random.uniform());
  const y = (): number => between(radius + 4, height - radius - 5);
  return [
    { x: between(radius + 4, width / 2 - radius - 4), y: y(), radius },
    { x: between(width / 2 + radius + 4, width - radius - 5), y: y(), radius },
  ];
}

function maskOf({ width, height }: Picture, ...discs: readonly Disc[]): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (discs.some((disc) => inside(disc, x, y))) mask[y * width + x] = 1;
  return mask;
}

/** A picture into whose disc another's pixels were pasted, from the same place. */
function pasted(host: Picture, donor: Picture, mask: Uint8Array): Picture {
  const data = host.data.slice();
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) data.set(donor.data.subarray(3 * i, 3 * i + 3), 3 * i);
  return { ...host, data };
}

/** A pixel between four others, by cubic convolution (Keys 1981, a = -0.5). */
function sampleAt({ width, height, data }: Picture, x: number, y: number, channel: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  let sum = 0;
  for (let j = -1; j <= 2; j++)
    for (let i = -1; i <= 2; i++) {
      const [px, py] = [Math.min(width - 1, Math.max(0, x0 + i)), Math.min(height - 1, Math.max(0, y0 + j))];
      sum += cubic(x - x0 - i) * cubic(y - y0 - j) * data[3 * (py * width + px) + channel]!;
    }
  return sum;
}

function cubic(distance: number): number {
  const t = Math.abs(distance);
  if (t <= 1) return 1.5 * t ** 3 - 2.5 * t * t + 1;
  return t < 2 ? -0.5 * t ** 3 + 2.5 * t * t - 4 * t + 2 : 0;
}

interface Change {
  /** Turn in degrees, enlargement, and standard deviation of added noise in levels. */
  readonly degrees?: number;
  readonly scale?: number;
  readonly noise?: number;
}

/** Copies one disc of a picture onto another, turned, enlarged or with noise. `donor` is where the pixels come from. */
function copied(
  host: Picture,
  donor: Picture,
  [from, to]: readonly [Disc, Disc],
  change: Change,
  random: Random,
): Picture {
  const { degrees = 0, scale = 1, noise = 0 } = change;
  const [c, s] = [cos((degrees * Math.PI) / 180) / scale, sin((degrees * Math.PI) / 180) / scale];
  const data = host.data.slice();
  for (let y = to.y - to.radius; y <= to.y + to.radius; y++)
    for (let x = to.x - to.radius; x <= to.x + to.radius; x++) {
      if (!inside(to, x, y)) continue;
      const [dx, dy] = [x - to.x, y - to.y];
      for (let channel = 0; channel < 3; channel++) {
        const value = sampleAt(donor, from.x + c * dx + s * dy, from.y - s * dx + c * dy, channel);
        data[3 * (y * host.width + x) + channel] = Math.max(
          0,
          Math.min(255, Math.round(value + noise * random.normal())),
        );
      }
    }
  return { ...host, data };
}

type Forge = (photo: Picture, donor: Picture, random: Random) => Promise<Forgery>;

const forgery = (
  { width, height }: Picture,
  bytes: Uint8Array,
  changed: Uint8Array,
  mask: Uint8Array = changed,
): Forgery => ({ width, height, bytes, mask, changed });

/** Copy-move of a kind, saved as PNG or as JPEG. */
const copyMove =
  (change: Change, quality?: number): Forge =>
  async (photo, _donor, random) => {
    const discs = discsIn(photo, random);
    const picture = copied(photo, photo, discs, change, random);
    const bytes = quality === undefined ? png(picture) : jpeg(picture, quality);
    return forgery(photo, bytes, maskOf(photo, discs[1]), maskOf(photo, ...discs));
  };

/** A part of another picture, changed, in a PNG file. */
const splice =
  (change: Change): Forge =>
  async (photo, donor, random) => {
    const discs = discsIn(photo, random);
    return forgery(photo, png(copied(photo, donor, discs, change, random)), maskOf(photo, discs[1]));
  };

/** Pastes a patch that was saved before, `shift` pixels off the grid, into a picture that was saved with `before`. */
const recompressed =
  (host: number | undefined, patch: number | undefined, shift: number, quality: number | undefined): Forge =>
  async (photo, donor, random) => {
    const mask = maskOf(photo, discsIn(photo, random)[1]);
    const before = host === undefined ? photo : await saved(photo, host);
    const [w, h] = [photo.width - 8, photo.height - 8];
    const inner =
      patch === undefined ? donor : await saved(shift === 0 ? donor : cut(donor, shift, shift + 2, w, h), patch);
    let source = inner;
    if (patch !== undefined && shift !== 0) {
      const data = donor.data.slice();
      for (let y = 0; y < h; y++)
        data.set(inner.data.subarray(3 * y * w, 3 * (y + 1) * w), 3 * ((y + shift + 2) * photo.width + shift));
      source = { ...donor, data };
      // The patch keeps clear of the frame that was not saved.
      for (let i = 0; i < mask.length; i++) {
        const [x, y] = [i % photo.width, Math.floor(i / photo.width)];
        if (x < shift || y < shift + 2 || x >= shift + w || y >= shift + 2 + h) mask[i] = 0;
      }
    }
    const picture = pasted(before, source, mask);
    return forgery(photo, quality === undefined ? png(picture) : jpeg(picture, quality), mask);
  };

/** The forgeries by name. Photos and donors have the same size and were never saved as JPEG. */
export const FORGERIES = {
  /** A patch that was saved with quality 60 in a picture that is saved with 90 for the first time. */
  "patch-60-in-90": recompressed(undefined, 60, 0, 90),
  /** A picture of quality 60 into which a new patch was pasted, saved with 90 on the same grid. */
  "double-aligned": recompressed(60, undefined, 0, 90),
  /** A patch of quality 60 off the grid, in a picture that is saved with 90. */
  "double-shifted": recompressed(undefined, 60, 3, 90),
  /** The same in a picture that is never saved as JPEG. */
  "shifted-in-png": recompressed(undefined, 75, 3, undefined),
  /** Both saved before, on different grids: 80, then 95. */
  "two-grids": recompressed(80, 60, 3, 95),
  "copy-plain": copyMove({}),
  "copy-jpeg": copyMove({}, 90),
  "copy-noise": copyMove({ noise: 4 }),
  "copy-turned": copyMove({ degrees: 5 }),
  "copy-scaled": copyMove({ scale: 1.2 }),
  "splice-scaled": splice({ scale: 1.2 }),
  "splice-turned": splice({ degrees: 5 }),
  "splice-noise": splice({ noise: 4 }),
} satisfies Record<string, Forge>;
export type ForgeryName = keyof typeof FORGERIES;
export const FORGERY_NAMES = Object.keys(FORGERIES) as ForgeryName[];

/** Makes a forgery of a photo and a second one of its size. The same seed gives the same bytes. */
export const forge = (name: ForgeryName, photo: Picture, donor: Picture, seed: number): Promise<Forgery> =>
  FORGERIES[name](photo, donor, new Random(seed, STREAM.generate));

/**
 * A picture like a photo, for tests: clouds of all sizes, discs with edges and shade, and the noise of a sensor that
 * grows with brightness.
 * @param side pixels across and down
 */
export function drawnPhoto(seed: number, side: number): Picture {
  const random = new Random(seed, STREAM.generate + 1);
  const data = new Uint8Array(3 * side * side);
  const layers = [0, 1, 2].map(() => clouds(side, random));
  const discs = Array.from({ length: 14 }, () => ({
    disc: { x: side * random.uniform(), y: side * random.uniform(), radius: side * (0.03 + 0.12 * random.uniform()) },
    color: [0, 1, 2].map(() => 90 * (random.uniform() - 0.5)),
  }));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const shades = discs.filter(({ disc }) => inside(disc, x, y));
      for (let c = 0; c < 3; c++) {
        const at = y * side + x;
        const light =
          120 + 26 * layers[0]![at]! + 8 * layers[c]![at]! + shades.reduce((sum, { color }) => sum + color[c]!, 0);
        const noise = 0.4 + 1.4 * Math.sqrt(Math.max(0, light) / 255);
        data[3 * at + c] = Math.max(0, Math.min(255, Math.round(light + noise * random.normal())));
      }
    }
  return { width: side, height: side, channels: 3, data };
}

/** Random fields of halving sizes, each half as strong as the one before: some 1 / f, as in photos. */
function clouds(side: number, random: Random): Float32Array {
  const out = new Float32Array(side * side);
  for (let [step, strength] = [side / 2, 1.6]; step >= 2; step /= 2, strength *= 0.62) {
    const size = Math.ceil(side / step) + 2;
    const knots = Float32Array.from({ length: size * size }, () => random.normal());
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const [u, v] = [x / step, y / step];
        const [i, j] = [Math.floor(u), Math.floor(v)];
        const [a, b] = [(1 - cos(Math.PI * (u - i))) / 2, (1 - cos(Math.PI * (v - j))) / 2];
        const knot = (dx: number, dy: number): number => knots[(j + dy) * size + i + dx]!;
        const value = (1 - b) * ((1 - a) * knot(0, 0) + a * knot(1, 0)) + b * ((1 - a) * knot(0, 1) + a * knot(1, 1));
        out[y * side + x]! += strength * value;
      }
  }
  return out;
}
