// Images that show next to nothing: nearly black, nearly white or of one colour. They may be right, and are more often
// frames that were never exposed, masks, blank scans, or values that a conversion has pressed together.

import type { DecodedImage } from "./decoders/index.js";
import { channelsOf, colorOf, convertColor } from "./pixels.js";

/** The share of the pixels that may lie outside: single hot pixels, but no dot of a pen. */
const OUTSIDE = 0.0005;
/** Values so close together are one colour to the eye. */
const NARROW = 8;
const NEARLY_BLACK = 16;
const NEARLY_WHITE = 255 - NEARLY_BLACK;

/** Describes a nearly constant image in words; `undefined` for one that shows something. */
export function describeFlatness(image: DecodedImage): string | undefined {
  const color = colorOf(image);
  const channels = channelsOf(color);
  const { data } = convertColor(image, color);
  const ranges = Array.from({ length: channels }, (_, channel) => rangeOf(data, channel, channels));
  if (ranges.some(({ low, high }) => high - low > NARROW)) return undefined;
  const low = Math.min(...ranges.map((range) => range.low));
  const high = Math.max(...ranges.map((range) => range.high));
  const look = high <= NEARLY_BLACK ? "nearly black" : low >= NEARLY_WHITE ? "nearly white" : "nearly of one colour";
  const values = low === high ? `all its values are ${low}` : `its values lie between ${low} and ${high}`;
  return `${look}: ${values} of 255${whyFlat(image)}`;
}

/** Frequent cause of flatness, or an empty text. */
function whyFlat({ depth, mode }: DecodedImage): string {
  if (depth === 16) return ", after its 16 bits were reduced to 8; stretch its values and save it again";
  if (mode === "LA" || mode === "RGBA") return "; its picture may be in its transparency, which is not read";
  return "";
}

/** The range of the values of a channel without the extreme ones, half of `OUTSIDE` on each side. */
function rangeOf(data: Uint8Array, channel: number, channels: number): { readonly low: number; readonly high: number } {
  const counts = new Uint32Array(256);
  for (let i = channel; i < data.length; i += channels) counts[data[i]!]!++;
  const spare = Math.floor(((data.length / channels) * OUTSIDE) / 2);
  let [low, high] = [0, 255];
  for (let seen = counts[low]!; seen <= spare && low < 255; seen += counts[low]!) low++;
  for (let seen = counts[high]!; seen <= spare && high > 0; seen += counts[high]!) high--;
  return { low, high };
}
