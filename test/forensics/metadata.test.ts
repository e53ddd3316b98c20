// Methods of metadata on files made for each rule: what contradicts, what is worth knowing, what is nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExamineOptions, examine, type MethodEvidence, type MethodName } from "../../src/forensics/index.js";
import { moment } from "../../src/forensics/metadata/moments.js";
import {
  ascii,
  bytesEntry,
  degrees,
  exifSegment,
  jpegWith,
  pngText,
  pngWith,
  tiff,
  xmpPacket,
  xmpSegment,
} from "./made-files.js";
import { jpegOf, type Rgb } from "./made-jpeg.js";

const MAKE = 0x10f;
const MODEL = 0x110;
const SOFTWARE = 0x131;
const CHANGED = 0x132;
const TAKEN = 0x9003;
const ZONE = 0x9011;
const NOTE = 0x927c;

/** The evidence of one method about a file. */
async function evidenceOf(
  method: MethodName,
  bytes: Uint8Array,
  options: ExamineOptions = {},
): Promise<MethodEvidence> {
  const { evidence } = await examine(bytes, { ...options, methods: [method] });
  return evidence[0]!;
}

const photo = (...parameters: Parameters<typeof tiff>): Uint8Array => jpegWith(exifSegment(tiff(...parameters)));

test("times: saved before it was taken is a contradiction, beyond what time zones explain", async () => {
  const at = (changed: string): Uint8Array => photo([ascii(CHANGED, changed)], [ascii(TAKEN, "2024:05:31 12:30:00")]);
  const { finding, sentence } = await evidenceOf("times", at("2024:05:20 09:10:00"));
  assert.equal(finding, "contradicts");
  assert.match(sentence, /taken at 2024:05:31 12:30:00 .* after it was saved at 2024:05:20 09:10:00/);
  assert.equal((await evidenceOf("times", at("2024:05:30 13:00:00"))).finding, "supports");
  assert.equal((await evidenceOf("times", at("2024:06:30 13:00:00"))).finding, "supports");
});

test("times: with time zones an hour is enough", async () => {
  const bytes = jpegWith(
    exifSegment(tiff([], [ascii(TAKEN, "2024:05:31 12:30:00"), ascii(ZONE, "+02:00")])),
    xmpSegment(xmpPacket('xmp:CreateDate="2024-05-31T09:20:00Z"')),
  );
  assert.equal((await evidenceOf("times", bytes)).finding, "contradicts");
});

test("times: XMP's copy of the time must be EXIF's", async () => {
  const bytes = jpegWith(
    exifSegment(tiff([], [ascii(TAKEN, "2024:05:31 12:30:00")])),
    xmpSegment(xmpPacket('exif:DateTimeOriginal="2024-06-30T12:30:00"')),
  );
  assert.equal((await evidenceOf("times", bytes)).finding, "contradicts");
});

test("times: the disk's time is worth knowing only, and says nothing before 1990", async () => {
  const bytes = photo([], [ascii(TAKEN, "2024:05:31 12:30:00")]);
  const finding = async (modified: number): Promise<string> => (await evidenceOf("times", bytes, { modified })).finding;
  assert.equal(await finding(Date.UTC(2024, 4, 1)), "notable");
  assert.equal(await finding(Date.UTC(2024, 5, 1)), "supports");
  assert.equal(await finding(0), "supports");
});

test("times: dates that cannot be are told, and a clock that was never set is none", async () => {
  const { finding, sentence } = await evidenceOf("times", photo([], [ascii(TAKEN, "2024:02:31 12:30:00")]));
  assert.deepEqual([finding, sentence], ["notable", "EXIF DateTimeOriginal is no date: 2024:02:31 12:30:00."]);
  assert.equal((await evidenceOf("times", photo([], [ascii(TAKEN, "0000:00:00 00:00:00")]))).finding, "unable");
});

test("moments are read in the forms of EXIF, XMP and IPTC", () => {
  const wall = Date.UTC(2024, 4, 31, 12, 30, 5);
  assert.equal(moment("a", "2024:05:31 12:30:05")?.wall, wall);
  assert.equal(moment("a", "2024-05-31T12:30:05.25+02:00")?.exact, wall - 7_200_000);
  assert.equal(moment("a", "2024-05-31 12:30:05Z")?.exact, wall);
  assert.equal(moment("a", "2024-05-31")?.wall, Date.UTC(2024, 4, 31, 12));
  assert.equal(moment("a", "2024:05:31 12:30:05", "-05:30")?.exact, wall + 19_800_000);
  assert.equal(moment("a", "yesterday")?.wall, undefined);
  assert.equal(moment("a", "    :  :     :  :  "), undefined);
});

test("programs: what edits is worth knowing, a camera's own program is nothing", async () => {
  const edited = await evidenceOf("software", photo([ascii(SOFTWARE, "Adobe Photoshop 25.0 (Windows)")]));
  assert.equal(edited.finding, "notable");
  assert.match(edited.sentence, /which edits pictures\. That is no sign of forgery/);
  assert.equal((await evidenceOf("software", photo([ascii(SOFTWARE, "Ver.1.10")]))).finding, "none");
  assert.equal((await evidenceOf("software", jpegWith())).finding, "unable");
});

