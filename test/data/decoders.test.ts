// Decoding beyond Pillow's fixtures: formats told by content, bounds before allocation, a sentence for each failure.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zlibSync } from "fflate";
import { decodeImage, imageFormatOf, readImageHeader, UndecodableImage } from "../../src/data/index.js";
import { fixtureImage } from "./folder-fixture.js";

const refuses = (bytes: Uint8Array, pattern: RegExp): Promise<void> =>
  assert.rejects(decodeImage(bytes, "a/图.png"), (error) => {
    assert.ok(error instanceof UndecodableImage, String(error));
    assert.equal(error.file, "a/图.png");
    assert.equal(error.message, `cannot decode a/图.png: ${error.reason}`);
    assert.match(error.reason, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });

/** A copy with some bytes set. */
function changed(name: string, at: number, ...values: number[]): Uint8Array {
  const bytes = fixtureImage(name);
  bytes.set(values, at);
  return bytes;
}

test("the format is told by the content, not the name", async () => {
  assert.equal(imageFormatOf(fixtureImage("jpeg-420.jpg")), "JPEG");
  assert.equal((await decodeImage(fixtureImage("jpeg-420.jpg"), "wrong.png")).format, "JPEG");
  assert.equal(imageFormatOf(new TextEncoder().encode("text")), undefined);
});

test("Node's Buffer, which may be a window into a larger memory, decodes like plain bytes", async () => {
  for (const name of ["png-2-8-plain.png", "jpeg-420.jpg", "gif-palette.gif", "bmp-RGB.bmp", "webp-lossy.webp"]) {
    const bytes = fixtureImage(name);
    const window = Buffer.alloc(bytes.length + 5, 0xff).subarray(3, bytes.length + 3);
    window.set(bytes);
    assert.deepEqual(await decodeImage(window, name), await decodeImage(bytes, name));
  }
});

test("files that are no images", async () => {
  await refuses(new Uint8Array(0), /^the file is empty \(0 bytes\); copy or download it again$/);
  await refuses(new TextEncoder().encode("hello"), /^expected a PNG, JPEG, GIF, BMP or WebP image/);
});

test("truncated files of every format", async () => {
  for (const name of ["png-2-8-plain.png", "jpeg-420.jpg", "gif-palette.gif", "bmp-RGB.bmp", "webp-lossy.webp"]) {
    const bytes = fixtureImage(name);
    await refuses(bytes.subarray(0, bytes.length * 0.7), /truncated|end too early/);
    await refuses(bytes.subarray(0, 20), /truncated|end too early|damaged/);
    assert.equal(await readImageHeader(bytes.subarray(0, 16), name), undefined, "a header that is not there yet");
  }
  // The codec must still work after it has given up on a file.
  assert.equal((await decodeImage(fixtureImage("jpeg-420.jpg"), "good.jpg")).width, 37);
});

test("damaged PNG files", async () => {
  for (const name of ["png-2-8-plain.png", "png-0-8-adam7.png", "png-3-2-adam7.png"]) {
    await refuses(changed(name, 23, 12), /PNG data are damaged \(CRC mismatch for chunk IHDR/);
    await refuses(changed(name, 100, fixtureImage(name)[100]! ^ 255), /PNG data are damaged/);
  }
  await refuses(changed("png-2-8-plain.png", 24, 3), /PNG header is damaged/);
  const bytes = fixtureImage("png-2-8-plain.png");
  await refuses(bytes.subarray(0, bytes.length - 12), /truncated/);
});

test("PNG chunks without pixels are left alone, and too much data for the pixels is refused", async () => {
  const bytes = fixtureImage("png-3-4-plain.png");
  const expected = await decodeImage(bytes, "plain.png");
  /** The file with one more chunk after its header, without a checksum. */
  const withChunk = (type: string, content: Uint8Array): Uint8Array => {
    const chunk = new Uint8Array(12 + content.length);
    new DataView(chunk.buffer).setUint32(0, content.length);
    chunk.set(new TextEncoder().encode(type), 4);
    chunk.set(content, 8);
    return Uint8Array.from([...bytes.subarray(0, 33), ...chunk, ...bytes.subarray(33)]);
  };
  for (const type of ["iCCP", "tRNS", "tEXt", "pHYs"])
    assert.deepEqual(await decodeImage(withChunk(type, new Uint8Array(7).fill(1)), type), expected);
  await refuses(withChunk("IDAT", zlibSync(new Uint8Array(10 << 20))), /compressed data are longer than its pixels/);
});

test("JPEG files beyond repair do not spoil the next one", async () => {
  const bytes = fixtureImage("jpeg-420.jpg");
  const table = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc4);
  await refuses(changed("jpeg-420.jpg", table + 5, 255, 255, 255), /JPEG data cannot be decoded \(Bogus Huffman table/);
  assert.equal((await decodeImage(fixtureImage("jpeg-444.jpg"), "good.jpg")).height, 23);
});

test("damaged JPEG files in print colours are one sentence", async () => {
  const bytes = fixtureImage("jpeg-444.jpg");
  const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
  await refuses(changed("jpeg-444.jpg", frame + 9, 4), /JPEG data cannot be decoded/);
  await refuses(changed("jpeg-444.jpg", frame + 4, 12), /its samples have 12 bits, and only 8 are read in JPEG/);
});

test("sizes are bounded before anything is allocated", async () => {
  const header = fixtureImage("png-2-8-plain.png");
  new DataView(header.buffer).setUint32(16, 100_000);
  new DataView(header.buffer).setUint32(20, 100_000);
  await refuses(header, /claims to be 100000 x 100000 pixels, and at most 178956970 in all are read/);
  await refuses(changed("gif-palette.gif", 6, 255, 255, 255, 255), /claims to be 65535 x 65535/);
  await refuses(changed("bmp-RGB.bmp", 18, 0, 0, 0, 0), /claims to be 0 x 23/);
});
