// Parts that the data bring along: what a manifest's column or the folders of a data set say, checked before it is used.
import { FoveaError } from "../../core/errors.js";
import { listedNames } from "../messages.js";
import { PART_NAMES, type PartName } from "./part-name.js";

/** The word for images that the data put into no part: they train, unless they are held out. */
const OPEN = "left open, to train";

/**
 * Throws where images of one group are in two parts, or some are in validation or test and others left open, and names
 * ten of such groups.
 * @param split the part of each image; undefined for those that are not put into one
 * @param where The source in messages.
 * @param groups The group of each image.
 * @throws FoveaError that names ten groups which are torn.
 * @example checkGroupsWhole("claims.csv", ["train", "train", "test"], ["a", "a", "b"]);
 */
export function checkGroupsWhole(
  where: string,
  split: readonly (PartName | undefined)[],
  groups: readonly string[],
): void {
  const partsOf = new Map<string, Set<PartName | typeof OPEN>>();
  for (const [row, group] of groups.entries()) {
    const part = split[row] ?? OPEN;
    const known = partsOf.get(group);
    if (known === undefined) partsOf.set(group, new Set([part]));
    else known.add(part);
  }
  const trains = (part: PartName | typeof OPEN): boolean => part === "train" || part === OPEN;
  const torn = [...partsOf].filter(([, parts]) => parts.size > 1 && ![...parts].every(trains));
  if (torn.length === 0) return;
  const named = torn.map(
    ([group, parts]) =>
      `${group} (${([...PART_NAMES, OPEN] as const).filter((part) => parts.has(part)).join(" and ")})`,
  );
  throw new FoveaError(
    "impossible-split",
    `${where}: expected each group in one part, found ${torn.length === 1 ? "a group" : `${torn.length} groups`} in several: ` +
      `${listedNames(named)}; put all images of a group into one part`,
  );
}
