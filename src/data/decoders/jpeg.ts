// JPEG: by libjpeg's own code (mozjpeg, compiled to WebAssembly), so that pixels equal Pillow's to the bit; only the
// rare 4:4:0 files (colour halved in height alone) differ by a few levels. Print colours are jpeg-cmyk.ts's business.
// Here: the header, the bounds, and which of the codec's remarks are errors.
import { type ByteSource, bytesInMemory } from "../../platform/byte-source.js";
import { CODEC_FILES } from "./codecs.js";
import {
  BadImage,
  type ColorMode,
  checkSize,
  type Decoder,
  MAX_PIXELS,
  type StoredHeader,
  type StoredImage,
  TRUNCATED,
  viewOver,
} from "./image.js";
import { END_OF_IMAGE, START_OF_SCAN, segmentsOf } from "./jpeg-segments.js";
import { wasmCodec } from "./wasm-codec.js";

/** A frame header is any of SOF0 to SOF15 that is not a table (DHT, JPG, DAC). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const MODES: Record<number, ColorMode> = { 1: "L", 3: "RGB", 4: "CMYK" };

/** The decoder of print colours keeps coefficients as 32-bit numbers, so that its pixels count for more. */
const PIXEL_BYTES: Partial<Record<ColorMode, number>> = { L: 1, RGB: 3, CMYK: 10 };

function readHeader(bytes: Uint8Array): StoredHeader {
  const view = viewOver(bytes);
  for (const { marker, start } of segmentsOf(bytesInMemory(bytes))) {
    if (marker === END_OF_IMAGE || marker === START_OF_SCAN)
      throw new BadImage("damaged-image", "it is a JPEG file without an image");
    if (!isFrame(marker)) continue;
    const bits = view.getUint8(start);
    const [height, width, components] = [
      view.getUint16(start + 1),
      view.getUint16(start + 3),
      view.getUint8(start + 5),
    ];
    const mode = MODES[components];
    if (mode === undefined)
      throw new BadImage("unsupported-image", `JPEG files of ${components} components are not read`);
    if (bits !== 8)
      throw new BadImage(
        "damaged-image",
        `its samples have ${bits} bits, and only 8 are read in JPEG; save it with 8 bits`,
      );
    const pixelBytes = PIXEL_BYTES[mode]!;
    checkSize(width, height, pixelBytes);
    return { format: "JPEG", width, height, mode, depth: 8, pixelBytes };
  }
  throw new RangeError("the file ends before the frame header");
}

/** More scans than any encoder writes: 10 are usual, optimizers reach some 20. */
const MAX_SCANS = 100;
/** Each scan goes over all pixels: what all scans together may go over. */
const MAX_SCANNED_PIXELS = 16 * MAX_PIXELS;

/** Refuses progressive files that repeat their scans, each of a few bytes, over and over. */
export function checkScans(file: ByteSource, { width, height }: Pick<StoredHeader, "width" | "height">): void {
  const most = Math.min(MAX_SCANS, Math.floor(MAX_SCANNED_PIXELS / (width * height)));
  let scans = 0;
  for (const { marker } of segmentsOf(file)) {
    if (marker === START_OF_SCAN) scans++;
    if (scans > most)
      throw new BadImage(
        "too-large",
        `its ${width} x ${height} pixels come in more than ${most} scans, which takes very long and no camera or program does; save it again`,
      );
  }
}

const runCodec = wasmCodec(() => import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js"), CODEC_FILES.jpeg);

async function decode(bytes: Uint8Array): Promise<StoredImage> {
  const header = readHeader(bytes);
  checkScans(bytesInMemory(bytes), header);
  if (header.mode === "CMYK") return { ...header, channels: 3, data: await decodeCmyk(bytes, header) };
  const { rgba, said } = await runCodec(bytes, false);
  if (said.some((line) => line.startsWith("Premature end"))) throw new BadImage("damaged-image", TRUNCATED);
  if (rgba === undefined) throw new BadImage("damaged-image", `its JPEG data cannot be decoded (${said.join("; ")})`);
  const channels = header.mode === "L" ? 1 : 3;
  const length = header.width * header.height * channels;
  if (rgba.length !== 4 * header.width * header.height)
    throw new BadImage("damaged-image", "its JPEG data are damaged");
  // In place, because a large photo is large four times over already.
  for (let from = 0, to = 0; to < length; from += 4, to += channels)
    for (let c = 0; c < channels; c++) rgba[to + c] = rgba[from + c]!;
  return { ...header, channels, data: rgba.subarray(0, length) };
}

async function decodeCmyk(bytes: Uint8Array, header: StoredHeader): Promise<Uint8Array> {
  return (await import("./jpeg-cmyk.js")).decodeCmyk(bytes, header);
}

export const jpeg: Decoder = { readHeader, decode };
