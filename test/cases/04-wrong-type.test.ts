// Files that are not what their names say: decoding and inspecting tell what each is and what to do.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync, zipSync } from "fflate";
import { inspectFolder, loadImage, loadImages, readImageHeader } from "../../src/data/index.js";
import { fovea, workplace } from "../cli/fovea.js";
import { fixtureImage } from "../data/folder-fixture.js";
import { joined } from "./made-images.js";

const image = fixtureImage("jpeg-420.jpg");
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const brand = (name: string, ...others: string[]): Uint8Array =>
  joined(Uint8Array.of(0, 0, 0, 16 + 4 * others.length), `ftyp${name}\0\0\0\0`, others.join(""), new Uint8Array(60));

/** Files of wrong types, each with a pattern for the words that its error must have. */
const FILES: readonly (readonly [name: string, content: Uint8Array, said: RegExp])[] = [
  [
    "html",
    text("<!DOCTYPE html>\n<html><body>404</body></html>"),
    /an HTML page, .*; download or export the image again/,
  ],
  ["html with a mark and a comment", text("\ufeff<!-- x -->\n<HTML lang=zh><svg></svg>"), /an HTML page/],
  ["html in GBK", joined("<html><title>", Uint8Array.of(0xb4, 0xed, 0xce, 0xf3), "</title>"), /an HTML page/],
  [
    "lfs",
    text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
    /a Git LFS pointer.*git lfs pull/,
  ],
  ["gzip", gzipSync(image), /packed with gzip; unpack it/],
  ["zip", zipSync({ "a.jpg": image }), /a zip archive.*; unpack it/],
  ["7z", joined("7z\xbc\xaf\x27\x1c", new Uint8Array(20)), /a packed file or archive/],
  ["avif", brand("avif", "mif1", "miaf"), /an AVIF image; convert it to PNG, JPEG or WebP/],
  ["avif by compatible brands", brand("mif1", "avif"), /an AVIF image/],
  ["heic", brand("heic", "mif1"), /a HEIC image, as iPhones take them; convert it to PNG/],
  ["heif", brand("mif1", "heic"), /a HEIC image/],
  ["mp4", brand("isom", "mp41"), /a video/],
  ["tiff, little-endian", joined("II*\0\x08\0\0\0", new Uint8Array(50)), /a TIFF image/],
  ["tiff, big-endian", joined("MM\0*\0\0\0\x08", new Uint8Array(50)), /a TIFF image/],
  ["svg", text('<svg xmlns="http://www.w3.org/2000/svg"/>'), /an SVG drawing.*; export it as PNG/],
  [
    "svg with all before it",
    text('<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg [ <!ENTITY a "b"> ]>\n<svg/>'),
    /an SVG/,
  ],
  ["pdf", text("%PDF-1.7\n"), /a PDF document; export its pages/],
  ["psd", joined("8BPS\0\x01", new Uint8Array(20)), /a Photoshop document/],
  ["jpeg 2000", joined("\0\0\0\x0cjP  \r\n\x87\n", new Uint8Array(9)), /a JPEG 2000 image/],
  ["jpeg xl", joined("\xff\x0a", Uint8Array.of(1, 2, 3, 250)), /a JPEG XL image/],
  ["icon", joined("\0\0\x01\0\x01\0", new Uint8Array(20)), /a Windows icon/],
  ["ppm", joined("P6\n2 2\n255\n", new Uint8Array(12)), /a Netpbm image/],
  ["dicom", joined(new Uint8Array(128), "DICM", new Uint8Array(9)), /a DICOM image/],
  ["npy", joined("\x93NUMPY\x01\0", new Uint8Array(9)), /a NumPy array/],
  ["thumbs.db", joined("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", new Uint8Array(9)), /Thumbs\.db/],
  ["apple double", joined("\0\x05\x16\x07\0\x02\0\0", new Uint8Array(9)), /AppleDouble/],
  ["json", text('{"message": "Not Found"}'), /JSON text/],
  ["xml", text('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), /XML text/],
  ["base64", text("data:image/png;base64,iVBORw0KGgo="), /an image written as text \(base64\)/],
  ["text", text("没有找到"), /it is text; download or export/],
  ["utf-16", joined("\xff\xfen\0o\0t\0 \0f\0o\0u\0n\0d\0"), /it is text/],
  ["zeros", new Uint8Array(2000), /nothing but zeros; the copy or download broke off/],
  ["empty", new Uint8Array(0), /the file is empty \(0 bytes\); copy or download it again/],
  ["none of these", Uint8Array.of(1, 2, 3, 200, 0, 7), /^[^;]*the file is of another format$/],
];

for (const [name, content, said] of FILES)
  test(`${name} is named`, async () => {
    await assert.rejects(loadImage(content), (error: Error) => {
      assert.match(error.message, said);
      assert.match(error.message, /^cannot decode the image: [^\n]*$/);
      return true;
    });
    if (content.length > 0) await assert.rejects(readImageHeader(content, "x.png"), said);
  });

test("inspect and loading name each, with and without pixels", async (t) => {
  const folder = workplace(t);
  for (const group of ["good", "bad"]) mkdirSync(join(folder, "set", group), { recursive: true });
  for (const n of [0, 1, 2, 3]) writeFileSync(join(folder, "set/good", `${n}.jpg`), image);
  writeFileSync(join(folder, "set/bad/ok.jpg"), image);
  const named = FILES.slice(0, 30);
  for (const [i, [, content]] of named.entries()) writeFileSync(join(folder, "set/bad", `${100 + i}.jpg`), content);
  for (const verify of [false, true]) {
    const { splits } = await inspectFolder(join(folder, "set"), { verify });
    const bad = splits[0]!.problems.filter(({ path }) => path.startsWith("bad/1"));
    assert.equal(bad.length, named.length);
    for (const [i, { reason }] of bad.entries()) assert.match(reason, named[i]![2]);
  }
  const { stdout } = await fovea(folder, "inspect", "set", "--verify");
  assert.match(stdout, /bad\/103\.jpg: .*run git lfs pull in its repository/);
  const data = await loadImages(join(folder, "set"), { skipBad: true, cache: false });
  assert.equal(data.files.length, 5);
  for (const [i, { reason }] of data.skipped.entries()) assert.match(reason, named[i]![2]);
});
