// Changes of a photo since it was seen before, in words: turned, mirrored, resized, cut, brightened, saved again. Told
// from the turn that matched and from a few facts of both; nothing is decoded.
import type { TurnName } from "../../data/index.js";
import type { WatchEntry } from "./records.js";

/** The facts that a change is told by. */
export type PhotoFacts = Pick<WatchEntry, "width" | "height" | "brightness" | "bytes" | "pixels">;

/** Words for the turn of the checked photo, by the turn that makes it the stored one. */
const TURN_WORDS: Readonly<Record<TurnName, string>> = {
  upright: "",
  "turned-90": "turned by 90° clockwise",
  "turned-180": "turned by 180°",
  "turned-270": "turned by 90° anticlockwise",
  flipped: "mirrored top to bottom",
  mirrored: "mirrored",
  transposed: "mirrored and turned by 90° anticlockwise",
  transversed: "mirrored and turned by 90° clockwise",
};

const SWAPS: ReadonlySet<TurnName> = new Set(["turned-90", "turned-270", "transposed", "transversed"]);

/** Proportions that differ by less may be rounding of whole pixels. */
const SAME_PROPORTIONS = 0.015;
/** Levels of mean luminance that saving again hardly changes. */
const SAME_BRIGHTNESS = 5;

/**
 * The change from a stored photo to the one that is checked.
 * @param turn the turn that makes the checked photo the stored one
 * @returns words, joined by commas: `turned by 180°, resized to 25 %`; `same file` where nothing was changed
 */
export function describeChange(checked: PhotoFacts, stored: PhotoFacts, turn: TurnName): string {
  if (checked.bytes === stored.bytes) return "same file";
  if (checked.pixels === stored.pixels) return "same pixels, other metadata or format";
  const [width, height] = SWAPS.has(turn) ? [stored.height, stored.width] : [stored.width, stored.height];
  const [across, down] = [checked.width / width, checked.height / height];
  const changes = [TURN_WORDS[turn]];
  // A side may be a pixel off.
  const allowed = SAME_PROPORTIONS + 1 / Math.min(checked.width, checked.height, width, height);
  const isSameSize = checked.width === width && checked.height === height;
  if (Math.abs(across / down - 1) > allowed) changes.push("cropped or stretched");
  else if (!isSameSize) changes.push(`resized to ${Math.round(100 * Math.sqrt(across * down))} %`);
  const brighter = checked.brightness - stored.brightness;
  if (Math.abs(brighter) > SAME_BRIGHTNESS) changes.push(brighter > 0 ? "brightened" : "darkened");
  const told = changes.filter((change) => change !== "");
  return told.length > 0 ? told.join(", ") : "saved again";
}
