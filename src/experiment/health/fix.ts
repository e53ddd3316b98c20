// Entries that `--fix` writes into the label journal, so that training leaves out copies and takes suggested labels. Files stay
// where they are, and what somebody has decided or taken back before is not decided again.

import type { JournalLabel } from "../journal/entries.js";
import { correct, type JournalImage, type LabelJournalFile } from "../journal/journal-file.js";
import { byImage } from "../journal/standing.js";
import type { CheckName, HealthFinding } from "./check.js";
import { CHECKS } from "./checks.js";
import { type HealthSubject, journalImage } from "./subject.js";

/** An image that is left out, and why. */
export interface PlannedExclusion {
  /** Number of the image in the subject. */
  readonly image: number;
  /** Name of the check that found it. */
  readonly check: CheckName;
  /** Reason for the journal: the finding, at most 1000 characters. */
  readonly why: string;
}

/** An image that gets another label, and why. */
export interface PlannedLabel extends PlannedExclusion {
  /** The label that it gets. */
  readonly to: JournalLabel;
}

/** Entries that would be written. */
export interface FixPlan {
  /** Images that training would leave out, by their numbers. */
  readonly leaveOut: readonly PlannedExclusion[];
  /** Images that would get another label, by their numbers. */
  readonly relabel: readonly PlannedLabel[];
  /** Images about which the journal has an entry already: a finding about them changes nothing. */
  readonly decided: readonly number[];
  /** Number of findings that no entry of a journal can mend. */
  readonly unmended: number;
}

/**
 * Plans the entries for findings. Of copies one is kept; suggested labels come first, so that no image is given a label
 * and left out.
 * @param subject images that were checked
 * @param findings findings of a health check
 * @param checks those whose findings are mended. Default: all
 * @example
 * await saveImage(await loadImage("photo.png"), "copy.png");
 * await writeFile("photos.csv", "path,label\nphoto.png,cat\ncopy.png,cat\n");
 * const subject = await subjectOf(await openSource("photos.csv"));
 * const { findings } = await healthOf(subject, ["copies"]);
 * const plan = planFix(subject, findings); // leaves out one of the two images
 * const done = await writeFix(subject, plan, await openJournal("fix.journal")); // { leftOut: 1, relabelled: 0 }
 */
export function planFix(
  subject: HealthSubject,
  findings: readonly HealthFinding[],
  checks: readonly CheckName[] = findings.map(({ check }) => check),
): FixPlan {
  const wanted = findings.filter(({ check }) => checks.includes(check));
  const decided = decidedImages(subject);
  const left = new Map<number, PlannedExclusion>();
  const labels = new Map<number, PlannedLabel>();
  const seen = new Set<number>();
  const isFree = (image: number): boolean => {
    if (decided.has(image)) seen.add(image);
    return !decided.has(image);
  };
  const note = ({ check, evidence }: HealthFinding) => ({
    check,
    why: `${CHECKS[check].title}: ${evidence}`.slice(0, 1000),
  });
  for (const finding of wanted) {
    const { mend } = finding;
    if (mend?.way === "relabel" && isFree(mend.image) && !labels.has(mend.image))
      labels.set(mend.image, { image: mend.image, to: mend.to, ...note(finding) });
  }
  for (const finding of wanted)
    if (finding.mend?.way === "leave-out")
      for (const image of finding.mend.images)
        if (!labels.has(image) && isFree(image)) left.set(image, { image, ...note(finding) });
  for (const finding of wanted) {
    if (finding.mend?.way !== "keep-one") continue;
    const [, ...others] = finding.mend.images.filter((image) => !left.has(image));
    for (const image of others) if (isFree(image)) left.set(image, { image, ...note(finding) });
  }
  for (const image of left.keys()) labels.delete(image);
  return {
    leaveOut: [...left.values()].sort((a, b) => a.image - b.image),
    relabel: [...labels.values()].sort((a, b) => a.image - b.image),
    decided: [...seen].sort((a, b) => a - b),
    unmended: findings.filter(({ mend, check }) => mend === undefined || !checks.includes(check)).length,
  };
}

/** Images about which the journal has entries, whether they stand or were taken back. */
function decidedImages({ journal, looks, images }: HealthSubject): ReadonlySet<number> {
  const groups = byImage(journal?.entries ?? []);
  if (groups.size === 0) return new Set();
  return new Set(
    [...looks.hashes.keys()].filter((index) =>
      groups
        .get(looks.hashes[index]!)
        ?.some(([first]) => first?.scope === undefined || first.file === images[index]!.journalFile),
    ),
  );
}

/** Counts of entries that were written. */
export interface FixDone {
  /** Number of images that training leaves out now. */
  readonly leftOut: number;
  /** Number of images that have another label now. */
  readonly relabelled: number;
}

/**
 * Writes a plan into the label journal beside the data. Nothing is moved or deleted, and each entry can be undone.
 * @param subject images that were checked
 * @param plan entries from `planFix`
 * @param journal the journal beside the data, which is made with the first entry
 * @param by name of the person or program that decides, for the journal. Default "fovea health"
 * @throws FoveaError as the journal does
 */
export async function writeFix(
  subject: HealthSubject,
  plan: FixPlan,
  journal: LabelJournalFile,
  by = "fovea health",
): Promise<FixDone> {
  const when = new Date();
  const left = new Set(plan.leaveOut.map(({ image }) => image));
  const kept = new Set(
    subject.images.flatMap(({ isLeftOut }, index) =>
      isLeftOut || left.has(index) ? [] : [subject.looks.hashes[index]!],
    ),
  );
  // A copy with the same bytes may stay: then the file alone is left out.
  const imageOf = (index: number): JournalImage => {
    const image = journalImage(subject, index);
    return kept.has(image.image) ? { ...image, scope: "file" } : image;
  };
  const labels = plan.relabel.map(({ image, to, why }) => ({ ...journalImage(subject, image), to, why }));
  const exclusions = plan.leaveOut.map(({ image, why }) => ({ ...imageOf(image), to: null, why }));
  const relabelled = await correct(journal, labels, { by, when });
  const excluded = await correct(journal, exclusions, { by, when });
  // One entry is about all files with the same bytes.
  const noted = new Set(excluded.map(({ image }) => image));
  const leftOut = plan.leaveOut.filter(({ image }) => noted.has(subject.looks.hashes[image]!)).length;
  return { leftOut, relabelled: relabelled.length };
}
