// Claims of the imagined insurer: the traits that all photos of one claim share, drawn once from (seed, claim number).
// The car's paint, how hard and how large the hail fell, the day, and the surroundings that the paint reflects.
import { exp, log } from "../../../core/math.js";
import { Random, STREAM } from "../../../core/random.js";

/** Colour in linear light, each 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

export interface Paint {
  readonly name: string;
  /** Colour of the paint below its clear coat. */
  readonly colour: Rgb;
  /** Metallic paint has flakes that glitter, and costs more to repair. */
  readonly metallic: boolean;
}

export type Surroundings = "sun" | "overcast" | "hall";

export interface Claim {
  /** Counts from 1. */
  readonly number: number;
  /** The number as insurers write it, such as `H0012`. */
  readonly name: string;
  /** Day of the hail, ISO 8601. */
  readonly date: string;
  readonly paint: Paint;
  /** Expected dents on a whole panel that lies flat; 0 for a claim without hail damage. */
  readonly dentsAPanel: number;
  /** Typical diameter of its dents in millimetres. */
  readonly diameter: number;
  readonly surroundings: Surroundings;
  /** 0 to 1: how dirty the car is. */
  readonly dirt: number;
}

/** Paints, and how many of a hundred cars have each. */
const PAINTS: readonly (Paint & { readonly cars: number })[] = [
  { name: "white", colour: [0.74, 0.74, 0.72], metallic: false, cars: 19 },
  { name: "silver", colour: [0.36, 0.37, 0.38], metallic: true, cars: 14 },
  { name: "grey", colour: [0.11, 0.115, 0.12], metallic: true, cars: 16 },
  { name: "black", colour: [0.009, 0.009, 0.011], metallic: false, cars: 15 },
  { name: "blue", colour: [0.015, 0.05, 0.19], metallic: true, cars: 11 },
  { name: "red", colour: [0.36, 0.012, 0.014], metallic: false, cars: 9 },
  { name: "green", colour: [0.02, 0.075, 0.045], metallic: true, cars: 4 },
  { name: "beige", colour: [0.38, 0.31, 0.22], metallic: true, cars: 5 },
  { name: "light blue", colour: [0.17, 0.32, 0.46], metallic: false, cars: 4 },
  { name: "orange", colour: [0.56, 0.17, 0.015], metallic: false, cars: 3 },
];

/** Photos of claims one after the other, repeated: any photo is found without making those before it. */
const PHOTOS_A_CLAIM = [3, 5, 2, 4, 6, 3, 4, 5] as const;
const PHOTOS_A_CYCLE = PHOTOS_A_CLAIM.reduce<number>((sum, photos) => sum + photos, 0);

/** Streams of claims begin behind those of the writers of the handwriting. */
const FIRST_STREAM = STREAM.generate + (1 << 24);
/** A photo's draws in four independent sequences, so that a change to one leaves the others' bits alone. */
const PURPOSES = ["damage", "panel", "light", "camera"] as const;
export type Purpose = (typeof PURPOSES)[number];

const UNDAMAGED_SHARE = 0.2;
const DENTS_A_PANEL = [1.5, 34] as const;
const FIRST_SEASON = 2019;
const DAYS_A_SEASON = 153;
const SEASONS = 6;
const DAY = 86_400_000;

/** The claim and the number within it of photo `index`; all three count from 1. */
export function placeOf(index: number): { claim: number; photo: number } {
  const cycle = Math.floor((index - 1) / PHOTOS_A_CYCLE);
  let photo = index - cycle * PHOTOS_A_CYCLE;
  let claim = cycle * PHOTOS_A_CLAIM.length;
  for (const photos of PHOTOS_A_CLAIM) {
    claim++;
    if (photo <= photos) break;
    photo -= photos;
  }
  return { claim, photo };
}

/** The draws of a photo for one purpose. */
export const photoRandom = (seed: number, claim: number, photo: number, purpose: Purpose): Random =>
  new Random(seed, FIRST_STREAM + claim, PURPOSES.length * photo + PURPOSES.indexOf(purpose));

/** The claim of that number. Claims of different numbers share nothing but the seed. */
export function claimOf(seed: number, number: number): Claim {
  const random = new Random(seed, FIRST_STREAM + number);
  const paint = paintOf(random);
  const damaged = random.uniform() >= UNDAMAGED_SHARE;
  const [fewest, most] = [log(DENTS_A_PANEL[0]), log(DENTS_A_PANEL[1])];
  const hardness = random.uniform();
  // Large stones fall in hard storms, by and large.
  const diameter = 20 + 13 * hardness + 12 * random.uniform();
  const year = random.integer(SEASONS);
  const draw = random.uniform();
  return {
    number,
    name: `H${String(number).padStart(4, "0")}`,
    date: dayOf(year, random.integer(DAYS_A_SEASON)),
    paint,
    dentsAPanel: damaged ? exp(fewest + (most - fewest) * hardness) : 0,
    diameter,
    surroundings: draw < 0.4 ? "sun" : draw < 0.7 ? "overcast" : "hall",
    dirt: random.uniform() * random.uniform(),
  };
}

function paintOf(random: Random): Paint {
  let ticket = random.integer(100);
  let which = 0;
  while (ticket >= PAINTS[which]!.cars) ticket -= PAINTS[which++]!.cars;
  const found = PAINTS[which]!;
  const shade = exp(0.18 * random.normal());
  const tint = (value: number): number => Math.min(0.8, value * shade * exp(0.05 * random.normal()));
  const [red, green, blue] = found.colour;
  return { name: found.name, metallic: found.metallic, colour: [tint(red), tint(green), tint(blue)] };
}

/** A day of the hail season, May to September, of one of the years. */
function dayOf(season: number, day: number): string {
  return new Date(Date.UTC(FIRST_SEASON + season, 4, 1) + day * DAY).toISOString().slice(0, 10);
}
