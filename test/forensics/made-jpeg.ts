// JPEG files of pictures by mozjpeg, with a preview in EXIF data where there is one.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import encodeJpeg, { init } from "@jsquash/jpeg/encode.js";
import { type Entry, exifSegment, jpegAround, tiff } from "./made-files.js";

let ready: Promise<unknown> | undefined;

/** Pixels of RGB. */
export interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const LONG = 4;

/** A JPEG of quality 90 with EXIF entries, among them a preview where it is given. */
export async function jpegOf(
  { width, height, data }: Rgb,
  preview?: Uint8Array,
  entries: readonly Entry[] = [],
): Promise<Uint8Array> {
  ready ??= readFile(createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"))
    .then((bytes) => WebAssembly.compile(bytes))
    .then((module) => init(module));
  await ready;
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  const plain = new Uint8Array(await encodeJpeg({ width, height, data: rgba, colorSpace: "srgb" }, { quality: 90 }));
  if (preview === undefined && entries.length === 0) return plain;
  const second = preview && [
    [0x103, 3, 1, 6] as const,
    [0x201, LONG, 1, preview] as const,
    [0x202, LONG, 1, preview.length] as const,
  ];
  return jpegAround(plain, exifSegment(tiff(entries, [], [], second)));
}
