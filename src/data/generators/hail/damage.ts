// Damage on one photo: dents where the hail hit metal, a broken pane, scratches that have other causes; and the class
// and labels that follow from it. Lengths are millimetres, as in panel.ts.
import { cos, exp, sin } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import type { Claim } from "./claim.js";
import { beyond, isMetal, type Panel, SEAL } from "./panel.js";

/** The classes of generated hail, by number. */
export const HAIL_CLASSES = ["none", "minor", "severe"] as const;
/** One of `HAIL_CLASSES`. */
export type HailClass = (typeof HAIL_CLASSES)[number];
/** The labels of generated hail; a photo may have several. */
export const HAIL_LABELS = ["dent", "scratch", "glass"] as const;
/** One of `HAIL_LABELS`. */
export type HailLabel = (typeof HAIL_LABELS)[number];

export interface Dent {
  readonly x: number;
  readonly y: number;
  /** Millimetres, the geometric mean of its two axes. */
  readonly diameter: number;
  /** Depth over radius. */
  readonly steepness: number;
  /** Longer axis over the mean. */
  readonly stretch: number;
  readonly angle: number;
}

/** A line of points x, y, x, y, ... and half its width. */
export interface Line {
  readonly points: readonly number[];
  readonly halfWidth: number;
}

export interface Damage {
  readonly dents: readonly Dent[];
  readonly scratches: readonly Line[];
  /** Cracks of the pane, from where a stone hit it; none where it is whole. */
  readonly cracks: readonly Line[];
}

const DIAMETERS = [16, 64] as const;
const MOST_DENTS = 45;
/** Share of the hail that upright panels catch. */
const UPRIGHT = 0.4;
/** Diameters of all dents together, in millimetres, from which damage is severe. */
export const SEVERE_FROM = 240;

/** Draws the damage of a photo of that panel. */
export function damageOf(random: Random, claim: Claim, panel: Panel): Damage {
  const expected = claim.dentsAPanel * panel.share * (panel.isFlat ? 1 : UPRIGHT);
  const dents: Dent[] = [];
  const wanted = poisson(random, expected);
  for (let i = 0; i < Math.min(MOST_DENTS, wanted); i++) {
    const dent = placeDent(random, claim.diameter, panel, dents);
    if (dent !== undefined) dents.push(dent);
  }
  const scratches: Line[] = [];
  const scratched = random.uniform() < 0.25 ? 1 + random.integer(2) : 0;
  for (let i = 0; i < scratched; i++) {
    const scratch = placeScratch(random, panel);
    if (scratch !== undefined) scratches.push(scratch);
  }
  const breaks = random.uniform() < Math.min(0.75, 0.12 * Math.sqrt(claim.dentsAPanel) + 0.004 * claim.diameter);
  const cracks = claim.dentsAPanel > 0 && breaks ? crackPane(random, panel) : [];
  return { dents, scratches, cracks };
}

/** The class, by the hail alone: scratches have other causes. */
export function classOf({ dents, cracks }: Damage): HailClass {
  if (dents.length === 0 && cracks.length === 0) return "none";
  const together = dents.reduce((sum, { diameter }) => sum + diameter, 0);
  return cracks.length > 0 || together >= SEVERE_FROM ? "severe" : "minor";
}

export function labelsOf({ dents, scratches, cracks }: Damage): HailLabel[] {
  const present = { dent: dents.length > 0, scratch: scratches.length > 0, glass: cracks.length > 0 };
  return HAIL_LABELS.filter((label) => present[label]);
}

/** A Poisson count by Knuth's product of uniforms; the mean stays below 50. */
function poisson(random: Random, mean: number): number {
  const limit = exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}

/** A dent on metal and apart from the others, or none after some tries. */
function placeDent(random: Random, typical: number, panel: Panel, others: readonly Dent[]): Dent | undefined {
  const drawn = typical * exp(0.24 * random.normal());
  const diameter = Math.min(DIAMETERS[1], Math.max(DIAMETERS[0], drawn));
  const form = {
    diameter,
    steepness: random.between(0.07, 0.125),
    stretch: 1 + 0.22 * random.uniform() * random.uniform(),
    angle: random.between(0, Math.PI),
  };
  for (let attempt = 0; attempt < 12; attempt++) {
    const x = random.between(-1, 1) * panel.halfWidth;
    const y = random.between(-1, 1) * panel.halfHeight;
    const apart = others.every((other) => {
      const reach = 0.5 * (diameter + other.diameter);
      return (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y) > reach * reach;
    });
    if (apart && isMetal(panel, x, y, 0.5 * diameter)) return { x, y, ...form };
  }
  return undefined;
}

/** A slightly bent line, all of it on metal and in the picture. */
function placeScratch(random: Random, panel: Panel): Line | undefined {
  const halfWidth = random.between(0.7, 1.7);
  const length = random.between(60, 220);
  const bend = 0.5 * random.normal();
  for (let attempt = 0; attempt < 12; attempt++) {
    let angle = random.between(0, 2 * Math.PI);
    let x = random.between(-0.95, 0.95) * panel.halfWidth;
    let y = random.between(-0.95, 0.95) * panel.halfHeight;
    const points = [x, y];
    for (let step = 0; step < 10; step++) {
      angle += (bend + 0.3 * random.normal()) / 10;
      x += (length / 10) * cos(angle);
      y += (length / 10) * sin(angle);
      points.push(x, y);
    }
    const inside = (at: number): boolean =>
      Math.abs(points[at]!) < panel.halfWidth - 4 && Math.abs(points[at + 1]!) < panel.halfHeight - 4;
    const onMetal = points.every((_, at) => at & 1 || (inside(at) && isMetal(panel, points[at]!, points[at + 1]!, 4)));
    if (onMetal) return { points, halfWidth };
  }
  return undefined;
}

/** A star of cracks and a ring around it where a stone hit the pane; none where there is no pane in the picture. */
function crackPane(random: Random, panel: Panel): Line[] {
  const { glass, halfWidth, halfHeight } = panel;
  if (glass === undefined) return [];
  for (let attempt = 0; attempt < 40; attempt++) {
    const x = random.between(-0.85, 0.85) * halfWidth;
    const y = random.between(-0.85, 0.85) * halfHeight;
    if (beyond(glass, x, y) > SEAL + 18) return star(random, x, y);
  }
  return [];
}

function star(random: Random, x: number, y: number): Line[] {
  const rays = 6 + random.integer(6);
  const turn = random.between(0, 2 * Math.PI);
  const lines: Line[] = [];
  const ring: number[] = [];
  const ringRadius = random.between(9, 20);
  for (let ray = 0; ray < rays; ray++) {
    let angle = turn + (2 * Math.PI * (ray + random.between(-0.3, 0.3))) / rays;
    ring.push(x + ringRadius * cos(angle), y + ringRadius * sin(angle));
    const points = [x, y];
    const length = random.between(18, 95);
    for (let step = 1; step <= 5; step++) {
      angle += 0.16 * random.normal();
      points.push(points.at(-2)! + (length / 5) * cos(angle), points.at(-1)! + (length / 5) * sin(angle));
    }
    lines.push({ points, halfWidth: 0.9 });
  }
  lines.push({ points: [...ring, ring[0]!, ring[1]!], halfWidth: 0.8 });
  lines.push({ points: [x - 3, y, x + 3, y + 1], halfWidth: 4.5 });
  return lines;
}
