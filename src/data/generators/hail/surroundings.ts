// The world that paint and glass mirror: sky with clouds above a skyline, or a workshop's tubes of light. Directions are
// slopes: u to the right and v upwards, 0 straight behind the camera. Colours are linear light, a bright sky being 1.
import { cos, sin } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import type { Rgb, Surroundings } from "./claim.js";
import { ramp, smoothField } from "./field.js";

export interface World {
  /** Direction of the main light: x to the right, y downwards, z towards the camera; of length 1. */
  readonly light: readonly [x: number, y: number, z: number];
  /** Brightness of surfaces that face the light, and of all surfaces alike. */
  readonly direct: number;
  readonly ambient: number;
  /** Writes the colour seen in a direction to `out[0..2]`. */
  readonly look: (u: number, v: number, out: Float64Array) => void;
}

/** The directions that the fields of clouds and walls span. */
const EXTENT = 1.4;
const unit = (value: number): number => 0.5 + value / (2 * EXTENT);

function mix(out: Float64Array, colour: Rgb, share: number): void {
  for (let i = 0; i < 3; i++) out[i] = out[i]! + share * (colour[i]! - out[i]!);
}

function add(out: Float64Array, colour: Rgb, strength: number): void {
  for (let i = 0; i < 3; i++) out[i] = out[i]! + strength * colour[i]!;
}

function directionTo(u: number, v: number): [number, number, number] {
  const length = Math.sqrt(u * u + v * v + 1);
  return [u / length, -v / length, 1 / length];
}

/** Surroundings of that kind as one photo has them. */
export const worldOf = (random: Random, kind: Surroundings): World =>
  kind === "hall" ? hall(random) : outdoors(random, kind === "sun");

function outdoors(random: Random, isSunny: boolean): World {
  const clouds = smoothField(random, 7, 5);
  const wisps = smoothField(random, 20, 12);
  const houses = smoothField(random, 10, 1);
  const street = smoothField(random, 9, 10);
  const horizon = random.between(-0.3, 0.25);
  const skyline = random.between(0.03, 0.2);
  const cloudiness = random.between(0.4, 1);
  const zenith: Rgb = isSunny ? [0.07, 0.17, 0.48] : [0.3, 0.33, 0.38];
  const haze: Rgb = isSunny ? [0.85, 0.95, 1.1] : [1, 1.02, 1.05];
  const cloud: Rgb = isSunny ? [1.2, 1.2, 1.2] : [0.36, 0.38, 0.42];
  const asphalt = random.between(0.02, 0.06);
  const kerb = random.between(0.1, 0.4);
  const wall = random.between(0.02, 0.1);
  const [sunU, sunV] = [random.between(-0.8, 0.8), horizon + random.between(0.25, 0.9)];
  const sun: Rgb = [1, 0.95, 0.85];
  // The sky is brighter on the side of the sun.
  const lean = random.between(0.2, 0.6) * (sunU < 0 ? -1 : 1);
  const look = (u: number, v: number, out: Float64Array): void => {
    const [x, y] = [unit(u), unit(v)];
    const up = ramp(v, horizon - 0.1, horizon + 0.75);
    const towards = Math.max(0.3, 1 + lean * u);
    for (let i = 0; i < 3; i++) out[i] = towards * (haze[i]! + up * (zenith[i]! - haze[i]!));
    mix(out, cloud, cloudiness * ramp(0.65 * clouds(x, y) + 0.35 * wisps(x, y), 0.36, 0.7));
    // Roofs stand on the horizon: steep steps of a smooth field.
    const roofs = horizon + skyline * ramp(houses(x, 0.5), 0.3, 0.55);
    mix(out, [wall, wall * 0.95, wall * 0.9], 1 - ramp(v, roofs - 0.03, roofs + 0.03));
    // The street is dark, with kerbs, lines and other cars, and brighter the nearer it is.
    const bright = asphalt + kerb * ramp(street(x, y), 0.45, 0.8) + 0.3 * ramp(horizon - v, 0.05, 0.8);
    mix(out, [bright, bright, bright * 0.96], 1 - ramp(v, horizon - 0.05, horizon));
    if (!isSunny) return;
    const square = (u - sunU) * (u - sunU) + (v - sunV) * (v - sunV);
    const glow = 1 / (1 + square / 0.003);
    add(out, sun, 9 * glow * glow + 0.2 / (1 + square / 0.06));
  };
  const light = directionTo(2.2 * sunU, isSunny ? 1.3 + sunV : 1.9);
  return { light, direct: isSunny ? 1.3 : 1.1, ambient: isSunny ? 0.12 : 0.15, look };
}

function hall(random: Random): World {
  const walls = smoothField(random, 4, 3);
  const clutter = smoothField(random, 12, 9);
  const dim = random.between(0.03, 0.12);
  const count = 2 + random.integer(4);
  const half = random.between(0.035, 0.1);
  const spacing = half * random.between(4, 7);
  const first = -0.5 * spacing * (count - 1) + 0.3 * random.normal();
  const turn = 0.25 * random.normal();
  const [c, s] = [cos(turn), sin(turn)];
  const ends = Array.from({ length: count }, () => [random.between(-1.3, -0.3), random.between(0.3, 1.3)] as const);
  const warmth = random.between(0.8, 1);
  const look = (u: number, v: number, out: Float64Array): void => {
    const [x, y] = [unit(u), unit(v)];
    const wall = dim * (0.3 + 2.5 * walls(x, y) + 2.5 * ramp(clutter(x, y), 0.4, 0.8));
    out[0] = wall;
    out[1] = wall * 0.98;
    out[2] = wall * 0.92;
    const along = c * u + s * v;
    const across = c * v - s * u;
    for (let i = 0; i < count; i++) {
      const off = Math.abs(across - first - i * spacing);
      if (off > 4 * half) continue;
      const [from, to] = ends[i]!;
      const inside = ramp(along, from - 0.03, from + 0.03) * (1 - ramp(along, to - 0.03, to + 0.03));
      const tube = 1 - ramp(off, 0.4 * half, 1.5 * half);
      const glow = 0.25 * (1 - ramp(off, half, 4 * half));
      add(out, [1, 0.98 * warmth + 0.02, warmth], 1.5 * inside * (tube + glow));
    }
  };
  return { light: directionTo(0.8 * random.normal(), 1.6), direct: 0.9, ambient: 0.12, look };
}
