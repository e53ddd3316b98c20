// The library's checks of pictures on a look: near copies, dark or blurred photos, odd sizes, shifts. Findings of
// look-findings.ts about copies and files are not repeated.
import { type Listing, type Looks, PART_NAMES, type PartName, sentenceOf } from "fovea/data";
import { CHECK_NAMES, type CheckName, type HealthFinding, healthOf, subjectOfLooks } from "fovea/experiment";
import type { LookedAt } from "./look.js";
import type { KnownFinding } from "./look-findings.js";
import { nameHash } from "./name-hash.js";

/** Checks that look-findings.ts makes itself, and those that train models or look at all pairs of parts. */
const TOLD: readonly CheckName[] = ["undecodable", "layout", "copies", "labels", "targets", "crops"];
const CHECKS = CHECK_NAMES.filter((name) => !TOLD.includes(name));

/** Findings of a project's pictures, with the numbers of the images that show them. */
export async function pictureFindings(images: LookedAt, looks: Looks): Promise<KnownFinding[]> {
  if (images.count === 0) return [];
  const listing = listingOf(images);
  const subject = subjectOfLooks({ kind: "images", listing, sentence: "" }, looks);
  const { findings } = await healthOf(subject, CHECKS);
  return findings.filter((finding) => isNew(finding, looks)).map(known);
}

/** Leaks of equal files are told already. */
const isNew = ({ check, images }: HealthFinding, { hashes }: Looks): boolean =>
  check !== "leaks" || new Set(images.map((index) => hashes[index])).size > 1;

const known = (finding: HealthFinding): KnownFinding => ({
  id: `${finding.check}-${nameHash(finding.evidence)}`,
  kind: finding.kind,
  severity: finding.severity,
  sentence: sentenceOf(finding),
  images: finding.images,
});

/** All images of a project as one source, with the labels that the data give. */
function listingOf(images: LookedAt): Listing {
  const numbers = Array.from({ length: images.count }, (_, index) => index);
  const labels = numbers.map((index) => images.labelOf(index));
  const isLabelled = labels.every((label) => label !== undefined);
  return {
    where: "the project",
    images: images.sources.flatMap(({ listing }) => listing.images),
    columns: isLabelled ? { label: labels } : {},
    split: numbers.map((index) => partName(images.partOf(index))),
    findings: [],
  };
}

const partName = (part: string | undefined): PartName | undefined => PART_NAMES.find((name) => name === part);
