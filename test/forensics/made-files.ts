// Image files made for tests: small pictures with metadata of any kind, honest and hostile.
import { deflateSync } from "node:zlib";
import { encodePng } from "../../src/data/index.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A grey JPEG of 8 x 8 pixels by ImageMagick, without metadata. */
const JPEG = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  "base64",
);

/** A segment of JPEG. */
export function segment(marker: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  const length = content.length + 2;
  return joined(Uint8Array.of(0xff, marker, length >> 8, length & 255), content);
}

/** A JPEG with segments in front of its own. */
export const jpegAround = (file: Uint8Array, ...segments: readonly Uint8Array[]): Uint8Array =>
  joined(file.subarray(0, 2), ...segments, file.subarray(2));

/** A small JPEG with segments in front of its pixels. */
export const jpegWith = (...segments: readonly Uint8Array[]): Uint8Array => jpegAround(JPEG, ...segments);

/** A chunk of PNG; its checksum is left zero, which readers of metadata do not look at. */
export function chunk(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length);
  head.write(type, 4, "latin1");
  return joined(head, content, new Uint8Array(4));
}

const PNG = encodePng({ dtype: "uint8", shape: [8, 8, 1], data: new Uint8Array(64) });
const AFTER_HEADER = 33;

/** A small PNG with chunks in front of its pixels. */
export const pngWith = (...chunks: readonly Uint8Array[]): Uint8Array =>
  joined(PNG.subarray(0, AFTER_HEADER), ...chunks, PNG.subarray(AFTER_HEADER));

/** A text of PNG. */
export const pngText = (name: string, value: string): Uint8Array => chunk("tEXt", text(`${name}\0${value}`));

/** A packed text of PNG, of `length` zeros. */
export const packedText = (name: string, length: number): Uint8Array =>
  chunk("zTXt", text(`${name}\0\0`), deflateSync(new Uint8Array(length)));

/** Entries of a TIFF directory: tag, type, count, and a number, or bytes that lie elsewhere where they are more than four. */
export type Entry = readonly [tag: number, type: number, count: number, value: number | Uint8Array];

const ASCII = 2;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
const EXIF_POINTER = 0x8769;
const GPS_POINTER = 0x8825;
export const ascii = (tag: number, value: string): Entry => [tag, ASCII, text(value).length + 1, text(`${value}\0`)];
export const bytesEntry = (tag: number, value: Uint8Array): Entry => [tag, UNDEFINED, value.length, value];
/** Whole degrees, minutes and seconds. */
export const degrees = (tag: number, value: number): Entry => {
  const rationals = new DataView(new ArrayBuffer(24));
  [value, 0, 0].forEach((part, i) => {
    rationals.setUint32(8 * i, part, true);
    rationals.setUint32(8 * i + 4, 1, true);
  });
  return [tag, RATIONAL, 3, new Uint8Array(rationals.buffer)];
};

/** A little-endian TIFF structure: a directory, the Exif and GPS directories that it leads to, and the one of a preview. */
export function tiff(
  entries: readonly Entry[],
  exif: readonly Entry[] = [],
  gps: readonly Entry[] = [],
  preview: readonly Entry[] = [],
): Uint8Array {
  const withPointers = (exifAt: number, gpsAt: number): Entry[] => [
    ...entries,
    ...(exif.length > 0 ? [[EXIF_POINTER, LONG, 1, exifAt] as const] : []),
    ...(gps.length > 0 ? [[GPS_POINTER, LONG, 1, gpsAt] as const] : []),
  ];
  const exifAt = 8 + directory(8, withPointers(0, 0)).length;
  const second = exif.length > 0 ? directory(exifAt, exif) : new Uint8Array(0);
  const gpsAt = exifAt + second.length;
  const third = gps.length > 0 ? directory(gpsAt, gps) : new Uint8Array(0);
  const previewAt = gpsAt + third.length;
  const fourth = preview.length > 0 ? directory(previewAt, preview) : new Uint8Array(0);
  const first = directory(8, withPointers(exifAt, gpsAt), preview.length > 0 ? previewAt : 0);
  return joined(text("II*\0"), Uint8Array.of(8, 0, 0, 0), first, second, third, fourth);
}

/** @param next offset of the directory behind it, 0 for none */
function directory(start: number, entries: readonly Entry[], next = 0): Uint8Array {
  const head = new DataView(new ArrayBuffer(2 + 12 * entries.length + 4));
  const values: Uint8Array[] = [];
  let end = start + head.byteLength;
  head.setUint16(0, entries.length, true);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + 12 * i;
    head.setUint16(at, tag, true);
    head.setUint16(at + 2, type, true);
    head.setUint32(at + 4, count, true);
    if (typeof value === "number") head.setUint32(at + 8, value, true);
    else if (value.length <= 4) new Uint8Array(head.buffer).set(value, at + 8);
    else {
      head.setUint32(at + 8, end, true);
      values.push(value);
      end += value.length;
    }
  }
  head.setUint32(head.byteLength - 4, next, true);
  return joined(new Uint8Array(head.buffer), ...values);
}

/** EXIF data as a segment of JPEG. */
export const exifSegment = (structure: Uint8Array): Uint8Array => segment(0xe1, text("Exif\0\0"), structure);

/** A packet of XMP with properties as attributes, as a segment of JPEG. */
export const xmpSegment = (packet: string): Uint8Array =>
  segment(0xe1, text("http://ns.adobe.com/xap/1.0/\0"), text(packet));

/** Properties as a packet: attributes as they are given, with the namespaces that methods read. */
export const xmpPacket = (attributes: string, inside = ""): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" ${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;
