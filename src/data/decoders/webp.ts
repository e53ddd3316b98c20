// WebP: lossy, lossless and alpha by libwebp's own code (compiled to WebAssembly); of an animation the first frame,
// cut out of its container here (RFC 9649).
import { CODEC_FILES } from "./codecs.js";
import {
  BadImage,
  checkSize,
  type Decoder,
  type StoredHeader,
  type StoredImage,
  TRUNCATED,
  textAt,
  viewOver,
} from "./image.js";
import { wasmCodec } from "./wasm-codec.js";

interface Chunk {
  readonly type: string;
  /** Beginning and length of its content. */
  readonly start: number;
  readonly length: number;
}

/** The chunks between two places; each is a type, a length, and content padded to an even length. */
function* chunksOf(bytes: Uint8Array, from: number, to: number): Generator<Chunk> {
  const view = viewOver(bytes);
  for (let at = from; at + 8 <= to; ) {
    const length = view.getUint32(at + 4, true);
    yield { type: textAt(bytes, at, 4), start: at + 8, length };
    at += 8 + length + (length % 2);
  }
}

const uint24 = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

function readHeader(bytes: Uint8Array): StoredHeader {
  const view = viewOver(bytes);
  const type = textAt(bytes, 12, 4);
  let [width, height, alpha] = [0, 0, false];
  if (type === "VP8X") {
    width = uint24(view, 24) + 1;
    height = uint24(view, 27) + 1;
    alpha = (view.getUint8(20) & 16) !== 0;
  } else if (type === "VP8L") {
    const packed = view.getUint32(21, true);
    width = (packed & 0x3fff) + 1;
    height = ((packed >>> 14) & 0x3fff) + 1;
    alpha = ((packed >>> 28) & 1) === 1;
  } else if (type === "VP8 ") {
    width = view.getUint16(26, true) & 0x3fff;
    height = view.getUint16(28, true) & 0x3fff;
  } else throw new BadImage("damaged-image", "its WebP header is damaged");
  const pixelBytes = alpha ? 4 : 3;
  checkSize(width, height, pixelBytes);
  return { format: "WebP", width, height, mode: alpha ? "RGBA" : "RGB", depth: 8, pixelBytes };
}

const runCodec = wasmCodec(() => import("@jsquash/webp/codec/dec/webp_dec.js"), CODEC_FILES.webp);

async function decodeStill(bytes: Uint8Array): Promise<Uint8Array> {
  const { rgba } = await runCodec(bytes);
  if (rgba === undefined) throw new BadImage("damaged-image", "its WebP data are damaged or end too early");
  return rgba;
}

async function decode(bytes: Uint8Array): Promise<StoredImage> {
  const header = readHeader(bytes);
  const { width, height, mode } = header;
  const size = 8 + viewOver(bytes).getUint32(4, true);
  if (size > bytes.length) throw new BadImage("damaged-image", TRUNCATED);
  const frame = [...chunksOf(bytes, 12, size)].find((chunk) => chunk.type === "ANMF");
  const rgba = frame === undefined ? await decodeStill(bytes) : await decodeFrame(bytes, frame, header);
  if (mode === "RGBA") return { ...header, channels: 4, data: rgba };
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3)
    for (let c = 0; c < 3; c++) data[to + c] = rgba[from + c]!;
  return { ...header, channels: 3, data };
}

/** An animation's frame as a still image of its own, laid on a canvas of transparent black. */
async function decodeFrame(bytes: Uint8Array, frame: Chunk, { width, height }: StoredHeader): Promise<Uint8Array> {
  const view = viewOver(bytes);
  const [left, top] = [2 * uint24(view, frame.start), 2 * uint24(view, frame.start + 3)];
  const [columns, rows] = [uint24(view, frame.start + 6) + 1, uint24(view, frame.start + 9) + 1];
  const content = bytes.subarray(frame.start + 16, frame.start + frame.length);
  if (left + columns > width || top + rows > height) throw new BadImage("damaged-image", "its WebP data are damaged");

  const still = new Uint8Array(30 + content.length);
  const out = viewOver(still);
  still.set(new TextEncoder().encode("RIFF____WEBPVP8X"));
  out.setUint32(4, still.length - 8, true);
  out.setUint32(16, 10, true);
  out.setUint8(20, textAt(content, 0, 4) === "VP8 " ? 0 : 16);
  still.set(bytes.subarray(frame.start + 6, frame.start + 12), 24);
  still.set(content, 30);
  const rgba = await decodeStill(still);

  const canvas = new Uint8Array(width * height * 4);
  for (let row = 0; row < rows; row++)
    canvas.set(rgba.subarray(row * columns * 4, (row + 1) * columns * 4), ((top + row) * width + left) * 4);
  return canvas;
}

export const webp: Decoder = { readHeader, decode };
