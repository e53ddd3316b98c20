// Copies: images with the same bytes or pixels, and near copies by PDQ. Within one part and class they count twice; across
// parts or groups they make figures too good, which is a leak; in two classes one label must be wrong.
import { IMAGE_WORDS, NEAR_THRESHOLD, type NearPair, nearPairs, type TurnName } from "../../../data/index.js";
import { keyOfLabel } from "../../journal/standing.js";
import type { Check, HealthFinding, Mend } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { filesOf, joinedNames, labelText, partWord } from "../words.js";

/** Images that show the same picture. */
export interface CopyGroup {
  readonly images: readonly number[];
  /** Words for what they have in common: "are the same, byte for byte". */
  readonly alike: string;
  readonly check: "copies" | "near-copies";
}

/** Images with the same pixels, of which those that differ in bytes differ in metadata or format only. */
export function copyGroups({ used, looks }: HealthSubject): CopyGroup[] {
  const groups = new Map<string, number[]>();
  for (const index of used) {
    const key = looks.prints.pixels[index]!;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((images) => {
      const isSameBytes = new Set(images.map((index) => looks.hashes[index])).size === 1;
      const alike = isSameBytes ? "are the same, byte for byte" : "have the same pixels, in files that differ";
      return { images, alike, check: "copies" };
    });
}

const nearOf = new WeakMap<HealthSubject, Promise<NearPair[]>>();

/** Pairs of images that show nearly the same picture, by their numbers; found once for all checks of a subject. */
export function nearPairsOf(subject: HealthSubject): Promise<NearPair[]> {
  const known = nearOf.get(subject) ?? findNearPairs(subject);
  nearOf.set(subject, known);
  return known;
}

async function findNearPairs(subject: HealthSubject): Promise<NearPair[]> {
  const { looks, used, onProgress } = subject;
  // Of images with the same pixels the first stands for all.
  const first = new Map<string, number>();
  for (const index of used) if (!first.has(looks.prints.pixels[index]!)) first.set(looks.prints.pixels[index]!, index);
  const compared = [...first.values()];
  const hashes = new Uint32Array(compared.length * IMAGE_WORDS);
  for (const [row, index] of compared.entries())
    hashes.set(looks.prints.hashes.subarray(index * IMAGE_WORDS, (index + 1) * IMAGE_WORDS), row * IMAGE_WORDS);
  const qualities = Uint8Array.from(compared, (index) => looks.prints.qualities[index]!);
  const pairs = await nearPairs(
    { hashes, qualities },
    { onProgress: (done, total) => onProgress?.("near-copies", done, total) },
  );
  return pairs.map((pair) => ({ ...pair, first: compared[pair.first]!, second: compared[pair.second]! }));
}

/** Images that show nearly the same picture. */
const nearGroups = async (subject: HealthSubject): Promise<CopyGroup[]> => joinedPairs(await nearPairsOf(subject));

/** Pairs that share images, joined to groups. */
function joinedPairs(pairs: readonly NearPair[]): CopyGroup[] {
  const parent = new Map<number, number>();
  const rootOf = (image: number): number => {
    let root = image;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    if (a !== b) parent.set(Math.max(a, b), Math.min(a, b));
  }
  const groups = new Map<number, { readonly members: Set<number>; readonly pairs: NearPair[] }>();
  for (const pair of pairs) {
    const root = rootOf(pair.first);
    const group = groups.get(root) ?? { members: new Set<number>(), pairs: [] };
    group.members.add(pair.first).add(pair.second);
    group.pairs.push(pair);
    groups.set(root, group);
  }
  return [...groups.values()].map(({ members, pairs: of }) => ({
    images: [...members].sort((a, b) => a - b),
    alike: `show nearly the same picture${turnWords(of)} (their PDQ hashes differ in ${distanceWords(of)} of 256 bits)`,
    check: "near-copies",
  }));
}

const TURN_WORDS: Readonly<Record<TurnName, string>> = {
  upright: "",
  "turned-90": "turned",
  "turned-180": "turned",
  "turned-270": "turned",
  flipped: "upside down",
  mirrored: "mirrored",
  transposed: "turned and mirrored",
  transversed: "turned and mirrored",
};

function turnWords(pairs: readonly NearPair[]): string {
  const words = new Set(pairs.map(({ turn }) => TURN_WORDS[turn]).filter((word) => word !== ""));
  return words.size === 0 ? "" : `, ${joinedNames([...words])}`;
}

function distanceWords(pairs: readonly NearPair[]): string {
  const distances = pairs.map(({ distance }) => distance).sort((a, b) => a - b);
  const [low, high] = [distances[0]!, distances.at(-1)!];
  return low === high ? String(low) : `${low} to ${high}`;
}

/** The fact by which the images of a group differ. */
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
    .map(({ images, alike, check }) => ({
      check,
      kind: check === "copies" ? "copy" : "near-copy",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images ${alike}: ${filesOf(subject, images).join(", ")}`,
      remedy: "each counts as often as it occurs; keep one of them, unless that is meant",
      mend: keepOne(subject, images),
    }));

/** Findings of groups across parts or groups, and of those in two classes. */
export const leakFindings = (subject: HealthSubject, groups: readonly CopyGroup[]): HealthFinding[] =>
  groups.flatMap((group) => {
    const across = acrossOf(subject, group.images);
    return across === undefined ? [] : [LEAKS[across](subject, group)];
  });

const LEAKS: Readonly<Record<Exclude<Across, undefined>, (subject: HealthSubject, group: CopyGroup) => HealthFinding>> =
  {
    labels: (subject, { images, alike, check }) => ({
      check: "leaks",
      kind: "label",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images with different labels ${alike}: ${images.map((index) => `${subject.images[index]!.file} (${labelText(subject.images[index]!.label ?? [])})`).join(", ")}`,
      remedy: "no model can be right about all of them; correct the wrong label, or leave them out",
      ...(check === "copies" ? { mend: { way: "leave-out" as const, images } } : {}),
    }),
    parts: (subject, { images, alike }) => ({
      check: "leaks",
      kind: "leak",
      severity: "warning",
      files: filesOf(subject, images),
      images,
      evidence: `${images.length} images in ${joinedNames(partsOf(subject, images).map(partWord))} ${alike}: ${filesOf(subject, images).join(", ")}`,
      remedy: `the ${partWord(partsOf(subject, images).at(-1)!)} figures are better than on new images; keep one of them`,
      mend: keepOne(subject, images),
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
      mend: keepOne(subject, images),
    }),
  };

/** Parts in the order of use. */
const PART_ORDER = ["train", "validation", "test"];
const rankOf = (part: string | undefined): number => PART_ORDER.indexOf(part ?? "");

function partsOf({ images }: HealthSubject, group: readonly number[]): string[] {
  const parts = new Set(group.map((index) => images[index]!.part ?? "no part"));
  return [...parts].sort((a, b) => rankOf(a) - rankOf(b));
}

/**
 * Keeps one of images that show the same picture: that of the part which judges, so that figures stay comparable with older
 * ones; of several the largest, and of these the first.
 */
export function keepOne({ images, looks }: HealthSubject, group: readonly number[]): Mend {
  const area = (index: number): number => looks.heights[index]! * looks.widths[index]!;
  const better = (a: number, b: number): number =>
    rankOf(images[b]!.part) - rankOf(images[a]!.part) || area(b) - area(a) || a - b;
  return { way: "keep-one", images: [...group].sort(better) };
}

export const copies: Check = {
  name: "copies",
  title: "Copies",
  method: "SHA-256 of the files and of the upright pixels",
  kinds: ["copy"],
  collects: ["pixels"],
  needs: [],
  run: (subject) => plainFindings(subject, copyGroups(subject)),
};

export const nearCopies: Check = {
  name: "near-copies",
  title: "Near copies",
  method:
    `PDQ hashes (Facebook 2019) of all turns and mirror images that differ in ${NEAR_THRESHOLD} of 256 bits at most, the ` +
    "threshold of its authors",
  kinds: ["near-copy"],
  collects: ["pdq", "pixels"],
  needs: [],
  run: async (subject) => plainFindings(subject, await nearGroups(subject)),
};

export const leaks: Check = {
  name: "leaks",
  title: "Copies across parts, groups and labels",
  method: "copies and near copies whose part, group or label differs",
  kinds: ["leak", "label"],
  collects: ["pdq", "pixels"],
  needs: [],
  run: async (subject) => leakFindings(subject, [...copyGroups(subject), ...(await nearGroups(subject))]),
};
