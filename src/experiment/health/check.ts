// A check of images: what it looks for, what it needs, and what it finds. checks.ts has all of them in a total table.
import type { CollectorName, Finding, FindingKind } from "../../data/index.js";
import type { JournalLabel } from "../journal/entries.js";
import type { HealthSubject } from "./subject.js";

export const CHECK_NAMES = [
  "undecodable",
  "layout",
  "copies",
  "near-copies",
  "crops",
  "leaks",
  "bursts",
  "small-classes",
  "labels",
  "targets",
  "dark",
  "bright",
  "flat",
  "contrast",
  "blurred",
  "sizes",
  "turned",
  "colours",
  "borders",
  "screens",
  "shifts",
  "metadata",
] as const;

/** Name of a check, as `--checks` and JSON have it. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** Properties of a source that a check cannot do without. */
export type Need = "parts or groups" | "classes" | "classes to judge" | "numbers to judge" | "EXIF times";

/** Entries that `--fix` writes for a finding: into the label journal, nothing else. */
export type Mend =
  /** Leaves images out. */
  | { readonly way: "leave-out"; readonly images: readonly number[] }
  /** Leaves out all but one of images that show the same picture, the best of which comes first. */
  | { readonly way: "keep-one"; readonly images: readonly number[] }
  /** Gives an image another label. */
  | { readonly way: "relabel"; readonly image: number; readonly to: JournalLabel };

/** A finding with the images that show it. */
export interface HealthFinding extends Finding {
  readonly check: CheckName;
  /** Numbers of the images in the subject, those that belong together side by side. */
  readonly images: readonly number[];
  readonly mend?: Mend;
}

/** A check. */
export interface Check {
  readonly name: CheckName;
  /** Heading of its findings: `Near copies`. */
  readonly title: string;
  /** A sentence on what it compares with what, its threshold and its source. */
  readonly method: string;
  readonly kinds: readonly FindingKind[];
  /** Facts that the pass over the images collects for it, beside sizes, modes and the hashes of files. */
  readonly collects: readonly CollectorName[];
  readonly needs: readonly Need[];
  run(subject: HealthSubject): Promise<readonly HealthFinding[]> | readonly HealthFinding[];
}
