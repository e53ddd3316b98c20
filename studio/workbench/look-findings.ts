// Faults of a project's images: the library's findings, and those of a look at all images, each with the
// numbers of the images that show it.
import { copyFindings, type Finding, type HashedPart, type Looks, layoutFindings, sentenceOf } from "fovea/data";
import type { FindingFacts } from "../contract/data-facts.js";
import type { LookedAt } from "./look.js";
import { pictureFindings } from "./look-health.js";
import { nameHash } from "./name-hash.js";

/** A finding with the images that show it, those that belong together one after the other. */
export interface KnownFinding extends Omit<FindingFacts, "count" | "examples"> {
  readonly images: readonly number[];
}

const KIND_WORDS = { unreadable: "unreadable", copies: "copies", files: "files" } as const;

/** Findings of all kinds, errors first. */
export async function findingsOf(images: LookedAt, hashes: readonly string[], looks: Looks): Promise<KnownFinding[]> {
  const groups = copiesIn(hashes);
  const found = [
    ...unreadableFindings(images, looks.undecodable),
    ...sourceFindings(images),
    ...(await layoutOf(images)),
    ...copyFindings(hashedParts(images, hashes)).map((finding) => ofCopies(finding, groups, images)),
    ...copiesOfOneKind(groups, images),
    ...strayFiles(images),
    ...(await pictureFindings(images, looks)),
  ];
  return found.sort((a, b) => Number(a.severity !== "error") - Number(b.severity !== "error"));
}

const known = (finding: Finding, images: readonly number[]): KnownFinding => ({
  id: `${finding.kind}-${nameHash(finding.evidence)}`,
  kind: finding.kind,
  severity: finding.severity,
  sentence: sentenceOf(finding),
  images,
});

/** Images in groups of the same bytes, those of two and more. */
function copiesIn(hashes: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, hash] of hashes.entries()) {
    if (hash === "") continue;
    const group = groups.get(hash);
    if (group === undefined) groups.set(hash, [index]);
    else group.push(index);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

type Told = (index: number) => string | undefined;

const differ = (group: readonly number[], told: Told): boolean => new Set(group.map(told)).size > 1;

/** The images of a finding of copies: across parts for a leak, across classes for a label. */
function ofCopies(finding: Finding, groups: readonly number[][], images: LookedAt): KnownFinding {
  const told: Told = (index) => (finding.kind === "leak" ? images.partOf(index) : images.labelOf(index));
  return known(finding, groups.filter((group) => differ(group, told)).flat());
}

function copiesOfOneKind(groups: readonly number[][], images: LookedAt): KnownFinding[] {
  const plain = groups.filter(
    (group) => !differ(group, (index) => images.partOf(index)) && !differ(group, (index) => images.labelOf(index)),
  );
  if (plain.length === 0) return [];
  const copies = plain.flat().length;
  return [
    {
      id: `${KIND_WORDS.copies}-${nameHash(String(copies))}`,
      kind: KIND_WORDS.copies,
      severity: "warning",
      sentence:
        `${copies} images are copies of one another, byte for byte, within one class and part; ` +
        "each counts as often as it occurs, so keep one of each unless that is meant.",
      images: plain.flat(),
    },
  ];
}

function unreadableFindings(
  images: LookedAt,
  unreadable: ReadonlyMap<number, { readonly reason: string }>,
): KnownFinding[] {
  const [first] = [...unreadable].sort(([a], [b]) => a - b);
  if (first === undefined) return [];
  const count = unreadable.size === 1 ? "1 image cannot" : `${unreadable.size} images cannot`;
  return [
    {
      id: `${KIND_WORDS.unreadable}-${unreadable.size}`,
      kind: KIND_WORDS.unreadable,
      severity: "error",
      sentence: `${count} be decoded (${images.fileOf(first[0])}: ${first[1].reason}); leave ${unreadable.size === 1 ? "it" : "them"} out, or save the files again.`,
      images: [...unreadable.keys()].sort((a, b) => a - b),
    },
  ];
}

/** Findings of the sources, with the images whose files or folders they name. */
const sourceFindings = (images: LookedAt): KnownFinding[] =>
  images.sources.flatMap(({ listing }) =>
    listing.findings.map((finding) => known(finding, imagesNamed(images, finding.files))),
  );

async function layoutOf(images: LookedAt): Promise<KnownFinding[]> {
  const folders = images.sources.filter(({ isClassFolders }) => isClassFolders);
  if (folders.length === 0) return [];
  const parts = folders.map(({ name, listing }) => ({
    name,
    folder: listing.where,
    files: listing.images.map(({ path }) => path),
  }));
  return (await layoutFindings(parts)).map((finding) => known(finding, imagesNamed(images, finding.files)));
}

/** Images that are files of these names, or lie in folders of these names. */
function imagesNamed(images: LookedAt, names: readonly string[]): number[] {
  const wanted = new Set(names);
  if (wanted.size === 0) return [];
  const found: number[] = [];
  for (let index = 0; index < images.count; index++) {
    const steps = images.fileOf(index).split("/");
    if (steps.some((_, length) => wanted.has(steps.slice(0, length + 1).join("/")))) found.push(index);
  }
  return found;
}

const MOST_NAMED = 5;

/** Files beside the images that are none. */
function strayFiles(images: LookedAt): KnownFinding[] {
  const problems = images.sources.flatMap(({ listing }) =>
    "problems" in listing ? (listing.problems as readonly { readonly path: string; readonly reason: string }[]) : [],
  );
  if (problems.length === 0) return [];
  const named = problems.slice(0, MOST_NAMED).map(({ path, reason }) => `${path}: ${reason}`);
  const more = problems.length > MOST_NAMED ? `, and ${problems.length - MOST_NAMED} more` : "";
  return [
    {
      id: `${KIND_WORDS.files}-${problems.length}`,
      kind: KIND_WORDS.files,
      severity: "warning",
      sentence: `Files beside the images are not used: ${named.join(", ")}${more}.`,
      images: [],
    },
  ];
}

/** Images of the parts, the one that trains first. */
function hashedParts(images: LookedAt, hashes: readonly string[]): HashedPart[] {
  const parts = new Map<string, { name: string; files: string[]; hashes: string[]; classes: string[] }>();
  for (const [index, hash] of hashes.entries()) {
    if (hash === "") continue;
    const name = images.partOf(index) ?? "all";
    const part = parts.get(name) ?? { name, files: [], hashes: [], classes: [] };
    part.files.push(images.fileOf(index));
    part.hashes.push(hash);
    part.classes.push(images.labelOf(index) ?? "");
    parts.set(name, part);
  }
  return [...parts.values()];
}
