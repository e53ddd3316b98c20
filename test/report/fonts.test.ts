// The embedded font: the glyphs asked for, unchanged, and no others; nothing at all where no Chinese occurs.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { readAsset } from "../../src/platform/index.js";
import { FONT_NOTICE, fontFace, standaloneSvg } from "../../src/report/fonts/embed.js";
import { glyphsOf, subsetFont } from "../../src/report/fonts/subset.js";
import { type FontTables, readWoff, viewOf, writeWoff } from "../../src/report/fonts/woff.js";
import { CLASS_NAMES } from "./made-up-run.js";

const folder = new URL("../../../assets/fonts/", import.meta.url);
const whole = readWoff(await readAsset(new URL("fovea-hanzi.woff", folder)));
const codesOf = (text: string): number[] => [...text].map((c) => c.codePointAt(0)!).sort((a, b) => a - b);

/** The outline of a character, by the tables' own offsets. */
function outline(font: FontTables, code: number): Uint8Array {
  const glyph = glyphsOf(font).get(code)!;
  const loca = viewOf(font.get("loca")!);
  return font.get("glyf")!.slice(loca.getUint32(glyph * 4), loca.getUint32(glyph * 4 + 4));
}

test("the font has the lecture's characters and all of GB 2312's first level", () => {
  const glyphs = glyphsOf(whole);
  assert.deepEqual(
    CLASS_NAMES.filter((name) => !glyphs.has(name.codePointAt(0)!)),
    [],
  );
  assert.ok(glyphs.size > 6700, `${glyphs.size} characters`);
  assert.ok(existsSync(new URL("OFL.txt", folder)), "the licence travels with the font");
});

test("a subset survives packing and keeps outlines, metrics and names", () => {
  const codes = codesOf("太大人从众あ，");
  const subset = readWoff(writeWoff(subsetFont(whole, codes)));
  assert.deepEqual([...glyphsOf(subset).keys()], codes);
  for (const code of codes) {
    const before = outline(whole, code);
    assert.ok(before.length > 20);
    assert.deepEqual(outline(subset, code).subarray(0, before.length), before);
  }
  assert.equal(viewOf(subset.get("maxp")!).getUint16(4), codes.length + 1);
  assert.equal(subset.get("hmtx")!.length, 4 * (codes.length + 1));
  assert.equal(viewOf(subset.get("hmtx")!).getUint16(4 * codes.length), 1000);
  assert.deepEqual(subset.get("name"), whole.get("name"));
});

test("the packed font's checksums add up to the constant of the OpenType specification", () => {
  const tables = readWoff(writeWoff(subsetFont(whole, codesOf("太"))));
  const sum = (bytes: Uint8Array): number => {
    const padded = new Uint8Array((bytes.length + 3) & ~3);
    padded.set(bytes);
    let total = 0;
    for (let i = 0; i < padded.length; i += 4) total = (total + viewOf(padded).getUint32(i)) >>> 0;
    return total;
  };
  const bytes = plainFont(tables, (table, tag) => {
    if (tag !== "head") return sum(table);
    const zeroed = table.slice();
    viewOf(zeroed).setUint32(8, 0);
    return sum(zeroed);
  });
  assert.equal(sum(bytes).toString(16), "b1b0afba");
});

/** The tables as one TrueType file, written here a second time to check the first. */
function plainFont(tables: FontTables, checksum: (table: Uint8Array, tag: string) => number): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const directory = new DataView(new ArrayBuffer(12 + 16 * sorted.length));
  directory.setUint32(0, 0x10000);
  [sorted.length, 128, 3, 16 * sorted.length - 128].forEach((value, i) => {
    directory.setUint16(4 + 2 * i, value);
  });
  const parts: number[] = [];
  sorted.forEach(([tag, table], i) => {
    const entry = 12 + 16 * i;
    for (let k = 0; k < 4; k++) directory.setUint8(entry + k, tag.charCodeAt(k));
    directory.setUint32(entry + 4, checksum(table, tag));
    directory.setUint32(entry + 8, directory.byteLength + parts.length);
    directory.setUint32(entry + 12, table.length);
    parts.push(...table, ...new Array<number>(-table.length & 3).fill(0));
  });
  return Uint8Array.from([...new Uint8Array(directory.buffer), ...parts]);
}

test("a page without Chinese gets no font, unknown characters none of ours", async () => {
  assert.equal(await fontFace("ants and bees, Käfer, кот"), "");
  assert.equal(await fontFace("한국어 𠮷"), "");
  const some = await fontFace("太 not 大 한");
  assert.match(
    some,
    /^@font-face\{font-family:"Fovea Hanzi";src:url\(data:font\/woff;base64,[\w+/=]+\) format\("woff"\)/,
  );
  assert.ok(some.length < 4000, `${some.length} characters for two glyphs`);
  assert.equal(await fontFace("大太"), await fontFace("太大"));
});

test("a chart that stands alone carries its own glyphs", async () => {
  assert.match(
    await standaloneSvg("<svg a='1'><text>太</text></svg>"),
    /^<svg a='1'><style>@font-face.*svg\{background:#fff\}.*<\/style><text>/,
  );
  assert.match(FONT_NOTICE, /Open Font License/);
});

test("a file that is no font is refused", () => {
  assert.throws(() => readWoff(new Uint8Array(100)), /expected a WOFF file/);
});
