// Copies: images with the same bytes, or with the same pixels in another file. Within one part and class they count twice;
// across parts or groups they make figures too good, which is a leak; in two classes one label must be wrong.
import type { FindingKind } from "../../../data/index.js";
import { keyOfLabel } from "../../journal/standing.js";
import type { Check, CheckName, HealthFinding, Mend } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { filesOf, joinedNames, partWord } from "../words.js";

/** Images that show the same picture. */
export interface CopyGroup {
  readonly images: readonly number[];
  /** What they have in common: "have the same bytes". */
  readonly alike: string;
  readonly kind: FindingKind;
  readonly check: CheckName;
}

/** Images with the same pixels, of which those that differ in bytes differ in metadata or format only. */
export function copyGroups({ used, looks }: HealthSubject): CopyGroup[] {
  const groups = new Map<string, number[]>();
  for (const index of used) {
    const key = looks.pixelHashes[index]!;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((images) => {
      const isSameBytes = new Set(images.map((index) => looks.hashes[index])).size === 1;
      const alike = isSameBytes ? "have the same bytes" : "have the same pixels in files of other bytes";
      return { images, alike, kind: "copy", check: "copies" };
    });
}

/** What a group of copies straddles. */
type Across = "labels" | "parts" | "groups" | undefined;

function acrossOf({ images }: HealthSubject, group: readonly number[]): Across {
  const differ = (told: (index: number) => string | undefined): boolean => new Set(group.map(told)).size > 1;
  const hasLabels = group.every((index) => images[index]!.label !== undefined);
  if (hasLabels && differ((index) => keyOfLabel(images[index]!.label!))) return "labels";
  if (differ((index) => images[index]!.part)) return "parts";
  return differ((index) => images[index]!.group) ? "groups" : undefined;
}

/** Findings of groups that lie in one part, class and group. */
export const plainFindings = (subject: HealthSubject, groups: readonly CopyGroup[]): HealthFinding[] =>
  groups
    .filter(({ images }) => acrossOf(subject, images) === undefined)
    .map(({ images, alike, kind, check }) => ({
      check,
      kind,
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images ${alike}: ${filesOf(subject, images).join(", ")}`,
      remedy: "each counts as often as it occurs; keep one of them, unless that is meant",
      mend: allButFirst(subject, images),
    }));

/** Findings of groups across parts or groups, and of those in two classes. */
export const leakFindings = (subject: HealthSubject, groups: readonly CopyGroup[]): HealthFinding[] =>
  groups.flatMap((group) => {
    const across = acrossOf(subject, group.images);
    return across === undefined ? [] : [LEAKS[across](subject, group)];
  });

const LEAKS: Readonly<Record<Exclude<Across, undefined>, (subject: HealthSubject, group: CopyGroup) => HealthFinding>> =
  {
    labels: (subject, { images, alike }) => ({
      check: "leaks",
      kind: "label",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images ${alike} and have different labels: ${images.map((index) => `${subject.images[index]!.file} (${labelText(subject, index)})`).join(", ")}`,
      remedy: "no model can be right about all of them; correct the wrong label, or leave them out",
      mend: { leaveOut: images, fileOnly: false },
    }),
    parts: (subject, { images, alike }) => ({
      check: "leaks",
      kind: "leak",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images in ${joinedNames(partsOf(subject, images).map(partWord))} ${alike}: ${filesOf(subject, images).join(", ")}`,
      remedy: `the ${partWord(partsOf(subject, images).at(-1)!)} figures are better than on new images; keep one of them`,
      mend: allButFirst(subject, images),
    }),
    groups: (subject, { images, alike }) => ({
      check: "leaks",
      kind: "leak",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images of different groups ${alike}: ${images.map((index) => `${subject.images[index]!.file} (group ${subject.images[index]!.group})`).join(", ")}`,
      remedy:
        "groups are kept apart so that no picture is on both sides of a split; give the images one group, or keep one of them",
      mend: allButFirst(subject, images),
    }),
  };

const labelText = ({ images }: HealthSubject, index: number): string => {
  const { label } = images[index]!;
  return typeof label === "string" ? label : JSON.stringify(label);
};

/** Parts in the order of use. */
const PART_ORDER = ["train", "validation", "test"];
const rankOf = (part: string | undefined): number => PART_ORDER.indexOf(part ?? "");

function partsOf({ images }: HealthSubject, group: readonly number[]): string[] {
  const parts = new Set(group.map((index) => images[index]!.part ?? "no part"));
  return [...parts].sort((a, b) => rankOf(a) - rankOf(b));
}

/**
 * Leaves out all but one: that of the part which judges, so that figures stay comparable with older ones; of several the
 * largest, and of these the first.
 */
export function allButFirst(subject: HealthSubject, group: readonly number[]): Mend {
  const { images, looks } = subject;
  const area = (index: number): number => looks.heights[index]! * looks.widths[index]!;
  const [, ...others] = [...group].sort(
    (a, b) => rankOf(images[b]!.part) - rankOf(images[a]!.part) || area(b) - area(a) || a - b,
  );
  return { leaveOut: others.sort((a, b) => a - b), fileOnly: true };
}

export const copies: Check = {
  name: "copies",
  title: "Copies",
  method: "SHA-256 of the files and of the upright pixels",
  kinds: ["copy"],
  needs: [],
  run: (subject) => plainFindings(subject, copyGroups(subject)),
};

export const leaks: Check = {
  name: "leaks",
  title: "Copies across parts, groups and labels",
  method: "copies and near copies whose part, group or label differs",
  kinds: ["leak", "label"],
  needs: [],
  run: (subject) => leakFindings(subject, copyGroups(subject)),
};
