// Facts that a decoding thread takes of each image while its pixels are there: a record and one total table. To add a
// collector: its result in `Collected`, its record in COLLECTORS.
import type { DecodedImage } from "../decoders/index.js";
import { describeFlatness } from "../flatness.js";
import type { Pixels } from "../pixels.js";
import { fitImage, type Target } from "../target.js";
import { IMAGE_WORDS, type PdqTable, pixelsHash, shownImage, tableOfPdq } from "./fingerprint.js";
import { MEASURES, type Measure, measuresOf } from "./look.js";
import { enlargedPicture, pdqHashes } from "./pdq.js";
import { type PhotoFacts, photoFactsOf } from "./photo-facts.js";
import { type ImageTiles, tilesOf } from "./tiles.js";

/** Results of all collectors, by their names. An image that cannot be decoded has zeros, an empty text or no entry. */
export interface Collected {
  /** Bytes of each file. */
  readonly sizes: Float64Array;
  /** SHA-256 of the pixels as they are shown. */
  readonly pixels: string[];
  /** PDQ hashes of the pictures in all turns, by which near copies are found. */
  readonly pdq: PdqTable;
  /** PDQ hashes of small pictures, enlarged, by their numbers: 64 words each, as in `pdq`. */
  readonly enlarged: Map<number, Uint32Array>;
  /** Tiles that parts of pictures are found by. */
  readonly tiles: Map<number, ImageTiles>;
  /** Images that are nearly constant, in words. */
  readonly flat: Map<number, string>;
  /** Measures of darkness, blur, colour and others. */
  readonly measures: Readonly<Record<Measure, Float32Array>>;
  /** Facts that cameras wrote, for images that have them. */
  readonly photos: Map<number, PhotoFacts>;
  /** Small grey pictures of 16 x 16 levels, one after the other. */
  readonly pictures: Uint8Array;
}

/** The names of all collectors of facts. */
export const COLLECTOR_NAMES = [
  "sizes",
  "pixels",
  "pdq",
  "enlarged",
  "tiles",
  "flat",
  "measures",
  "photos",
  "pictures",
] as const;

/** Name of a collector. */
export type CollectorName = (typeof COLLECTOR_NAMES)[number];

/** An image of a batch while its pixels are there. */
export class SeenImage {
  #shown: Pixels | undefined;

  constructor(
    readonly image: DecodedImage,
    readonly bytes: Uint8Array,
  ) {}

  /** The image as it is shown, turned once for all collectors. */
  get shown(): Pixels {
    this.#shown ??= shownImage(this.image);
    return this.#shown;
  }
}

interface Collector<T> {
  /** Result before the first of `count` images. */
  empty(count: number): T;
  /** Adds image `at`. */
  add(result: T, at: number, seen: SeenImage): void | Promise<void>;
  /** Adds the result of a batch, whose first image is `first`, to that of all. */
  join(all: T, first: number, batch: T): void;
}

/** Collector of an entry for some images. */
const entries = <V>(of: (seen: SeenImage) => V | undefined | Promise<V | undefined>): Collector<Map<number, V>> => ({
  empty: () => new Map(),
  add: async (found, at, seen) => {
    const entry = await of(seen);
    if (entry !== undefined) found.set(at, entry);
  },
  join: (all, first, batch) => {
    for (const [at, entry] of batch) all.set(first + at, entry);
  },
});

/** Pixels along each side of the small pictures that images are compared by. */
export const SMALL_SIDE = 16;

const SMALL_LENGTH = SMALL_SIDE * SMALL_SIDE;

const SMALL: Target = {
  height: SMALL_SIDE,
  width: SMALL_SIDE,
  color: "grayscale",
  interpolation: "box",
  orientation: "exif",
  depth: "scaled",
};

export const COLLECTORS: { readonly [K in CollectorName]: Collector<Collected[K]> } = {
  sizes: {
    empty: (count) => new Float64Array(count),
    add: (sizes, at, { bytes }) => {
      sizes[at] = bytes.length;
    },
    join: (all, first, batch) => all.set(batch, first),
  },
  pixels: {
    empty: (count) => new Array<string>(count).fill(""),
    add: async (hashes, at, { shown }) => {
      hashes[at] = await pixelsHash(shown);
    },
    join: (all, first, batch) => {
      for (const [at, hash] of batch.entries()) all[first + at] = hash;
    },
  },
  pdq: {
    empty: tableOfPdq,
    add: (table, at, { shown }) => {
      const { hashes, quality, brightness } = pdqHashes(shown);
      table.hashes.set(hashes, at * IMAGE_WORDS);
      table.qualities[at] = quality;
      table.brightness[at] = brightness;
    },
    join: (all, first, batch) => {
      all.hashes.set(batch.hashes, first * IMAGE_WORDS);
      all.qualities.set(batch.qualities, first);
      all.brightness.set(batch.brightness, first);
    },
  },
  enlarged: entries(({ shown }) => {
    const enlarged = enlargedPicture(shown);
    return enlarged && pdqHashes(enlarged).hashes;
  }),
  tiles: entries(({ shown }) => tilesOf(shown)),
  flat: entries(({ image }) => describeFlatness(image)),
  measures: {
    empty: (count) => {
      const tables = MEASURES.map((name) => [name, new Float32Array(count)]);
      return Object.fromEntries(tables) as Record<Measure, Float32Array>;
    },
    add: (tables, at, { shown }) => {
      const values = measuresOf(shown);
      for (const [m, name] of MEASURES.entries()) tables[name][at] = values[m]!;
    },
    join: (all, first, batch) => {
      for (const name of MEASURES) all[name].set(batch[name], first);
    },
  },
  photos: entries(({ image, bytes }) => photoFactsOf(image.format, bytes)),
  pictures: {
    empty: (count) => new Uint8Array(count * SMALL_LENGTH),
    add: (pictures, at, { image }) => pictures.set(fitImage(image, SMALL), at * SMALL_LENGTH),
    join: (all, first, batch) => all.set(batch, first * SMALL_LENGTH),
  },
};

/** Results of some collectors before the first of `count` images. */
export const emptyCollected = <N extends CollectorName>(names: readonly N[], count: number): Pick<Collected, N> =>
  Object.fromEntries(names.map((name) => [name, COLLECTORS[name].empty(count)])) as Pick<Collected, N>;

/** Adds image `at` to the result of each collector. */
export async function collectImage<N extends CollectorName>(
  names: readonly N[],
  results: Pick<Collected, N>,
  at: number,
  seen: SeenImage,
): Promise<void> {
  for (const name of names) await collectorOf(name).add(results[name], at, seen);
}

/** Adds the results of a batch, whose first image is `first`, to those of all. */
export function joinCollected<N extends CollectorName>(
  names: readonly N[],
  all: Pick<Collected, N>,
  first: number,
  batch: Partial<Pick<Collected, N>>,
): void {
  for (const name of names) {
    const found = batch[name];
    if (found !== undefined) collectorOf(name).join(all[name], first, found);
  }
}

const collectorOf = <N extends CollectorName>(name: N): Collector<Collected[N]> => COLLECTORS[name];
