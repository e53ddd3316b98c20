// The @font-face rule that gives a page or an SVG its Chinese glyphs on any computer, whatever fonts it has.
// Characters that our font lacks are left to the reader's system fonts. The font's licence is assets/fonts/OFL.txt.
import { readAsset } from "../../platform/index.js";
import { base64 } from "../images/data-uri.js";
import { glyphsOf, subsetFont } from "./subset.js";
import { type FontTables, readWoff, writeWoff } from "./woff.js";

const EMBEDDED_FAMILY = "Fovea Hanzi";

/** The fonts of pages and charts; the last ones serve characters that the embedded font lacks. */
export const FONT_STACK = `"${EMBEDDED_FAMILY}", -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif`;

/** Printed on pages that embed the font; the Open Font License asks for the notice. */
export const FONT_NOTICE =
  "Chinese glyphs: Fovea Hanzi, a subset of Noto Sans SC, © 2014–2021 Adobe, SIL Open Font License 1.1";

let loaded: Promise<FontTables> | undefined;

/**
 * A CSS @font-face rule with just the glyphs that occur in `text`, or "" when it has none of ours.
 * @example (await fontFace("太 not 大")).startsWith("@font-face")
 */
export async function fontFace(text: string): Promise<string> {
  // Nothing below U+2E80 is in the font, so a page without Chinese never reads it.
  const candidates = new Set([...text].map((character) => character.codePointAt(0)!).filter((code) => code >= 0x2e80));
  if (candidates.size === 0) return "";
  loaded ??= readAsset(new URL("../../../../assets/fonts/fovea-hanzi.woff", import.meta.url)).then(readWoff);
  const font = await loaded;
  const glyphs = glyphsOf(font);
  const codes = [...candidates].filter((code) => glyphs.has(code)).sort((a, b) => a - b);
  if (codes.length === 0) return "";
  const woff = base64(writeWoff(subsetFont(font, codes)));
  // The range keeps Latin text, and the line height that the first font sets, with the page's own fonts.
  return `@font-face{font-family:"${EMBEDDED_FAMILY}";src:url(data:font/woff;base64,${woff}) format("woff");unicode-range:U+2E80-FFEF}`;
}

/** An SVG chart as a file of its own, with the fonts that the page around it would have given it. */
export async function standaloneSvg(svg: string): Promise<string> {
  const style = `${await fontFace(svg)}svg{background:#fff}text{font-family:${FONT_STACK}}`;
  return svg.replace(/^<svg[^>]*>/, (open) => `${open}<style>${style}</style>`);
}