test("camera: notes of another maker and a model of another maker contradict", async () => {
  const nikon = new TextEncoder().encode("Nikon\0\u0002\u0010\0\0");
  const notes = await evidenceOf(
    "camera",
    photo([ascii(MAKE, "FUJIFILM"), ascii(MODEL, "X-T4")], [bytesEntry(NOTE, nikon)]),
  );
  assert.deepEqual([notes.finding, /notes are in the form of Nikon/.test(notes.sentence)], ["contradicts", true]);
  const model = await evidenceOf("camera", photo([ascii(MAKE, "Canon"), ascii(MODEL, "NIKON D90")]));
  assert.equal(model.finding, "contradicts");
  const missing = await evidenceOf("camera", photo([ascii(MAKE, "Canon"), ascii(MODEL, "Canon EOS 80D")]));
  assert.deepEqual([missing.finding, /this file has none/.test(missing.sentence)], ["notable", true]);
  const exposure = ascii(0x829a, "1/200");
  const whole = photo(
    [ascii(MAKE, "NIKON CORPORATION"), ascii(MODEL, "NIKON D90")],
    [exposure, bytesEntry(NOTE, nikon)],
  );
  assert.equal((await evidenceOf("camera", whole)).finding, "supports");
  assert.equal((await evidenceOf("camera", jpegWith())).finding, "unable");
});

test("place: EXIF against XMP, and places that are none", async () => {
  const LATITUDE = 2;
  const LONGITUDE = 4;
  const at = (latitude: number, longitude: number, xmp = "", zone = "+01:00"): Uint8Array => {
    const gps = [ascii(1, "N"), degrees(LATITUDE, latitude), ascii(3, "E"), degrees(LONGITUDE, longitude)];
    return jpegWith(exifSegment(tiff([], [ascii(ZONE, zone)], gps)), xmpSegment(xmpPacket(xmp)));
  };
  const finding = async (bytes: Uint8Array): Promise<string> => (await evidenceOf("place", bytes)).finding;
  assert.equal(await finding(at(47, 8)), "none");
  assert.equal(await finding(at(47, 8, 'exif:GPSLatitude="47,0.0N"')), "none");
  assert.equal(await finding(at(47, 8, 'exif:GPSLatitude="47,22.5N"')), "contradicts");
  assert.equal(await finding(at(47, 8, 'exif:GPSLongitude="8,0,0W"')), "contradicts");
  assert.equal(await finding(at(97, 8)), "contradicts");
  assert.equal(await finding(at(0, 0)), "notable");
  assert.equal(await finding(at(47, 8, "", "+09:00")), "notable");
  assert.equal(await finding(jpegWith()), "unable");
});

test("generators: their settings, their names and IPTC's source type contradict a photograph", async () => {
  const type = (code: string): Uint8Array =>
    jpegWith(xmpSegment(xmpPacket(`ext:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/${code}"`)));
  const finding = async (bytes: Uint8Array): Promise<string> => (await evidenceOf("generators", bytes)).finding;
  assert.equal(await finding(pngWith(pngText("parameters", "a cat\nSteps: 20, Sampler: Euler a"))), "contradicts");
  assert.equal(await finding(pngWith(pngText("prompt", '{"3": {"class_type": "KSampler"}}'))), "contradicts");
  assert.equal(await finding(pngWith(pngText("parameters", "exposure and gain of the microscope"))), "none");
  assert.equal(await finding(pngWith(pngText("constructor", "a name that every object has"))), "none");
  assert.equal(await finding(photo([ascii(SOFTWARE, "Midjourney v6")])), "contradicts");
  assert.equal(await finding(type("trainedAlgorithmicMedia")), "contradicts");
  assert.equal(await finding(type("compositeWithTrainedAlgorithmicMedia")), "contradicts");
  assert.equal(await finding(type("digitalCapture")), "supports");
  assert.equal(await finding(type("minorHumanEdits")), "notable");
  assert.equal(await finding(type("constructor")), "notable");
  assert.equal(await finding(jpegWith()), "unable");
});

/** A picture of smooth blots, the same in every size; with a bright patch or not. */
function scene(width: number, height: number, phase = 0, patch = false): Rgb {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const isPatch = patch && u > 0.6 && u < 0.8 && v > 0.5 && v < 0.8;
      const blots = 110 + 60 * Math.sin(9 * u + phase) * Math.cos(7 * v - phase) + 40 * Math.sin(21 * u * v);
      data.fill(isPatch ? 250 : blots, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  return { width, height, data };
}

test("preview: another picture contradicts, and so does another part; the same picture fits", async () => {
  const preview = await jpegOf(scene(80, 60));
  const look = async (picture: Rgb, bytes: Uint8Array): Promise<MethodEvidence> =>
    evidenceOf("thumbnail", await jpegOf(picture, bytes));
  assert.equal((await look(scene(320, 240), preview)).finding, "supports");
  const { finding, map } = await look(scene(320, 240, 0, true), preview);
  assert.equal(finding, "contradicts");
  assert.ok(map !== undefined);
  const at = (u: number, v: number): number =>
    map.values[Math.floor(v * map.height) * map.width + Math.floor(u * map.width)]!;
  assert.ok(at(0.7, 0.65) > 150 && at(0.2, 0.3) < 40, "the map marks the part that was changed");
  assert.equal((await look(scene(320, 240), await jpegOf(scene(80, 60, 2.5)))).finding, "contradicts");
  assert.equal((await look(scene(320, 240), await jpegOf(scene(80, 40)))).finding, "none");
  assert.equal((await look(scene(320, 240), await jpegOf(scene(16, 12)))).finding, "unable");
  assert.equal((await look(scene(320, 240), preview.subarray(0, 100))).finding, "unable");
  assert.equal((await evidenceOf("thumbnail", preview)).finding, "unable");
});
