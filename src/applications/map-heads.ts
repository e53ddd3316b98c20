// The heads on the maps of a trained base, by the names that recipes have.
import { lraspp } from "./lraspp.js";
import type { MapHead } from "./map-head.js";
import { ttfnetHead } from "./ttfnet.js";

/** The heads on the maps of a trained base, by name. */
export const MAP_HEADS = { lraspp, ttfnet: ttfnetHead } as const satisfies Record<string, MapHead>;
/** A name among `MAP_HEAD_NAMES`. */
export type MapHeadName = keyof typeof MAP_HEADS;
/** The names of heads on maps. */
export const MAP_HEAD_NAMES = Object.keys(MAP_HEADS) as readonly MapHeadName[];
