// All checks, in one total table, in the order in which their findings are told. To add one: its name in check.ts, its record
// in checks/, its line here.
import { CHECK_NAMES, type Check, type CheckName } from "./check.js";
import { borders, screens } from "./checks/borders.js";
import { copies, leaks, nearCopies } from "./checks/copies.js";
import { crops } from "./checks/crops.js";
import { layout, undecodable } from "./checks/files.js";
import { labels } from "./checks/labels.js";
import { bursts, metadata } from "./checks/photos.js";
import { blurred, bright, contrast, dark, flat } from "./checks/pictures.js";
import { shifts } from "./checks/shifts.js";
import { colours, sizes, smallClasses, turned } from "./checks/sizes.js";
import { targets } from "./checks/targets.js";

/** All checks by their names, in the order in which findings are listed. */
export const CHECKS: { readonly [K in CheckName]: Check } = {
  undecodable,
  layout,
  leaks,
  bursts,
  copies,
  "near-copies": nearCopies,
  crops,
  "small-classes": smallClasses,
  labels,
  targets,
  shifts,
  dark,
  bright,
  flat,
  contrast,
  blurred,
  sizes,
  turned,
  colours,
  borders,
  screens,
  metadata,
};

export { CHECK_NAMES };

/** Checks that train no model: they take as long as decoding the images. */
export const PICTURE_CHECKS: readonly CheckName[] = CHECK_NAMES.filter(
  (name) => name !== "labels" && name !== "targets",
);
