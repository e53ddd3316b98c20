// A check of images: what it looks for, what it needs, and what it finds. checks.ts has all of them in a total table.
import type { Finding, FindingKind } from "../../data/index.js";
import type { JournalLabel } from "../journal/entries.js";
import type { HealthSubject } from "./subject.js";

export const CHECK_NAMES = [
  "undecodable",
  "layout",
  "copies",
  "leaks",
  "bursts",
  "small-classes",
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
export type Need = "parts or groups" | "parts" | "classes" | "numbers" | "EXIF times";

/** What `--fix` writes for a finding: into the label journal, nothing else. */
export type Mend =
  | {
      /** Images that are left out. */
      readonly leaveOut: readonly number[];
      /** True where the files of these paths are meant and not all with the same bytes, of which one stays. */
      readonly fileOnly: boolean;
    }
  | {
      readonly relabel: number;
      readonly to: JournalLabel;
    };

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
  readonly needs: readonly Need[];
  run(subject: HealthSubject): Promise<readonly HealthFinding[]> | readonly HealthFinding[];
}
