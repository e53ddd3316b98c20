// The generated hail photos: which there are and what is true of each. Every photo is a function of (seed, index), and
// its truth does not depend on its size in pixels. Files are write.ts's business.
import { encode } from "fast-png";
import { FoveaError } from "../../../core/errors.js";
import { checkOptions, wholeNumber } from "../../../core/options.js";
import { takePhoto } from "./camera.js";
import { claimOf, photoRandom, placeOf } from "./claim.js";
import { classOf, damageOf, type HailClass, type HailLabel, labelsOf } from "./damage.js";
import { panelOf } from "./panel.js";
import { drawCost, expectedCost } from "./price.js";
import { type HailBox, reliefOf } from "./relief.js";
import { shade } from "./shade.js";
import { worldOf } from "./surroundings.js";

/** Options of generated hail. */
export interface HailOptions {
  /** Number of photos. Default 2,000. */
  readonly count?: number;
  /** Seed of all photos. Default 0. */
  readonly seed?: number;
  /** Height of the photos in pixels, 32 to 512. Default 96. */
  readonly height?: number;
  /** Width of the photos in pixels, 32 to 512. Default 96. */
  readonly width?: number;
}

/** The names of these options. */
export const HAIL_OPTIONS = ["count", "seed", "height", "width"] as const;

/** The default number of photos. */
export const HAIL_COUNT = 2000;
/** The default side of photos in pixels. */
export const HAIL_SIDE = 96;
const MOST_PHOTOS = 100_000;
const SIDES = [32, 512] as const;

/** One photo of a car panel, and the truth about it. */
export interface HailImage {
  /** Counts from 1. */
  readonly index: number;
  /** `H0001-2`: the claim and the photo's number within it. */
  readonly name: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** RGB, row by row. */
  readonly pixels: Uint8Array;
  /** 255 where a dent is, else 0; row by row. */
  readonly mask: Uint8Array;
  /** The class by its dents. */
  readonly class: HailClass;
  /** Labels of all damages. */
  readonly labels: readonly HailLabel[];
  /** Number of dents. */
  readonly dents: number;
  /** Repair cost in euro, as on the invoice. */
  readonly cost: number;
  /** The mean that the cost was drawn around: no model can predict better. Not among what writeHail writes. */
  readonly expectedCost: number;
  /** Share of the panel that the photo shows, 0.5 to 1. */
  readonly exposure: number;
  /** The claim: photos of one claim show the same car after the same hail. */
  readonly group: string;
  /** Day of the hail, ISO 8601. */
  readonly date: string;
  /** One box a dent, a scratch and a broken pane, in this order. */
  readonly boxes: readonly HailBox[];
}

/** The options with their defaults. @throws FoveaError for unknown options and for numbers out of bounds. */
export function hailSettings(options: HailOptions): Required<HailOptions> {
  checkOptions("hail", options, HAIL_OPTIONS);
  const bounded = (what: string, value: number, low: number, high: number): number => {
    if (wholeNumber(`hail ${what}`, value, low) <= high) return value;
    throw new FoveaError("out-of-range", `hail ${what}: expected at most ${high}, received ${value}`);
  };
  return {
    count: bounded("count", options.count ?? HAIL_COUNT, 1, MOST_PHOTOS),
    seed: wholeNumber("hail seed", options.seed ?? 0, 0),
    height: bounded("height", options.height ?? HAIL_SIDE, ...SIDES),
    width: bounded("width", options.width ?? HAIL_SIDE, ...SIDES),
  };
}

/**
 * The photos one after the other, those of a claim side by side. The first so many are the same for any count.
 * @example for (const { name, dents, cost } of synthesizeHail({ count: 10 })) console.log(name, dents, cost);
 */
export function* synthesizeHail(options: HailOptions = {}): Generator<HailImage, void, undefined> {
  const { count, ...rest } = hailSettings(options);
  for (let index = 1; index <= count; index++) yield hailImage(index, rest);
}

/**
 * One photo, alone; `index` counts from 1.
 * @param options Seed and size; defaults as for the whole set.
 * @throws FoveaError for wrong options and an index below 1.
 * @example saveImage(tensor(hailImage(1).pixels, [96, 96, 3], "uint8"), "dents.png")
 */
export function hailImage(index: number, options: Omit<HailOptions, "count"> = {}): HailImage {
  const { seed, width, height } = hailSettings(options);
  const photo = placeOf(wholeNumber("hailImage index", index));
  const claim = claimOf(seed, photo.claim);
  const random = (purpose: Parameters<typeof photoRandom>[3]) => photoRandom(seed, photo.claim, photo.photo, purpose);
  const panel = panelOf(random("panel"), width / height);
  const damages = random("damage");
  const damage = damageOf(damages, claim, panel);
  const mean = expectedCost(damage, claim.paint);
  const cost = drawCost(damages, mean);
  const relief = reliefOf(panel, damage, width, height);
  const lights = random("light");
  const light = shade(relief, claim, worldOf(lights, claim.surroundings), lights);
  return {
    index,
    name: `${claim.name}-${photo.photo}`,
    width,
    height,
    pixels: takePhoto(light, width, height, random("camera")),
    mask: relief.mask,
    class: classOf(damage),
    labels: labelsOf(damage),
    dents: damage.dents.length,
    cost,
    expectedCost: mean,
    exposure: panel.share,
    group: claim.name,
    date: claim.date,
    boxes: relief.boxes,
  };
}

/**
 * The photo as the bytes of a PNG file.
 * @example
 * const png = encodeHail(hailImage(1));
 * const mask = encodeHailMask(hailImage(1));
 */
export const encodeHail = ({ width, height, pixels }: HailImage): Uint8Array =>
  encode({ width, height, channels: 3, depth: 8, data: pixels });

/** Its mask of dents as the bytes of a PNG file: grey, 0 or 255. */
export const encodeHailMask = ({ width, height, mask }: HailImage): Uint8Array =>
  encode({ width, height, channels: 1, depth: 8, data: mask });
