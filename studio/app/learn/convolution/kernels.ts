// Kernels as the address has them: a preset by its name, or slices of weights, `1,0,-1;...`, one per channel. A kernel of
// another size is cut or padded around its middle; one slice alone stands for all channels.

/** Weights as they were typed, such as `1/9`: one square slice a channel. */
export type Slices = readonly (readonly string[])[];

/** A kernel that has a name. */
export interface Preset {
  readonly title: string;
  readonly size: number;
  readonly slices: Slices;
}

const preset = (title: string, ...slices: readonly string[]): Preset => {
  const weights = slices.map((slice) => slice.split(" "));
  return { title, size: Math.sqrt(weights[0]!.length), slices: weights };
};

export const PRESETS = {
  identity: preset("Identity", "0 0 0 0 1 0 0 0 0"),
  blur: preset("Blur", "1/9 1/9 1/9 1/9 1/9 1/9 1/9 1/9 1/9"),
  sharpen: preset("Sharpen", "0 -1 0 -1 5 -1 0 -1 0"),
  edges: preset("Edges", "-1 -1 -1 -1 8 -1 -1 -1 -1"),
  sobel: preset("Sobel, vertical edges", "-1 0 1 -2 0 2 -1 0 1"),
  "sobel-horizontal": preset("Sobel, horizontal edges", "-1 -2 -1 0 0 0 1 2 1"),
  emboss: preset("Emboss", "-2 -1 0 -1 1 1 0 1 2"),
  yellow: preset("Yellow detector, 1 by 1", "1", "1", "-1"),
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;

export const isPreset = (text: string): text is PresetName => Object.hasOwn(PRESETS, text);

/** Kernels of the filters for which the address names none. */
export const FIRST_KERNELS = ["edges", "sobel", "sobel-horizontal", "blur"] as const satisfies readonly PresetName[];

/** A weight as a number: `-1`, `0.5`, `1/9`; undefined for what is none. */
export function weightOf(text: string): number | undefined {
  const [above = "", below = "1", ...more] = text.trim().replace("−", "-").replace(",", ".").split("/");
  const value = Number(above) / Number(below);
  return above.trim() !== "" && more.length === 0 && Number.isFinite(value) ? value : undefined;
}

/** Reads a kernel of the address as it was written. */
function slicesOf(text: string): Slices {
  if (isPreset(text)) return PRESETS[text].slices;
  const slices = text.split(";").map((slice) => slice.split(","));
  const isSquare = slices.every((slice) => Number.isInteger(Math.sqrt(slice.length)) && slice.length < 50);
  const isWhole = slices.flat().every((weight) => weightOf(weight) !== undefined);
  return isSquare && isWhole && slices.length <= 3 ? slices : PRESETS.identity.slices;
}

export const textOf = (slices: Slices): string => slices.map((slice) => slice.join(",")).join(";");

/** True where one slice stands for all channels. */
export const isShared = (text: string): boolean => slicesOf(text).length === 1;

/** A kernel for a layer of `size` and `channels`. */
export function kernelOf(text: string, size: number, channels: number): Slices {
  const slices = slicesOf(text);
  return Array.from({ length: channels }, (_, channel) => resized(slices[channel] ?? slices.at(-1)!, size));
}

function resized(slice: readonly string[], size: number): readonly string[] {
  const before = Math.sqrt(slice.length);
  const shift = Math.trunc((before - size) / 2);
  return Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size) + shift, (i % size) + shift];
    const isInside = row >= 0 && row < before && column >= 0 && column < before;
    return isInside ? slice[row * before + column]! : "0";
  });
}
