// The embedded font: the glyphs asked for, unchanged, and no others; nothing at all where no Chinese occurs.
// HarfBuzz's reader of fonts, which the subsetter does not use, says what is in them.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Blob, Face, Font } from "harfbuzzjs";
import { decompress } from "woff2-encoder";
import { readAsset } from "../../src/platform/index.js";
import { FONT_NOTICE, fontFace, standaloneSvg } from "../../src/report/fonts/embed.js";
import { openFont } from "../../src/report/fonts/subset.js";
import { noBrowser, runInBrowser } from "../platform/browser.js";
import fontOfPage from "./font-page.js";
import { CLASS_NAMES } from "./made-up-run.js";

const folder = new URL("../../../assets/fonts/", import.meta.url);
const packed = await readAsset(new URL("fovea-hanzi.woff2", folder));
const codesOf = (text: string): number[] => [...text].map((c) => c.codePointAt(0)!).sort((a, b) => a - b);

interface OpenFont {
  readonly face: Face;
  readonly codes: ReadonlySet<number>;
  /** A character's outline as an SVG path, and how far it moves the pen. */
  readonly glyph: (code: number) => [string, number];
}

async function read(woff2: Uint8Array): Promise<OpenFont> {
  const face = new Face(new Blob(await decompress(woff2)));
  const font = new Font(face);
  const glyph = (code: number): [string, number] => {
    const id = font.nominalGlyph(code)!;
    return [font.glyphToPath(id), font.glyphHAdvance(id)];
  };
  return { face, codes: new Set(face.collectUnicodes()), glyph };
}

const embedded = (css: string): Promise<OpenFont> =>
  read(Buffer.from(/data:font\/woff2;base64,([\w+/=]+)\) format\("woff2"\)/.exec(css)![1]!, "base64"));

const whole = await read(packed);

test("the font has the lecture's characters and all of GB 2312's first level", () => {
  const missing = CLASS_NAMES.filter((name) => !whole.codes.has(name.codePointAt(0)!));
  assert.deepEqual(missing, []);
  assert.ok(whole.codes.size > 6700, `${whole.codes.size} characters`);
  assert.ok(Math.min(...whole.codes) >= 0x2e80, "nothing that fontFace would not look for");
  assert.ok(existsSync(new URL("OFL.txt", folder)), "the licence travels with the font");
});

test("an embedded font has the characters asked for and no others, with outlines, widths and licence kept", async () => {
  const text = "太大人从众あ，";
  const subset = await embedded(await fontFace(`${text} not ${text} 한`));
  assert.deepEqual([...subset.codes], codesOf(text));
  for (const code of subset.codes) {
    assert.ok(whole.glyph(code)[0].length > 20);
    assert.deepEqual(subset.glyph(code), whole.glyph(code));
  }
  const glyphs = subset.face.referenceTable("maxp")!;
  assert.equal(glyphs[4]! * 256 + glyphs[5]!, subset.codes.size + 1, "the characters and .notdef");
  for (const [id, name] of [
    [0, /Adobe/],
    [1, /^Fovea Hanzi$/],
    [13, /Open Font License/],
    [14, /openfontlicense\.org/],
  ] as const)
    assert.match(subset.face.getName(id, "en"), name);
});

test("a page without Chinese gets no font, unknown characters none of ours", async () => {
  assert.equal(await fontFace("ants and bees, Käfer, кот"), "");
  assert.equal(await fontFace("한국어 𠮷"), "");
  const some = await fontFace("太 not 大 한");
  assert.match(some, /^@font-face\{font-family:"Fovea Hanzi";.*unicode-range:U\+2E80-FFEF\}$/);
  assert.ok(some.length < 2000, `${some.length} characters for two glyphs`);
  assert.equal(await fontFace("大太"), await fontFace("太大"));
  assert.notEqual(await fontFace("\u3000"), "", "a space is a glyph, too");
});

test("a chart that stands alone carries its own glyphs", async () => {
  assert.match(
    await standaloneSvg("<svg a='1'><text>太</text></svg>"),
    /^<svg a='1'><style>@font-face.*svg\{background:#fff\}.*<\/style><text>/,
  );
  assert.match(FONT_NOTICE, /Open Font License/);
});

test("a file that is no font is refused", async () => {
  await assert.rejects(openFont(new Uint8Array(100)), /expected a WOFF2 file.*reinstall/);
  await assert.rejects(openFont(packed.subarray(0, 5000)), /expected a WOFF2 file.*reinstall/);
});

test("a browser makes the same font as Node", { skip: noBrowser }, async () => {
  assert.equal(await runInBrowser("../report/font-page.js"), await fontOfPage());
});
