// Light on the relief: paint and its clear coat, glass, seals, scratches and dirt, as linear light for each pixel.
import type { Random } from "../../../core/random.js";
import { grain } from "../grain.js";
import type { Claim, Rgb } from "./claim.js";
import { ramp, smoothField } from "./field.js";
import type { Relief } from "./relief.js";
import type { World } from "./surroundings.js";

/** Half the camera's angle of view, as a slope. */
const VIEW = 0.28;
/** Share of light that a surface mirrors where one looks straight at it; more at the sides. */
const MIRRORED = { paint: 0.26, glass: 0.24 } as const;
const RUBBER = 0.012;
const MUD: Rgb = [0.19, 0.16, 0.12];
const CRACK: Rgb = [0.72, 0.78, 0.78];

/** Three values a pixel, linear light from 0 up. */
export function shade(relief: Relief, claim: Claim, world: World, random: Random): Float64Array {
  const { width, height } = relief;
  const out = new Float64Array(3 * width * height);
  const primer = 0.2 + 0.5 * random.uniform();
  const grime = grimeOf(random, claim.dirt);
  const flakes = claim.paint.metallic ? 0.045 : 0;
  const cabin = smoothField(random, 3, 3);
  const seen = new Float64Array(3);
  const half = 0.5 * Math.max(width, height);
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++, at++) {
      const x = (column + 0.5 - width / 2) / half;
      const y = (row + 0.5 - height / 2) / half;
      const glass = relief.glass[at]!;
      const rough = glass > 0.5 ? 0 : 0.0012;
      const slopeX = relief.slopeX[at]! + rough * grain(random);
      const slopeY = relief.slopeY[at]! + rough * grain(random);
      const facing = 1 / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
      const [lx, ly, lz] = world.light;
      const lit = world.ambient + world.direct * Math.max(0, (lz - lx * slopeX - ly * slopeY) * facing);
      world.look(VIEW * x - 2 * slopeX, 2 * slopeY - VIEW * y, seen);
      const side = slopeX * slopeX + slopeY * slopeY;
      const scratch = relief.scratch[at]!;
      const dull = grime(x, y);
      // Metal flakes face all ways: they brighten what faces the light and glitter.
      const metal = claim.paint.metallic ? lit * (0.75 + 0.35 * lit) * (1 + flakes * grain(random)) : lit;
      const mirrored = (MIRRORED.paint + 0.5 * side) * (1 - 0.75 * dull) * (1 - 0.7 * scratch);
      const inside = 0.01 + 0.035 * cabin(0.5 + 0.5 * x, 0.5 + 0.5 * y);
      const seal = relief.seal[at]!;
      const crack = relief.crack[at]!;
      for (let i = 0; i < 3; i++) {
        const bare = claim.paint.colour[i]! * (1 - scratch) + primer * scratch;
        const body = (bare * (1 - dull) + MUD[i]! * dull) * (scratch > 0 || dull > 0.3 ? lit : metal);
        const paint = body + mirrored * seen[i]!;
        const pane = inside + (MIRRORED.glass + 0.5 * side) * seen[i]! * (1 - 0.5 * dull) + 0.1 * dull * MUD[i]!;
        const broken = pane + crack * (CRACK[i]! * lit - pane);
        const solid = paint * (1 - glass) + broken * glass;
        out[3 * at + i] = solid * (1 - seal) + seal * RUBBER * (0.4 + lit);
      }
    }
  return out;
}

/** The share of the paint that dirt covers, 0 to 1: a film with cloudy edges, and specks. */
function grimeOf(random: Random, dirt: number): (x: number, y: number) => number {
  const film = smoothField(random, 4, 4);
  const streaks = smoothField(random, 22, 7);
  const specks = smoothField(random, 40, 40);
  const strength = 0.5 * dirt;
  return (x, y) => {
    const [u, v] = [0.5 + 0.5 * x, 0.5 + 0.5 * y];
    const cloudy = ramp(0.6 * film(u, v) + 0.4 * streaks(u, v), 0.75 - 0.5 * dirt, 1.05 - 0.4 * dirt);
    const speck = ramp(specks(u, v), 0.97 - 0.12 * dirt, 1);
    return Math.min(0.9, strength * cloudy + (0.25 + 0.5 * dirt) * speck);
  };
}
