// JPEG files with bytes between their segments, odd or damaged application segments, or something behind their end: they
// open where libjpeg's programs (Pillow, browsers, TensorFlow) open them, to the same pixels as the undamaged file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DecodedImage, decodeImage, loadImage, readImageHeader } from "../../src/data/index.js";
import { fixtureImage } from "../data/folder-fixture.js";
import { exifSegment, exifWith, joined, segment } from "./made-images.js";

const FILES = ["jpeg-420.jpg", "jpeg-420-progressive.jpg", "jpeg-grey.jpg", "jpeg-restart.jpg"];

/** Offsets at which the segments of an undamaged file begin, the first scan's included. */
function segmentStarts(bytes: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 2; ; at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!) {
    starts.push(at);
    if (bytes[at + 1] === 0xda) return starts;
  }
}

const insert = (bytes: Uint8Array, at: number, what: Uint8Array): Uint8Array =>
  joined(bytes.subarray(0, at), what, bytes.subarray(at));

const same = async (bytes: Uint8Array, expected: DecodedImage, what: string): Promise<void> => {
  const image = await decodeImage(bytes, what);
  assert.deepEqual(image, expected, what);
  const header = await readImageHeader(bytes, what);
  assert.deepEqual([header!.width, header!.height, header!.mode], [image.width, image.height, image.mode], what);
};

const JUNK: Readonly<Record<string, Uint8Array>> = {
  hello: joined("hello"),
  zeros: new Uint8Array(100),
  "fill bytes": new Uint8Array(5000).fill(0xff),
  "an escaped byte": joined("a\xff\0b"),
  "a restart marker": Uint8Array.of(0xff, 0xd0),
  "an empty comment": Uint8Array.of(0xff, 0xfe, 0, 2),
  "a comment that says it has no bytes, not even its length": Uint8Array.of(0xff, 0xfe, 0, 0),
  "damaged EXIF data": segment(0xe1, joined("Exif\0\0II*\0\xff\xff\xff\xff", new Uint8Array(300).fill(0xee))),
  "EXIF data cut off": exifSegment(exifWith(1).subarray(0, 13)),
  "an Adobe segment of one byte": segment(0xee, joined("A")),
  "a colour profile that is none": segment(0xe2, joined("ICC_PROFILE\0\x01\x05junk")),
};

for (const name of FILES)
  test(`${name} with bytes between any two segments`, async () => {
    const bytes = fixtureImage(name);
    const expected = await decodeImage(bytes, name);
    // A file must begin as one: nothing stands before its second marker.
    const [, ...starts] = segmentStarts(bytes);
    for (const start of starts)
      for (const [what, junk] of Object.entries(JUNK))
        await same(insert(bytes, start, junk), expected, `${what} at ${start}`);
  });

test("a segment that says it is shorter than it is leaves junk, which is skipped", async () => {
  const bytes = fixtureImage("jpeg-420.jpg");
  const expected = await decodeImage(bytes, "whole");
  for (const length of [2, 3, 30, 99])
    await same(
      insert(bytes, 2, joined(Uint8Array.of(0xff, 0xe5, 0, length), "x".repeat(98))),
      expected,
      `length ${length}`,
    );
});

test("what stands behind the end of the image is not read", async () => {
  for (const name of FILES) {
    const bytes = fixtureImage(name);
    const expected = await decodeImage(bytes, name);
    for (const tail of [joined("tail"), new Uint8Array(1000), bytes, Uint8Array.of(0xff)])
      await same(joined(bytes, tail), expected, `${name} and ${tail.length} bytes`);
  }
});

test("what Pillow refuses is refused in a sentence", async () => {
  const bytes = fixtureImage("jpeg-420.jpg");
  const refused: readonly (readonly [Uint8Array, RegExp])[] = [
    [bytes.subarray(0, bytes.length - 2), /end too early; the file is truncated/],
    [bytes.subarray(0, bytes.length - 20), /end too early; the file is truncated/],
    [insert(bytes, 2, Uint8Array.of(0xff, 0xe5, 0xff, 0xff)), /without an image|end too early|cannot be decoded/],
    [insert(bytes, 2, Uint8Array.of(0xff, 0xd8)), /cannot be decoded/],
    [joined(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)), /a JPEG file without an image/],
  ];
  for (const [file, said] of refused) await assert.rejects(loadImage(file), said);
});
