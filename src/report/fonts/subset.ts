// Takes the glyphs of a few characters out of the Chinese font that ships with Fovea.
// Understands that one font's simple structure (tools/make-hanzi-font.py) and is no general font tool.
import { type FontTables, viewOf } from "./woff.js";

/** Character to glyph, in ascending order of code points. */
export type GlyphMap = ReadonlyMap<number, number>;

const HEAD_LOCA_FORMAT = 50;
const HHEA_METRICS = 34;
const MAXP_GLYPHS = 4;

/** Reads the font's one character map, a cmap subtable of format 12. */
export function glyphsOf(font: FontTables): GlyphMap {
  const view = viewOf(font.get("cmap")!);
  const table = view.getUint32(8);
  const glyphs = new Map<number, number>();
  for (let i = 0; i < view.getUint32(table + 12); i++) {
    const group = table + 16 + 12 * i;
    const [first, last, glyph] = [0, 4, 8].map((at) => view.getUint32(group + at)) as [number, number, number];
    for (let code = first; code <= last; code++) glyphs.set(code, glyph + code - first);
  }
  return glyphs;
}

/**
 * A font with `codes`, which must be in ascending order and in the font, and nothing else.
 * Glyph 0 (.notdef) is kept, as fonts must have it; names and licence are kept as they are.
 */
export function subsetFont(font: FontTables, codes: readonly number[]): FontTables {
  const glyphs = glyphsOf(font);
  const kept = [0, ...codes.map((code) => glyphs.get(code)!)];

  const [glyf, oldLoca, oldHmtx] = [font.get("glyf")!, viewOf(font.get("loca")!), viewOf(font.get("hmtx")!)];
  const shortLoca = viewOf(font.get("head")!).getInt16(HEAD_LOCA_FORMAT) === 0;
  const oldOffset = (glyph: number): number =>
    shortLoca ? oldLoca.getUint16(glyph * 2) * 2 : oldLoca.getUint32(glyph * 4);
  const outlines = kept.map((glyph) => glyf.subarray(oldOffset(glyph), oldOffset(glyph + 1)));
  const loca = new DataView(new ArrayBuffer(4 * (kept.length + 1)));
  let size = 0;
  outlines.forEach((outline, i) => {
    size += (outline.length + 3) & ~3;
    loca.setUint32(4 * (i + 1), size);
  });
  const newGlyf = new Uint8Array(size);
  outlines.forEach((outline, i) => {
    newGlyf.set(outline, loca.getUint32(4 * i));
  });

  const metrics = viewOf(font.get("hhea")!).getUint16(HHEA_METRICS);
  const hmtx = new DataView(new ArrayBuffer(4 * kept.length));
  kept.forEach((glyph, i) => {
    hmtx.setUint16(4 * i, oldHmtx.getUint16(4 * Math.min(glyph, metrics - 1)));
    hmtx.setInt16(4 * i + 2, oldHmtx.getInt16(glyph < metrics ? 4 * glyph + 2 : 4 * metrics + 2 * (glyph - metrics)));
  });

  return new Map<string, Uint8Array>([
    ...font,
    ["glyf", newGlyf],
    ["loca", new Uint8Array(loca.buffer)],
    ["hmtx", new Uint8Array(hmtx.buffer)],
    ["cmap", characterMap(codes)],
    ["head", withUint16(font.get("head")!, HEAD_LOCA_FORMAT, 1)],
    ["hhea", withUint16(font.get("hhea")!, HHEA_METRICS, kept.length)],
    ["maxp", withUint16(font.get("maxp")!, MAXP_GLYPHS, kept.length)],
  ]);
}

/** A cmap of one format 12 subtable that sends the i-th of `codes` to glyph i + 1; neighbours share a group. */
function characterMap(codes: readonly number[]): Uint8Array {
  const groups: { first: number; last: number; glyph: number }[] = [];
  codes.forEach((code, i) => {
    const open = groups.at(-1);
    if (open && open.last + 1 === code) open.last = code;
    else groups.push({ first: code, last: code, glyph: i + 1 });
  });
  const length = 16 + 12 * groups.length;
  const view = new DataView(new ArrayBuffer(12 + length));
  view.setUint16(2, 1);
  view.setUint16(4, 3);
  view.setUint16(6, 10);
  view.setUint32(8, 12);
  view.setUint16(12, 12);
  view.setUint32(16, length);
  view.setUint32(24, groups.length);
  groups.forEach(({ first, last, glyph }, i) => {
    view.setUint32(28 + 12 * i, first);
    view.setUint32(32 + 12 * i, last);
    view.setUint32(36 + 12 * i, glyph);
  });
  return new Uint8Array(view.buffer);
}

function withUint16(table: Uint8Array, at: number, value: number): Uint8Array {
  const copy = table.slice();
  viewOf(copy).setUint16(at, value);
  return copy;
}
