// JPEG: by libjpeg's own code (mozjpeg, compiled to WebAssembly), so that pixels equal Pillow's to the bit; only the
// rare 4:4:0 files (colour halved in height alone) differ by a few levels, and CMYK is refused. Here: the header, and
// what counts as an error. As with Pillow's open, an orientation in the EXIF data is not applied.
import {
  BadImage,
  type ColorMode,
  checkSize,
  type DecodedImage,
  type Decoder,
  type ImageHeader,
  TRUNCATED,
  viewOver,
} from "./image.js";
import { wasmCodec } from "./wasm-codec.js";

/** A frame header is any of SOF0 to SOF15 that is not a table (DHT, JPG, DAC). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const MODES: Record<number, ColorMode> = { 1: "L", 3: "RGB", 4: "CMYK" };

function readHeader(bytes: Uint8Array): ImageHeader {
  const view = viewOver(bytes);
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) throw new BadImage("its JPEG header is damaged");
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++;
    else if (isFrame(marker)) {
      const [height, width, components] = [view.getUint16(at + 5), view.getUint16(at + 7), view.getUint8(at + 9)];
      checkSize(width, height);
      const mode = MODES[components];
      if (mode === undefined) throw new BadImage(`JPEG files of ${components} components are not read`);
      return { format: "JPEG", width, height, mode };
    } else if (marker === 0xd9 || marker === 0xda) throw new BadImage("it is a JPEG file without an image");
    else at += 2 + view.getUint16(at + 2);
  }
}

const runCodec = wasmCodec(
  () => import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js"),
  "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
);

async function decode(bytes: Uint8Array): Promise<DecodedImage> {
  const header = readHeader(bytes);
  if (header.mode === "CMYK") throw new BadImage("it is a JPEG in print colours (CMYK); save it as RGB first");
  const { rgba, said } = await runCodec(bytes, false);
  if (said.some((line) => line.startsWith("Premature end"))) throw new BadImage(TRUNCATED);
  if (rgba === undefined) throw new BadImage(`its JPEG data cannot be decoded (${said.join("; ")})`);
  const channels = header.mode === "L" ? 1 : 3;
  const data = new Uint8Array(header.width * header.height * channels);
  for (let from = 0, to = 0; to < data.length; from += 4, to += channels)
    for (let c = 0; c < channels; c++) data[to + c] = rgba[from + c]!;
  return { ...header, channels, data };
}

export const jpeg: Decoder = { readHeader, decode };
