// Maps and regions of evidence, which methods give in the order of stored rows and columns, turned as the picture is shown.
import { type ImageHeader, type Orientation, turnUpright } from "../data/index.js";
import type { Evidence, EvidenceMap, Region } from "./record/evidence.js";

/**
 * Evidence with its maps and regions turned upright.
 * @param stored size of the image as stored; regions of an image whose size is unknown stay as they are
 */
export function upright<T extends Evidence>(
  evidence: T,
  stored: Pick<ImageHeader, "width" | "height"> | undefined,
  orientation: Orientation,
): T {
  if (orientation === 1) return evidence;
  const { map, maps, regions } = evidence;
  return {
    ...evidence,
    ...(map && { map: turnedMap(map, orientation) }),
    ...(maps && { maps: maps.map((further) => turnedMap(further, orientation)) }),
    ...(regions && stored && { regions: regions.map((region) => turnedRegion(region, stored, orientation)) }),
  };
}

function turnedMap(map: EvidenceMap, orientation: Orientation): EvidenceMap {
  const { height, width, values } = map;
  const turned = turnUpright({ height, width, channels: 1, data: values }, orientation);
  return { ...map, height: turned.height, width: turned.width, values: turned.data };
}

/** Orientations that mirror columns, that mirror rows, and that change rows for columns after that (EXIF 2.32, 0x0112). */
const MIRRORS_X: readonly Orientation[] = [2, 3, 7, 8];
const MIRRORS_Y: readonly Orientation[] = [3, 4, 6, 7];
const SWAPS: readonly Orientation[] = [5, 6, 7, 8];

function turnedRegion(region: Region, stored: Pick<ImageHeader, "width" | "height">, orientation: Orientation): Region {
  const x = MIRRORS_X.includes(orientation) ? stored.width - region.x - region.width : region.x;
  const y = MIRRORS_Y.includes(orientation) ? stored.height - region.y - region.height : region.y;
  if (!SWAPS.includes(orientation)) return { ...region, x, y };
  return { ...region, x: y, y: x, width: region.height, height: region.width };
}
