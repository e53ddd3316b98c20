// From findings to the facts of their page: small pictures of the images that show them, as many as a page can hold.
import { FoveaError } from "../../core/errors.js";
import { VERSION } from "../../core/version.js";
import { loadImage, pictureOf } from "../../data/index.js";
import { readBytes } from "../../platform/files.js";
import { baseName } from "../../platform/paths.js";
import type { HealthFacts, HealthSectionFacts, ShownFindingFacts, ShownImageFacts } from "../../report/health-facts.js";
import type { ImageFacts } from "../../report/image-facts.js";
import { journalNote, journalSummary } from "../journal/summary.js";
import type { CheckName, HealthFinding } from "./check.js";
import { CHECKS } from "./checks.js";
import type { Health } from "./health.js";
import type { HealthSubject } from "./subject.js";
import { labelText, partWord } from "./words.js";

/** Findings of a check, images of a finding, and images in all that a page shows. */
const [MOST_FINDINGS, MOST_OF_FINDING, MOST_IMAGES] = [24, 8, 240];
/** Pixels along the longer side of the pictures, twice what is shown. */
const LONGEST = 344;

/** Options of the facts of a page. */
export interface HealthFactsOptions {
  /** Changes that `--fix` would make or has made, as a sentence. Default: none. */
  readonly fix?: string | undefined;
  /** Receives the number of pictures that are made. Default: none. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Facts of the page of a health check. Decodes the images that it shows once more: 8 of a finding, 240 in all.
 * @param health findings of `checkHealth`
 * @example await renderHealthPage(await healthFacts(await checkHealth("photos")))
 */
export async function healthFacts(
  { subject, findings, ran, notRun }: Health,
  { fix, onProgress }: HealthFactsOptions = {},
): Promise<HealthFacts> {
  const pictures = await picturesOf(subject, shownImages(findings), onProgress);
  const found = new Map<CheckName, HealthFinding[]>();
  for (const finding of findings) found.set(finding.check, [...(found.get(finding.check) ?? []), finding]);
  const { journal, source, images, used } = subject;
  return {
    name: baseName(subject.where),
    createdBy: `Fovea ${VERSION}`,
    images: images.length,
    rows: [
      { label: "Source", value: source.sentence },
      { label: "Checked", value: `${used.length.toLocaleString("en-US")} images, as training would use them` },
      ...(journal === undefined ? [] : [{ label: "Label journal", value: journalNote(journalSummary(journal)) }]),
    ],
    sections: [...found].map(
      ([check, of]): HealthSectionFacts => ({
        id: check,
        title: CHECKS[check].title,
        method: CHECKS[check].method,
        count: of.length,
        findings: of.slice(0, MOST_FINDINGS).map((finding) => shownFinding(subject, finding, pictures)),
      }),
    ),
    clean: ran.filter((name) => !found.has(name)).map((name) => CHECKS[name]),
    notRun: notRun.map(({ check, why }) => ({ title: CHECKS[check].title, why })),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Images that the page has room for, in the order of the findings. */
function shownImages(findings: readonly HealthFinding[]): number[] {
  const counts = new Map<CheckName, number>();
  const shown = new Set<number>();
  for (const { check, images } of findings) {
    const count = (counts.get(check) ?? 0) + 1;
    counts.set(check, count);
    if (count > MOST_FINDINGS) continue;
    for (const index of images.slice(0, MOST_OF_FINDING)) if (shown.size < MOST_IMAGES) shown.add(index);
  }
  return [...shown];
}

function shownFinding(
  subject: HealthSubject,
  { severity, evidence, remedy, images }: HealthFinding,
  pictures: ReadonlyMap<number, ImageFacts>,
): ShownFindingFacts {
  const shown = images.slice(0, MOST_OF_FINDING).map((index) => shownImage(subject, index, pictures.get(index)));
  return { severity, evidence, remedy, images: shown, count: images.length };
}

function shownImage({ images, looks }: HealthSubject, index: number, image: ImageFacts | undefined): ShownImageFacts {
  const { file, part, label, group } = images[index]!;
  return {
    file,
    ...(part === undefined ? {} : { part: partWord(part) }),
    ...(label === undefined ? {} : { label: labelText(label) }),
    ...(group === undefined ? {} : { group }),
    ...(looks.heights[index] === 0 ? {} : { size: `${looks.widths[index]} × ${looks.heights[index]}` }),
    ...(image === undefined ? {} : { image }),
  };
}

/** Small pictures of images; none of those that cannot be decoded any more. */
async function picturesOf(
  { source, looks }: HealthSubject,
  wanted: readonly number[],
  onProgress: HealthFactsOptions["onProgress"],
): Promise<Map<number, ImageFacts>> {
  const pictures = new Map<number, ImageFacts>();
  for (const [done, index] of wanted.entries()) {
    const [height, width] = [looks.heights[index]!, looks.widths[index]!];
    if (height === 0) continue;
    const scale = Math.min(1, LONGEST / Math.max(height, width));
    const size = { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
    const { source: file } = source.listing.images[index]!;
    try {
      const bytes = typeof file === "string" ? await readBytes(file) : await file();
      pictures.set(index, pictureOf(await loadImage(bytes, { ...size, interpolation: "box" })));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
    onProgress?.(done + 1, wanted.length);
  }
  return pictures;
}

/**
 * Findings as `--json` has them: the fields of every finding, and the check that made it.
 * @param findings findings of a health check
 */
export const findingsJson = (findings: readonly HealthFinding[]) =>
  findings.map(({ kind, severity, files, evidence, remedy, check }) => ({
    kind,
    severity,
    files,
    evidence,
    remedy,
    check,
  }));
