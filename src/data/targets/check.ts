// Checks of targets before a split: what occurs once can be trained on or judged by, and not both.
import { FoveaError } from "../../core/errors.js";
import { listedNames } from "../messages.js";
import { checkClassesForSplit } from "../split/train-test.js";
import type { Targets } from "./targets.js";

/**
 * Throws where a class or a label has a single image, which a split would leave in one part only.
 * @param where the source, for messages
 * @param targets The targets of all images.
 * @throws FoveaError that names the classes or labels of a single image.
 * @example
 * checkTargetsForSplit("pets", { kind: "classes", classNames: ["cat", "dog"], indices: Int32Array.of(0, 0, 1, 1) }); // nothing: each has two
 */
export function checkTargetsForSplit(where: string, targets: Targets): void {
  if (targets.kind === "classes") checkClassesForSplit(targets.indices, targets.classNames);
  if (targets.kind !== "labels") return;
  const { labelNames, values } = targets;
  const counts = new Int32Array(labelNames.length);
  for (const [at, value] of values.entries()) counts[at % labelNames.length]! += value;
  const single = labelNames.filter((_, label) => counts[label] === 1);
  if (single.length === 0) return;
  throw new FoveaError(
    "too-little-data",
    `${where}: ${single.length === 1 ? `the label ${single[0]} occurs` : `${single.length} labels occur`} once only` +
      `${single.length === 1 ? "" : `: ${listedNames(single)}`}; a split into training and validation needs at least two images ` +
      "of each: add images, or remove the label",
  );
}
