// Hostile files: each ends in sentences, whatever lengths it states, and no block of it is unpacked or parsed beyond its
// limit. Memory is held by counting the bytes that reach a method, time by the work that is left undone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openedImage } from "../../src/forensics/examine.js";
import { examine } from "../../src/forensics/index.js";
import { MOST_BLOCK_BYTES } from "../../src/forensics/metadata/blocks.js";
import { metadataOf } from "../../src/forensics/metadata/metadata.js";
import { xmpProperties } from "../../src/forensics/metadata/xmp.js";
import {
  ascii,
  chunk,
  exifSegment,
  jpegWith,
  packedText,
  pngText,
  pngWith,
  segment,
  tiff,
  xmpPacket,
  xmpSegment,
} from "./made-files.js";

/** The problems of a file, which the method about its blocks tells in a sentence. */
async function problemsOf(bytes: Uint8Array): Promise<string> {
  const { evidence } = await examine(bytes, { name: "hostile" });
  const { finding, sentence } = evidence.find(({ method }) => method === "structure")!;
  assert.equal(finding, "notable");
  return sentence;
}

const MB = 2 ** 20;

/** A TIFF structure that begins like one, with bytes of a test behind it. */
function rawTiff(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  fill(new DataView(bytes.buffer));
  return bytes;
}

test("directories of EXIF that lead round in a circle are not followed", async () => {
  const toItself = rawTiff(64, (view) => {
    view.setUint16(8, 1, true);
    view.setUint16(10, 0x8769, true);
    view.setUint16(12, 4, true);
    view.setUint32(14, 1, true);
    view.setUint32(18, 8, true);
  });
  const nextIsFirst = rawTiff(64, (view) => view.setUint32(10, 8, true));
  for (const structure of [toItself, nextIsFirst])
    assert.equal(
      await problemsOf(jpegWith(exifSegment(structure))),
      "The directories of the EXIF data lead round in a circle.",
    );
});

test("a bomb of EXIF entries is not parsed", async () => {
  // 5,000 entries of which each claims the same 60,000 bytes.
  const many = rawTiff(62_000, (view) => {
    view.setUint16(8, 5000, true);
    for (let at = 10; at + 12 <= 60_010; at += 12) {
      view.setUint16(at, 0x10e, true);
      view.setUint16(at + 2, 2, true);
      view.setUint32(at + 4, 60_000, true);
    }
  });
  assert.match(await problemsOf(jpegWith(exifSegment(many))), /more than 2000 entries/);
  const claims = rawTiff(200, (view) => {
    view.setUint16(8, 10, true);
    for (let i = 0; i < 10; i++) {
      view.setUint16(10 + 12 * i, 0x10e, true);
      view.setUint16(12 + 12 * i, 12, true);
      view.setUint32(14 + 12 * i, 0xffffffff, true);
    }
  });
  assert.match(await problemsOf(jpegWith(exifSegment(claims))), /claim to be longer than the data are/);
});

test("a hundred directories in a row are not followed", async () => {
  const chain = rawTiff(8 + 100 * 6, (view) => {
    for (let i = 0; i < 100; i++) view.setUint32(8 + 6 * i + 2, 8 + 6 * (i + 1), true);
  });
  assert.match(await problemsOf(jpegWith(exifSegment(chain))), /more than 16 directories/);
});

test("a packet of XMP of 100 MB is told and not read", async () => {
  const packet = new Uint8Array(100 * MB).fill(32);
  packet.set(new TextEncoder().encode("XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>"));
  const bytes = pngWith(chunk("iTXt", packet));
  assert.match(await problemsOf(bytes), /XMP data are larger than 1048576 bytes/);
  const { xmp, blocks } = await metadataOf(await openedImage(bytes, {}));
  assert.deepEqual([xmp.length, blocks.xmp.length], [0, 0]);
});

test("XMP in 100 segments of JPEG is read up to its limit", async () => {
  const part = segment(
    0xe1,
    new TextEncoder().encode("http://ns.adobe.com/xmp/extension/\0"),
    new Uint8Array(60_000).fill(60),
  );
  const bytes = jpegWith(...Array.from({ length: 100 }, () => part));
  assert.match(await problemsOf(bytes), /XMP data are larger/);
  const { blocks } = await metadataOf(await openedImage(bytes, {}));
  assert.ok(blocks.xmp.reduce((sum, { length }) => sum + length, 0) <= 2 * MOST_BLOCK_BYTES);
});

