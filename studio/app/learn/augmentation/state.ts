// The settings of the variants, read from the address, as the layers of the library take them.

import { seedIn } from "../../frame/whole.ts";
import { among, type State } from "../parts/among.ts";

export const FLIPS = ["none", "horizontal", "vertical", "both"] as const;
export type Flip = (typeof FLIPS)[number];
export const FILLS = ["reflect", "constant", "nearest", "wrap"] as const;
export type Fill = (typeof FILLS)[number];

/** The factors that sliders move, in the order in which their layers follow one another. */
export const FACTORS = ["rotation", "translation", "zoom", "brightness", "contrast"] as const;
export type FactorName = (typeof FACTORS)[number];

export interface Settings extends Readonly<Record<FactorName, number>> {
  readonly flip: Flip;
  readonly fill: Fill;
  readonly seed: number;
  /** True where the layers are called as in training. */
  readonly training: boolean;
}

/** The largest value of each slider, and its step. */
export const LIMITS: Readonly<Record<FactorName, readonly [most: number, step: number]>> = {
  rotation: [0.5, 0.01],
  translation: [0.5, 0.01],
  zoom: [0.9, 0.01],
  brightness: [1, 0.01],
  contrast: [1, 0.01],
};

/** An address that says nothing shows this. */
const DEFAULTS: Readonly<Record<FactorName, number>> = {
  rotation: 0.05,
  translation: 0.1,
  zoom: 0.1,
  brightness: 0,
  contrast: 0,
};

/** Number of variants that are drawn. */
export const VARIANTS = 16;
/** The longer side of the picture, in pixels. */
export const LARGEST = 128;

/** The picture of an address that names none. */
export const FALLBACK = "鱼";
export const nameIn = ({ image = FALLBACK }: State): string => image;

export function settingsOf(state: State): Settings {
  const factor = (name: FactorName): number => {
    const value = Number(state[name] ?? DEFAULTS[name]);
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), LIMITS[name][0]) : DEFAULTS[name];
  };
  return {
    rotation: factor("rotation"),
    translation: factor("translation"),
    zoom: factor("zoom"),
    brightness: factor("brightness"),
    contrast: factor("contrast"),
    flip: among(FLIPS, state.flip, "none"),
    fill: among(FILLS, state.fill, "reflect"),
    seed: seedIn(state),
    training: state.training !== "no",
  };
}

/** One layer: the name of its function, and its arguments. */
export interface LayerCall {
  readonly name:
    | "randomFlip"
    | "randomRotation"
    | "randomTranslation"
    | "randomZoom"
    | "randomBrightness"
    | "randomContrast";
  readonly args: readonly (string | number | { readonly fillMode: Fill })[];
}

/** The layers that do something, in their order. */
export function layersOf(settings: Settings): readonly LayerCall[] {
  const { flip, fill, rotation, translation, zoom, brightness, contrast } = settings;
  const around = fill === "reflect" ? [] : [{ fillMode: fill }];
  const flips = flip === "both" ? "horizontal_and_vertical" : flip;
  const all: readonly (readonly [does: boolean, LayerCall])[] = [
    [flip !== "none", { name: "randomFlip", args: [flips] }],
    [rotation > 0, { name: "randomRotation", args: [rotation, ...around] }],
    [translation > 0, { name: "randomTranslation", args: [translation, translation, ...around] }],
    [zoom > 0, { name: "randomZoom", args: [zoom, ...around] }],
    [brightness > 0, { name: "randomBrightness", args: [brightness] }],
    [contrast > 0, { name: "randomContrast", args: [contrast] }],
  ];
  return all.flatMap(([does, layer]) => (does ? [layer] : []));
}
