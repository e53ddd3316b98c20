// The piece of a car that a photo shows: how it curves, its crease, the seam to the next panel and the pane of glass.
// Lengths are millimetres on the panel, from the middle of the picture, x to the right and y downwards.
import { cos, sin } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";

/** A straight edge: points with `x nx + y ny > offset` lie beyond it. */
export interface Edge {
  readonly nx: number;
  readonly ny: number;
  readonly offset: number;
}

export interface Panel {
  /** Share of the panel that the picture shows: the exposure. */
  readonly share: number;
  /** Flat panels (bonnet, roof) catch more hail than upright ones (doors). */
  readonly isFlat: boolean;
  /** Half the width and half the height of the picture. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** Slopes in the middle, and their change a millimetre. */
  readonly tilt: readonly [x: number, y: number];
  readonly curve: readonly [x: number, y: number];
  readonly twist: number;
  /** A fold along the panel. */
  readonly crease?: Edge & { readonly rise: number; readonly width: number };
  /** The gap to the next panel, which stands at another slope. */
  readonly seam?: Edge & { readonly turn: readonly [x: number, y: number] };
  /** The pane begins here, behind a black seal. */
  readonly glass?: Edge;
}

/** Side in millimetres of a square picture of a whole panel. */
const PANEL_SIDE = 410;
const LEAST_SHARE = 0.5;
/** Half the width of a seam, and the width of the seal around glass. */
export const SEAM = 2.6;
export const SEAL = 13;

export const beyond = ({ nx, ny, offset }: Edge, x: number, y: number): number => x * nx + y * ny - offset;

/** An edge with a normal at that angle, 0 being downwards, which leaves `share` of the picture beyond it. */
function edgeAt(angle: number, share: number, halfWidth: number, halfHeight: number): Edge {
  const [nx, ny] = [sin(angle), cos(angle)];
  return { nx, ny, offset: (1 - 2 * share) * (Math.abs(nx) * halfWidth + Math.abs(ny) * halfHeight) };
}

/** A panel as one photo shows it; `aspect` is width over height. */
export function panelOf(random: Random, aspect: number): Panel {
  const share = Math.round(100 * random.between(LEAST_SHARE, 1)) / 100;
  const side = (PANEL_SIDE * Math.sqrt(share)) / 2;
  const halfWidth = side * Math.sqrt(aspect);
  const halfHeight = side / Math.sqrt(aspect);
  const isFlat = random.uniform() < 0.6;
  const around = (angle: number, spread: number): number => angle + spread * random.normal();
  const signed = (low: number, high: number): number => (random.uniform() < 0.5 ? -1 : 1) * random.between(low, high);
  const bow = (nearest: number, farthest: number): number => -1 / random.between(nearest, farthest);
  const form = {
    tilt: [0.06 * random.normal(), 0.08 * random.normal()] as const,
    curve: [bow(1100, 4500), bow(700, 2600)] as const,
    twist: 0.00008 * random.normal(),
  };
  const hasCrease = random.uniform() < 0.4;
  const crease = {
    ...edgeAt(around(0, 0.25), random.between(0.15, 0.85), halfWidth, halfHeight),
    rise: signed(0.05, 0.2),
    width: random.between(10, 40),
  };
  const hasSeam = random.uniform() < 0.3;
  const seam = {
    ...edgeAt(around(random.uniform() < 0.6 ? Math.PI / 2 : 0, 0.15), random.between(0.1, 0.9), halfWidth, halfHeight),
    turn: [0.05 * random.normal(), 0.06 * random.normal()] as const,
  };
  const hasGlass = random.uniform() < 0.3;
  const upwards = random.uniform() < 0.75 ? Math.PI : signed(1.3, 1.8);
  const glass = edgeAt(around(upwards, 0.2), random.between(0.18, 0.42), halfWidth, halfHeight);
  return {
    ...{ share, isFlat, halfWidth, halfHeight, ...form },
    ...(hasCrease && { crease }),
    ...(hasSeam && { seam }),
    ...(hasGlass && { glass }),
  };
}

/** Checks whether a spot of that radius lies on metal, clear of seams, seals and glass. */
export function isMetal({ seam, glass }: Panel, x: number, y: number, radius: number): boolean {
  if (seam !== undefined && Math.abs(beyond(seam, x, y)) < SEAM + radius) return false;
  return glass === undefined || beyond(glass, x, y) < -radius;
}
