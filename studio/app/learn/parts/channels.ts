// Channels of a picture: their names, the one that a page shows, the bytes in them.

import type { Cell } from "../../pixel-grid/cells.ts";
import type { PictureFacts } from "../engine/pictures.ts";
import { among, type State } from "./among.ts";

export const CHANNELS = ["red", "green", "blue"] as const;
/** All channels as one picture, or one of them. */
export const SHOWN = ["colour", ...CHANNELS] as const;
export type Shown = (typeof SHOWN)[number];

export const channelNames = (channels: number): readonly string[] => (channels === 3 ? CHANNELS : ["grey"]);

/** The channel that is shown, from 0; -1 for all together. A grey picture shows its only one. */
export function shownChannel({ show }: State, channels: number, fallback: Shown = "colour"): number {
  return channels === 3 ? SHOWN.indexOf(among(SHOWN, show, fallback)) - 1 : 0;
}

/** A byte of a picture; undefined beyond its edge. */
export function byteAt(picture: PictureFacts, { row, column }: Cell, channel: number): number | undefined {
  const { width, height, channels, data } = picture;
  const isInside = row >= 0 && row < height && column >= 0 && column < width;
  return isInside ? data[channels * (row * width + column) + channel] : undefined;
}