test("packed texts are unpacked up to their limits, one by one and together", async () => {
  assert.match(await problemsOf(pngWith(packedText("a", 64 * MB))), /packed text data are larger/);
  const many = pngWith(...Array.from({ length: 20 }, (_, i) => packedText(`t${i}`, MB - 1)));
  assert.match(await problemsOf(many), /text data are larger/);
  const { texts } = await metadataOf(await openedImage(many, {}));
  assert.ok(texts.length <= 5, `${texts.length} texts of 1 MB each`);
  const damaged = pngWith(chunk("zTXt", new TextEncoder().encode("a\0\0no zlib at all")));
  assert.match(await problemsOf(damaged), /A packed text is damaged/);
});

test("more texts and pieces than any photograph has are counted and left", async () => {
  assert.match(
    await problemsOf(pngWith(...Array.from({ length: 1000 }, (_, i) => pngText(`t${i}`, "x")))),
    /text data are larger|more than 200 texts/,
  );
  assert.match(
    await problemsOf(pngWith(...Array.from({ length: 21_000 }, () => chunk("abCd")))),
    /more than 20000 pieces/,
  );
});

test("XML without end, of any depth and with entities of its own is read as text or not at all", () => {
  assert.equal(xmpProperties("<".repeat(MB)).isWhole, false);
  assert.equal(xmpProperties("<a>".repeat(100_000)).isWhole, false);
  assert.equal(xmpProperties(`<a ${"b".repeat(MB)}`).isWhole, false);
  assert.equal(xmpProperties(`<a ${"b ".repeat(MB / 2)}>`).isWhole, false);
  assert.equal(xmpProperties(`<!-- ${"- ".repeat(1000)}`).isWhole, false);
  const laughs = `<!DOCTYPE x [<!ENTITY a "${"ha".repeat(20)}">]><x:b>&a;&a;&#x110000;&amp;lt;</x:b>`;
  const read = xmpProperties(laughs).properties;
  assert.ok(
    read.every(({ value }) => !value.includes("haha")),
    "entities are not put in",
  );
  const names = `${Array.from({ length: 5000 }, (_, i) => `xmlns:n${i}="u${i}"`).join(" ")}`;
  assert.equal(xmpProperties(`<a ${names}>${'<b xmlns:c="d" c:e="f"/>'.repeat(5000)}</a>`).properties.length, 2000);
});

test("a file that is cut off at any byte ends in a sentence", async () => {
  const whole = jpegWith(
    exifSegment(tiff([ascii(0x10f, "Canon")], [ascii(0x9003, "2024:05:31 12:30:00")])),
    xmpSegment(xmpPacket('xmp:CreatorTool="GIMP"')),
  );
  for (let length = 3; length < whole.length; length += 7)
    try {
      const { evidence, conclusion } = await examine(whole.subarray(0, length), { name: "cut" });
      assert.ok(evidence.every(({ sentence }) => sentence.endsWith(".")));
      assert.notEqual(conclusion, "contradiction found");
    } catch (error) {
      assert.match(String(error), /^(UndecodableImage|FoveaError): .*cut/);
    }
});

test("names and values of a file that command a terminal or a page stay text", async () => {
  const name = "<script>alert(1)</script>\u001b[31m\u202e";
  const bytes = jpegWith(exifSegment(tiff([ascii(0x10f, name), ascii(0x131, name)])));
  const { evidence } = await examine(bytes, { name: "odd" });
  assert.ok(evidence.some(({ rows = [] }) => rows.some(({ value }) => value.includes("<script>"))));
});

test("what is no image, empty, or too large is refused in one sentence", async () => {
  await assert.rejects(examine(new Uint8Array(0), { name: "empty.jpg" }), /cannot decode empty.jpg: the file is empty/);
  await assert.rejects(examine(Uint8Array.of(1, 2, 3), { name: "odd.jpg" }), /cannot decode odd.jpg/);
  await assert.rejects(examine(new Uint8Array(513 * MB), { name: "large.jpg" }), /at most 536870912 are examined/);
});
