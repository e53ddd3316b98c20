// The state of the page of convolution, as the address has it.

import type { Cell } from "../../pixel-grid/cells.ts";
import { among, amongNumbers, type State } from "../parts/among.ts";
import { type PictureSettings, pictureSettingsIn } from "../parts/picture-settings.ts";
import { PADDINGS, type Padding } from "../parts/window.ts";
import { FIRST_KERNELS, kernelOf, type Slices, weightOf } from "./kernels.ts";

export const FALLBACK = "left";
/** The output that is looked at first. */
export const FIRST_OUTPUT: Cell = { row: 3, column: 6 };
export const SIZES = [1, 3, 5] as const;
export const STRIDES = [1, 2, 3] as const;
export const FILTER_COUNTS = [1, 2, 3, 4] as const;

export interface Filter {
  /** The kernel as the address has it. */
  readonly text: string;
  readonly slices: Slices;
  readonly bias: number;
}

/** All that the page computes from. */
export interface Settings extends PictureSettings {
  readonly size: number;
  readonly stride: number;
  readonly padding: Padding;
  readonly relu: boolean;
  readonly filters: readonly Filter[];
  /** The filter that is looked at, from 0. */
  readonly filter: number;
}

export function settingsIn(state: State): Settings {
  const picture = pictureSettingsIn(state, FALLBACK);
  const size = amongNumbers(SIZES, state.size, 3);
  const count = amongNumbers(FILTER_COUNTS, state.filters, 1);
  return {
    ...picture,
    size,
    stride: amongNumbers(STRIDES, state.stride, 1),
    padding: among(PADDINGS, state.padding, "valid"),
    relu: state.relu === "1",
    filters: Array.from({ length: count }, (_, filter) => filterIn(state, filter, size, picture.channels)),
    filter: Math.min(amongNumbers(FILTER_COUNTS, state.filter, 1), count) - 1,
  };
}

/** Names of a filter's kernel and bias in the address. */
export const kernelName = (filter: number): string => `k${filter + 1}`;
export const biasName = (filter: number): string => `b${filter + 1}`;

function filterIn(state: State, filter: number, size: number, channels: number): Filter {
  const text = state[kernelName(filter)] ?? FIRST_KERNELS[filter]!;
  return { text, slices: kernelOf(text, size, channels), bias: weightOf(state[biasName(filter)] ?? "0") ?? 0 };
}

/** The weights of a filter as numbers, slice by slice. */
export const weightsOf = ({ slices }: Filter): readonly (readonly number[])[] =>
  slices.map((slice) => slice.map((weight) => weightOf(weight) ?? 0));
