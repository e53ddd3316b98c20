// Facts that a camera wrote beside the pixels, as far as checks use them: when, with what, and whether a place is told. The text of
// an EXIF block is believed nowhere: it is shown, and compared.
import { bytesInMemory } from "../../platform/byte-source.js";
import { exifOf } from "../decoders/exif-blocks.js";
import type { ImageFormat } from "../decoders/index.js";
import { readMetadata } from "../metadata.js";

/** Facts that a camera wrote into a file. */
export interface PhotoFacts {
  /** Local time of the camera, as ISO 8601 without a zone: `2024-05-31T12:30:00`. */
  readonly taken?: string;
  /** Maker and model. */
  readonly camera?: string;
  /** The program that saved the file, as it names itself. */
  readonly software?: string;
  /** True where the file has coordinates. */
  readonly hasPlace: boolean;
}

/** Facts of a photo; undefined for a file without EXIF entries. */
export async function photoFactsOf(format: ImageFormat, bytes: Uint8Array): Promise<PhotoFacts | undefined> {
  if (exifOf(format, bytesInMemory(bytes)) === undefined) return undefined;
  const entries = await readMetadata(bytes);
  const taken = isoTime(entries.DateTimeOriginal ?? entries.DateTimeDigitized ?? "");
  const camera = cameraOf(entries.Make ?? "", entries.Model ?? "");
  const software = (entries.Software ?? "").trim();
  const hasPlace = entries.GPSLatitude !== undefined && entries.GPSLongitude !== undefined;
  if (taken === undefined && camera === "" && software === "" && !hasPlace) return undefined;
  return {
    ...(taken === undefined ? {} : { taken }),
    ...(camera === "" ? {} : { camera }),
    ...(software === "" ? {} : { software }),
    hasPlace,
  };
}

/** Maker and model, of which many models name the maker already. */
function cameraOf(make: string, model: string): string {
  const [maker, name] = [make.trim(), model.trim()];
  return name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`.trim();
}

/**
 * EXIF's `2024:05:31 12:30:00` as ISO 8601; undefined for what is no time, such as zeros.
 * @param text EXIF's text.
 * @example isoTime("2024:05:31 12:30:00"); // "2024-05-31T12:30:00"
 */
export function isoTime(text: string): string | undefined {
  const found = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${iso}Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== iso ? undefined : iso;
}
