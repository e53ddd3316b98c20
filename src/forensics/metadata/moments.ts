// Moments that metadata state, in the ways in which they write them, as comparable times.
import type { EvidenceRow } from "../record/evidence.js";
import { type FileMetadata, xmpValue } from "./metadata.js";

/** A moment as a file states it. */
export interface Moment {
  /** The entry that states it, such as `EXIF DateTimeOriginal`. */
  readonly entry: string;
  readonly text: string;
  /** Milliseconds since 1970 as if the clock on the wall had shown UTC; undefined for a date that cannot be. */
  readonly wall?: number;
  /** Milliseconds since 1970, where the file states the time zone as well. */
  readonly exact?: number;
}

/** `2024:05:31 12:30:00`, `2024-05-31T12:30:00.5+02:00`, and dates alone. */
const FORM =
  /^(\d{4})[:-](\d{2})(?:[:-](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/** Reads a moment; undefined for none: an entry that is empty, or all zeros as cameras without a clock write. */
export function moment(entry: string, text: string | undefined, zone?: string): Moment | undefined {
  const written = text?.trim() ?? "";
  if (written === "" || /^[0:\-T ]*$/.test(written)) return undefined;
  const match = FORM.exec(written);
  if (match === null) return { entry, text: written };
  const [year, month = 1, day = 1, hour = 12, minute = 0, second = 0] = match.slice(1, 7).map((digits) => {
    return digits === undefined ? undefined : Number(digits);
  });
  const wall = Date.UTC(year!, month - 1, day, hour, minute, second);
  const date = new Date(wall);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  if (!exists) return { entry, text: written };
  const offset = minutesOf(match[7] ?? zone);
  return { entry, text: written, wall, ...(offset !== undefined && { exact: wall - offset * 60_000 }) };
}

/** Minutes east of UTC that a time zone stands for, such as `+02:00`. */
export function minutesOf(zone: string | undefined): number | undefined {
  if (zone === "Z") return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone?.trim() ?? "");
  if (match === null) return undefined;
  return (match[1] === "-" ? -1 : 1) * (60 * Number(match[2]) + Number(match[3]));
}

/** The moments of a file by their meaning. */
export interface Moments {
  /** When the photograph was taken. */
  readonly taken: readonly Moment[];
  /** When it was digitised or its file made, and last changed. */
  readonly changed: readonly Moment[];
  /** The time of satellites, in UTC. */
  readonly satellite?: Moment;
}

/** All moments that metadata state. */
export function momentsIn(metadata: FileMetadata): Moments {
  const { exif, iptc, xmp } = metadata;
  const present = (moments: readonly (Moment | undefined)[]): Moment[] =>
    moments.filter((found): found is Moment => found !== undefined);
  const gpsDate = exif.get("GPSDateStamp");
  const gpsTime = exif.get("GPSTimeStamp");
  const satellite =
    gpsDate === undefined ? undefined : moment("EXIF GPSDateStamp", `${gpsDate} ${clockOf(gpsTime)}`.trim(), "Z");
  const iptcDate = iptc.get("Date Created");
  const iptcTime = /^(\d{2}:\d{2}:\d{2})([+-]\d{2}:?\d{2})?$/.exec(iptc.get("Time Created") ?? "");
  return {
    taken: present([
      moment("EXIF DateTimeOriginal", exif.get("DateTimeOriginal"), exif.get("OffsetTimeOriginal")),
      moment("XMP exif:DateTimeOriginal", xmpValue(metadata, "exif:DateTimeOriginal")),
      moment("XMP photoshop:DateCreated", xmpValue(metadata, "photoshop:DateCreated")),
      moment("IPTC Date Created", iptcDate && `${iptcDate}${iptcTime ? ` ${iptcTime[0]}` : ""}`),
    ]),
    changed: present([
      moment("EXIF DateTimeDigitized", exif.get("DateTimeDigitized"), exif.get("OffsetTimeDigitized")),
      moment("EXIF DateTime", exif.get("DateTime"), exif.get("OffsetTime")),
      moment("XMP xmp:CreateDate", xmpValue(metadata, "xmp:CreateDate")),
      moment("XMP xmp:ModifyDate", xmpValue(metadata, "xmp:ModifyDate")),
      ...xmp
        .filter(({ name }) => name === "stEvt:when")
        .slice(0, 20)
        .map(({ value }) => moment("XMP history", value)),
    ]),
    ...(satellite && { satellite }),
  };
}

/** `12:30:00` of the ways in which a time of satellites is shown. */
const clockOf = (text: string | undefined): string =>
  (text?.match(/\d+(?:\.\d+)?/g) ?? [])
    .slice(0, 3)
    .map((part) => String(Math.floor(Number(part))).padStart(2, "0"))
    .join(":");

/** Lines of a table with the moments. */
export const momentRows = ({ taken, changed, satellite }: Moments): EvidenceRow[] =>
  [...taken, ...changed, ...(satellite ? [satellite] : [])].map(({ entry, text }) => ({ label: entry, value: text }));
