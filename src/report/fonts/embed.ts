// The @font-face rule that gives a page or an SVG its Chinese glyphs on any computer, whatever fonts it has.
// Characters that our font lacks are left to the reader's system fonts. The font's licence is assets/fonts/OFL.txt.
import { readAsset } from "../../platform/index.js";
import { EMBEDDED_FAMILY, FONT_STACK } from "../charts/tokens.js";
import { base64 } from "../images/data-uri.js";
import { openFont, type Subsetter } from "./subset.js";

/** Printed on pages that embed the font; the Open Font License asks for the notice. */
export const FONT_NOTICE =
  "Chinese glyphs: Fovea Hanzi, a subset of Noto Sans SC, © 2014–2021 Adobe, SIL Open Font License 1.1";

/** Nothing below this is in the font, so a page without Chinese loads neither the font nor the subsetter. */
const FIRST_CODE = 0x2e80;

let opened: Promise<Subsetter> | undefined;

/**
 * A CSS @font-face rule with just the glyphs that occur in `text`, or "" when it has none of ours.
 * @example (await fontFace("太 not 大")).startsWith("@font-face")
 */
export async function fontFace(text: string): Promise<string> {
  const codes = new Set<number>();
  // Character by character: a list of those of a whole page would be eight times as large as the page.
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= FIRST_CODE) codes.add(code);
  }
  if (codes.size === 0) return "";
  opened ??= readAsset(new URL("../../../../assets/fonts/fovea-hanzi.woff2", import.meta.url)).then(openFont);
  const font = await (await opened)(codes);
  if (font === undefined) return "";
  // The range keeps Latin text, and the line height that the first font sets, with the page's own fonts.
  return `@font-face{font-family:"${EMBEDDED_FAMILY}";src:url(data:font/woff2;base64,${base64(font)}) format("woff2");unicode-range:U+2E80-FFEF}`;
}

/**
 * An SVG chart as a file of its own, with the fonts that the page around it would have given it.
 * @param svg The text of an SVG.
 */
export async function standaloneSvg(svg: string): Promise<string> {
  const style = `${await fontFace(svg)}svg{background:#fff}text{font-family:${FONT_STACK}}`;
  return svg.replace(/^<svg[^>]*>/, (open) => `${open}<style>${style}</style>`);
}
