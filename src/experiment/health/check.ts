// A check of images: what it looks for, what it needs, and what it finds. checks.ts has all of them in a total table.
import type { CollectorName, Finding, FindingKind } from "../../data/index.js";
import type { JournalLabel } from "../journal/entries.js";
import type { HealthSubject } from "./subject.js";

/** Names of all checks, as `--checks` takes them. */
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
  | {
      /** The kind of the entry: images are left out. */
      readonly way: "leave-out";
      /** Numbers of the images in the subject. */
      readonly images: readonly number[];
    }
  /** Leaves out all but one of images that show the same picture, the best of which comes first. */
  | {
      /** The kind of the entry: one image is kept, the others are left out. */
      readonly way: "keep-one";
      /** Numbers of the images in the subject, the best first. */
      readonly images: readonly number[];
    }
  /** Gives an image another label. */
  | {
      /** The kind of the entry: a label is changed. */
      readonly way: "relabel";
      /** Number of the image in the subject. */
      readonly image: number;
      /** The label that it gets. */
      readonly to: JournalLabel;
    };

/** A finding with the images that show it. */
export interface HealthFinding extends Finding {
  /** Name of the check that made the finding. */
  readonly check: CheckName;
  /** Numbers of the images in the subject, those that belong together side by side. */
  readonly images: readonly number[];
  /** Entries of the label journal that would mend it; absent where only a person can. */
  readonly mend?: Mend;
}

/** A check. */
export interface Check {
  /** Name of the check, as `--checks` takes it. */
  readonly name: CheckName;
  /** Heading of its findings: `Near copies`. */
  readonly title: string;
  /** A sentence on what it compares with what, its threshold and its source. */
  readonly method: string;
  /** Kinds of the findings that it can make. */
  readonly kinds: readonly FindingKind[];
  /** Facts that the pass over the images collects for it, beside sizes, modes and the hashes of files. */
  readonly collects: readonly CollectorName[];
  /** Properties that a source must have; without one of them the check is skipped, with the reason. */
  readonly needs: readonly Need[];
  /**
   * Looks through the images and makes the findings.
   * @param subject images that were looked at, with their parts, groups and labels
   */
  run(subject: HealthSubject): Promise<readonly HealthFinding[]> | readonly HealthFinding[];
}
