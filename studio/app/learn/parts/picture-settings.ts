// The picture that a page computes with, as the address has it: its name, its size and its colours.
import { among, amongNumbers, type State } from "./among.ts";

export const COLORS = ["rgb", "grayscale"] as const;
/** Longer sides of a picture, in pixels. */
export const SIDES = [16, 24, 32] as const;

export interface PictureSettings {
  readonly name: string;
  readonly side: number;
  readonly color: (typeof COLORS)[number];
  readonly channels: 1 | 3;
}

export const sideIn = ({ side }: State): number => amongNumbers(SIDES, side, 16);

/** @param fallback the picture of an address that names none */
export function pictureSettingsIn(state: State, fallback: string): PictureSettings {
  const color = among(COLORS, state.color, "rgb");
  return { name: state.image ?? fallback, side: sideIn(state), color, channels: color === "rgb" ? 3 : 1 };
}
