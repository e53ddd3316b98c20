// Finds the EXIF data of JPEG, PNG and WebP files. Reads only the few bytes on the way to them, for photos are long and
// folders hold many. exif.ts reads the data.
import { unzlibSync } from "fflate";
import { joinBytes } from "../../core/bytes.js";
import type { ByteSource } from "../../platform/byte-source.js";
import { EXIF_MARK } from "./exif.js";
import { type ImageFormat, textAt, viewOver } from "./image.js";
import { START_OF_SCAN, segmentsOf } from "./jpeg-segments.js";

/** Longer pieces are no metadata: JPEG allows 64 KiB a segment, some of which may follow each other. */
const MOST_METADATA = 1 << 20;

const FINDERS: Record<ImageFormat, (file: ByteSource) => Uint8Array | undefined> = {
  JPEG: inJpeg,
  PNG: inPng,
  WebP: inWebp,
  GIF: () => undefined,
  BMP: () => undefined,
};

/** The EXIF data of an image file: a TIFF structure, with "Exif" before it where the file has that. */
export const exifOf = (format: ImageFormat, file: ByteSource): Uint8Array | undefined => FINDERS[format](file);

const APP1 = 0xe1;

/** All "Exif" segments before the pixels, one after the other: data that do not fit one go on in the next. */
function inJpeg(file: ByteSource): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const { marker, start, length } of segmentsOf(file)) {
    if (marker === START_OF_SCAN) break;
    if (marker !== APP1 || textAt(file.read(start, EXIF_MARK.length), 0, EXIF_MARK.length) !== EXIF_MARK) continue;
    total += length;
    if (total > MOST_METADATA) break;
    parts.push(file.read(start + EXIF_MARK.length, length - EXIF_MARK.length));
  }
  return parts.length === 0 ? undefined : joinBytes(parts);
}

/** ImageMagick before eXIf: a text of hexadecimal digits under this keyword. */
const RAW_PROFILE = "Raw profile type exif\0";
/** A chunk with such a text; packed, 64 KiB of EXIF data take no more. */
const LONGEST_TEXT = 1 << 17;

/** The last `eXIf` chunk, before or after the pixels; else the text that older ImageMagick wrote. */
function inPng(file: ByteSource): Uint8Array | undefined {
  let exif: Uint8Array | undefined;
  let profile: Uint8Array | undefined;
  for (let at = 8; at + 12 <= file.length; ) {
    const head = file.read(at, 8);
    const length = viewOver(head).getUint32(0);
    const type = textAt(head, 4, 4);
    const content = (): Uint8Array => file.read(at + 8, length);
    if (type === "IEND") break;
    if (length <= MOST_METADATA && type === "eXIf") exif = content();
    if (length <= LONGEST_TEXT && (type === "zTXt" || type === "tEXt")) profile ??= profileIn(type, content());
    at += 12 + length;
  }
  return exif ?? profile;
}

function profileIn(type: "zTXt" | "tEXt", content: Uint8Array): Uint8Array | undefined {
  if (textAt(content, 0, RAW_PROFILE.length) !== RAW_PROFILE) return undefined;
  const rest = content.subarray(RAW_PROFILE.length);
  try {
    // After the keyword of a compressed text comes the kind of compression, of which there is one.
    const text = type === "tEXt" ? rest : unzlibSync(rest.subarray(1), { out: new Uint8Array(MOST_METADATA) });
    const lines = new TextDecoder("latin1").decode(text).replaceAll("\0", "").split("\n").slice(3);
    return Uint8Array.from(lines.join("").match(/[0-9a-f]{2}/gi) ?? [], (digits) => Number.parseInt(digits, 16));
  } catch {
    // Damaged metadata are no reason to refuse the pixels.
    return new Uint8Array(0);
  }
}

const EXIF_FLAG = 8;

/** The first EXIF chunk, where the extended header announces one. */
function inWebp(file: ByteSource): Uint8Array | undefined {
  const header = file.read(12, 9);
  if (header.length < 9 || textAt(header, 0, 4) !== "VP8X" || (header[8]! & EXIF_FLAG) === 0) return undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const head = file.read(at, 8);
    const length = viewOver(head).getUint32(4, true);
    if (textAt(head, 0, 4) === "EXIF") return length > MOST_METADATA ? undefined : file.read(at + 8, length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}
