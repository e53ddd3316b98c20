// The place that a file states: whether it can be one, whether EXIF and XMP agree on it, and whether the time zone fits it.
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { type FileMetadata, metadataOf, xmpValue } from "./metadata.js";
import { minutesOf } from "./moments.js";
import { sentenceOf } from "./wording.js";

/** Distance in degrees up to which two statements of one place agree: some 1.1 km. */
const SAME_DEGREES = 0.01;
/** Hours that time zones lie off the sun's time at most: western China, with an hour of summer time to spare. */
const ZONE_HOURS = 4.5;

/** Degrees of XMP's form: `47,22.5N`, `47,22,30N`, or decimal as some programs write them. */
export function degreesOf(text: string | undefined): number | undefined {
  const match = /^(-?\d{1,3}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])?$/i.exec(
    text?.trim() ?? "",
  );
  if (match === null) return undefined;
  const [, degrees = 0, minutes = 0, seconds = 0, side = ""] = match;
  const value = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return /[SW]/i.test(side) ? -value : value;
}

function conflictsIn(metadata: FileMetadata): { contradictions: string[]; notes: string[] } {
  const [contradictions, notes]: [string[], string[]] = [[], []];
  const { latitude, longitude } = metadata.place ?? {};
  if (Math.abs(latitude ?? 0) > 90 || Math.abs(longitude ?? 0) > 180)
    contradictions.push(`latitude ${latitude} and longitude ${longitude} are no place on the earth`);
  if (latitude === 0 && longitude === 0)
    notes.push("latitude and longitude are 0, in the ocean south of Ghana, which devices write that know no place");
  for (const [name, stated] of [
    ["GPSLatitude", latitude],
    ["GPSLongitude", longitude],
  ] as const) {
    const other = degreesOf(xmpValue(metadata, `exif:${name}`));
    if (stated !== undefined && other !== undefined && Math.abs(stated - other) > SAME_DEGREES)
      contradictions.push(`EXIF ${name} is ${stated.toFixed(4)} degrees, XMP states ${other.toFixed(4)}`);
  }
  const zone = metadata.exif.get("OffsetTimeOriginal");
  const minutes = minutesOf(zone);
  if (minutes !== undefined && longitude !== undefined && longitude !== 0) {
    const off = Math.abs(minutes / 60 - longitude / 15);
    if (Math.min(off, 24 - off) > ZONE_HOURS)
      notes.push(
        `the camera's clock is set to the time zone ${zone}, which is far from longitude ${longitude.toFixed(2)}`,
      );
  }
  return { contradictions, notes };
}

export const statedPlace: Method = {
  name: "place",
  title: "Place",
  kind: "metadata",
  measures:
    "whether the place that the file states can be one, agrees between EXIF and XMP, and fits the camera's time zone",
  limits:
    "Any program can write any place; whether the picture shows that place is for a reader to see, and no map is asked",
  source: "CIPA DC-008 (Exif 3.0, GPS attributes), CIPA DC-010 (EXIF in XMP)",
  appliesTo: "all",
  settings: { sameDegrees: SAME_DEGREES, zoneHours: ZONE_HOURS },
  async run(image): Promise<Evidence> {
    const metadata = await metadataOf(image);
    const { latitude, longitude, altitude } = metadata.place ?? {};
    const rows: EvidenceRow[] = [];
    const add = (label: string, value: string | undefined): void => {
      if (value !== undefined) rows.push({ label, value });
    };
    add("Latitude", latitude === undefined ? undefined : `${latitude.toFixed(6)}°`);
    add("Longitude", longitude === undefined ? undefined : `${longitude.toFixed(6)}°`);
    add("Altitude", altitude === undefined ? undefined : `${altitude.toFixed(0)} m`);
    add("XMP exif:GPSLatitude", xmpValue(metadata, "exif:GPSLatitude"));
    add("XMP exif:GPSLongitude", xmpValue(metadata, "exif:GPSLongitude"));
    for (const name of ["photoshop:City", "photoshop:State", "photoshop:Country"])
      add(`XMP ${name}`, xmpValue(metadata, name));
    for (const name of ["City", "Country/Primary Location Name"]) add(`IPTC ${name}`, metadata.iptc.get(name));
    if (rows.length === 0)
      return {
        finding: "unable",
        sentence: "The file states no place; most cameras have no receiver, and web sites remove it.",
        rows,
      };
    const { contradictions, notes } = conflictsIn(metadata);
    if (contradictions.length > 0)
      return { finding: "contradicts", sentence: sentenceOf([...contradictions, ...notes]), rows };
    if (notes.length > 0) return { finding: "notable", sentence: sentenceOf(notes), rows };
    return { finding: "none", sentence: "The file states a place, and nothing in the file contradicts it.", rows };
  },
};
