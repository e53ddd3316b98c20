// Times in the metadata of a file, against each other and against the file's own.
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { metadataOf } from "./metadata.js";
import { type Moment, type Moments, momentRows, momentsIn } from "./moments.js";
import { sentenceOf } from "./wording.js";

/** Clocks that show no time zone differ by up to 26 hours for one moment: from UTC-12 to UTC+14. */
const ZONES_MS = 26 * 3_600_000;
/** Tolerance between clocks with a time zone: an hour, for a clock that was not set to summer time. */
const EXACT_MS = 3_600_000;
/** Archives without times give files one before this year. */
const FIRST_YEAR = Date.UTC(1990, 0, 1);

/** Milliseconds by which `second` is later than `first` beyond all time zones; 0 or less where it may not be later. */
function later(first: Moment, second: Moment): number {
  if (first.exact !== undefined && second.exact !== undefined) return second.exact - first.exact - EXACT_MS;
  return (second.wall ?? Number.NaN) - (first.wall ?? Number.NaN) - ZONES_MS;
}

const apart = (first: Moment, second: Moment): boolean => later(first, second) > 0 || later(second, first) > 0;

/** Sentences on what cannot be: contradictions first, then what is merely notable. */
function conflictsIn({ taken, changed, satellite }: Moments): { contradictions: string[]; notes: string[] } {
  const [contradictions, notes]: [string[], string[]] = [[], []];
  const [first, ...others] = taken;
  for (const other of others)
    if (first !== undefined && apart(first, other)) {
      const told = `${first.entry} says that the photograph was taken at ${first.text}, ${other.entry} says ${other.text}`;
      // Captions may state the date of what a scan shows; the other entry is a copy of the first.
      (other.entry === "XMP exif:DateTimeOriginal" ? contradictions : notes).push(told);
    }
  const original = first?.entry === "EXIF DateTimeOriginal" ? first : undefined;
  if (original !== undefined) {
    const early = changed.find((moment) => later(moment, original) > 0);
    if (early !== undefined)
      contradictions.push(
        `the photograph was taken at ${original.text} by ${original.entry}, after it was saved at ${early.text} by ${early.entry}`,
      );
    if (satellite !== undefined && apart(original, satellite))
      contradictions.push(`the camera's clock says ${original.text}, and the satellites' clock says ${satellite.text}`);
  }
  for (const { entry, text, wall } of [...taken, ...changed])
    if (wall === undefined) notes.push(`${entry} is no date: ${text}`);
  return { contradictions, notes };
}

export const times: Method = {
  name: "times",
  title: "Times",
  kind: "metadata",
  measures: "whether the times that the file states fit together, and fit the time at which the file was last written",
  limits:
    "Clocks of cameras are set by hand, and any program can write any time; times without a time zone are compared with a tolerance of 26 hours",
  source: "CIPA DC-008 (Exif 3.0), IPTC Photo Metadata Standard 2023.1, ISO 16684-1 (XMP)",
  appliesTo: "all",
  settings: { toleranceHours: ZONES_MS / 3_600_000, toleranceHoursWithZone: EXACT_MS / 3_600_000 },
  async run(image): Promise<Evidence> {
    const moments = momentsIn(await metadataOf(image));
    const rows = momentRows(moments);
    if (image.modified !== undefined)
      rows.push({ label: "Last write to the file", value: new Date(image.modified).toISOString() });
    if (moments.taken.length + moments.changed.length === 0)
      return {
        finding: "unable",
        sentence:
          "The file does not state when the photograph was taken; messengers and web sites remove it from every photograph.",
        rows,
      };
    const { contradictions, notes } = conflictsIn(moments);
    const [original] = moments.taken;
    if (
      original?.wall !== undefined &&
      image.modified !== undefined &&
      image.modified > FIRST_YEAR &&
      original.wall - image.modified > ZONES_MS
    )
      notes.push(
        `the file was last written at ${new Date(image.modified).toISOString()}, before the photograph was taken at ${original.text}`,
      );
    if (contradictions.length > 0)
      return { finding: "contradicts", sentence: sentenceOf([...contradictions, ...notes]), rows };
    if (notes.length > 0) return { finding: "notable", sentence: sentenceOf(notes), rows };
    return rows.length > 1
      ? { finding: "supports", sentence: "All times that the file states fit together.", rows }
      : { finding: "none", sentence: "The file states a single time, which nothing contradicts.", rows };
  },
};
