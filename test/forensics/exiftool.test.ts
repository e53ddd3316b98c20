// Metadata of 50 files against exiftool and ImageMagick (tools/exiftool-fixtures.py): every entry that they read is read
// here, with the same value, in JPEG, PNG and WebP, in both byte orders and any script.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { unzipSync } from "fflate";
import { openedImage } from "../../src/forensics/examine.js";
import { type FileMetadata, metadataOf } from "../../src/forensics/metadata/metadata.js";
import { degreesOf } from "../../src/forensics/metadata/place.js";

type Read = string | number | readonly (string | number)[];
type Oracle = Readonly<
  Record<string, { readonly exiftool: Readonly<Record<string, Read>>; readonly imagemagick?: Record<string, string> }>
>;

const members = unzipSync(readFileSync(new URL("../../../test/forensics/fixtures/metadata.zip", import.meta.url)));
const oracle = JSON.parse(new TextDecoder().decode(members["oracle.json"])) as Oracle;

/** Names of EXIF and IPTC entries that exiftool calls otherwise than the standards do. */
const NAMES: Readonly<Record<string, string>> = {
  ModifyDate: "DateTime",
  CreateDate: "DateTimeDigitized",
  ISO: "ISOSpeedRatings",
  DateCreated: "Date Created",
  OriginatingProgram: "Originating Program",
  "Caption-Abstract": "Caption/Abstract",
};

/** Properties of XMP that exiftool calls otherwise. */
const PROPERTIES: Readonly<Record<string, string>> = {
  HistoryAction: "action",
  HistorySoftwareAgent: "softwareAgent",
  HistoryWhen: "when",
  Subject: "subject",
  Creator: "creator",
};

/** A value in the form of a comparison: fractions as numbers, dates and spaces in one way. */
function plain(value: Read): string {
  const text = String(value).trim();
  const fraction = /^(?:f\/)?(\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(text);
  if (fraction !== null) return (Number(fraction[1]) / Number(fraction[2] ?? 1)).toPrecision(6);
  return text.replace(/^(\d{4})[:-](\d{2})[:-](\d{2})[T ]?/, "$1-$2-$3 ").trim();
}

const PLACES: Readonly<Record<string, "latitude" | "longitude">> = {
  GPSLatitude: "latitude",
  GPSLongitude: "longitude",
};

/** Fovea's value for a tag of exiftool. */
function readValue(metadata: FileMetadata, group: string, tag: string): Read | undefined {
  if (group === "EXIF") return metadata.exif.get(NAMES[tag] ?? tag);
  if (group === "IPTC") return metadata.iptc.get(NAMES[tag] ?? tag);
  if (group === "PNG") return metadata.texts.find(({ name }) => name.toLowerCase() === tag.toLowerCase())?.text;
  if (group === "Composite") return metadata.place?.[PLACES[tag]!]?.toFixed(6);
  const found = metadata.xmp
    .filter(({ name }) => name.split(":")[1] === (PROPERTIES[tag] ?? tag))
    .map(({ value }) => value);
  if (tag === "GPSLatitude") return degreesOf(found[0])?.toFixed(6);
  return found.length > 1 ? found : found[0];
}

test("all entries that exiftool reads in 50 files are read with the same values", async () => {
  const wrong: string[] = [];
  let compared = 0;
  for (const [name, { exiftool }] of Object.entries(oracle)) {
    const metadata = await metadataOf(await openedImage(members[name]!, { name }));
    assert.deepEqual(metadata.problems, [], name);
    for (const [key, expected] of Object.entries(exiftool)) {
      const [group = "", tag = ""] = key.split(":");
      const isPlace = tag === "GPSLatitude" || tag === "GPSLongitude";
      const found = readValue(metadata, group, tag);
      const [a, b] = [found ?? "nothing", isPlace ? Number(expected).toFixed(6) : expected].map((value) =>
        [value].flat().map(plain).join(" | "),
      );
      compared++;
      if (a !== b) wrong.push(`${name} ${key}: expected ${b}, found ${a}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(compared > 600, `${compared} entries`);
});

test("ImageMagick reads the same camera and time", async () => {
  for (const [name, { imagemagick }] of Object.entries(oracle)) {
    if (imagemagick === undefined) continue;
    const { exif } = await metadataOf(await openedImage(members[name]!, { name }));
    for (const [tag, value] of Object.entries(imagemagick)) assert.equal(exif.get(tag) ?? "", value, `${name} ${tag}`);
  }
});
