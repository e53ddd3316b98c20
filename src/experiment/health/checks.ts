// All checks, in one total table, in the order in which their findings are told. To add one: its name in check.ts, its record
// in checks/, its line here.
import { CHECK_NAMES, type Check, type CheckName } from "./check.js";
import { borders, screens } from "./checks/borders.js";
import { copies, leaks } from "./checks/copies.js";
import { layout, undecodable } from "./checks/files.js";
import { bursts, metadata } from "./checks/photos.js";
import { blurred, bright, contrast, dark, flat } from "./checks/pictures.js";
import { shifts } from "./checks/shifts.js";
import { colours, sizes, smallClasses, turned } from "./checks/sizes.js";

export const CHECKS: { readonly [K in CheckName]: Check } = {
  undecodable,
  layout,
  leaks,
  bursts,
  copies,
  "small-classes": smallClasses,
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
