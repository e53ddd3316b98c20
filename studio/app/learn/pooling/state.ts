// The state of the page of pooling, as the address has it.

import type { Cell } from "../../pixel-grid/cells.ts";
import { among, amongNumbers, type State } from "../parts/among.ts";
import { type PictureSettings, pictureSettingsIn } from "../parts/picture-settings.ts";
import { PADDINGS, type Padding } from "../parts/window.ts";

export const FALLBACK = "ghost";
/** The output that is looked at first. */
export const FIRST_OUTPUT: Cell = { row: 3, column: 2 };
export const SIZES = [2, 3, 4, 8, 16] as const;
/** The stride is the window's size unless it is one of these. */
export const STRIDES = [1, 2, 3, 4] as const;
export const KINDS = ["max", "average"] as const;

export interface Settings extends PictureSettings {
  readonly kind: (typeof KINDS)[number];
  readonly size: number;
  readonly stride: number;
  /** True where the stride follows the window's size. */
  readonly follows: boolean;
  readonly padding: Padding;
}

export function settingsIn(state: State): Settings {
  const picture = pictureSettingsIn(state, FALLBACK);
  const size = amongNumbers(SIZES, state.size, 2);
  const stride = amongNumbers(STRIDES, state.stride, 0);
  return {
    ...picture,
    kind: among(KINDS, state.kind, "max"),
    size,
    stride: stride || size,
    follows: stride === 0,
    padding: among(PADDINGS, state.padding, "valid"),
  };
}
