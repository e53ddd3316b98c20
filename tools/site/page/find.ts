// The search of the site, in the page: sections with the words of a query, best first. A word finds all words that begin like
// it; headings count more than text.

/** A page as the search has it: title, address from the root of the site, sections. */
export type SearchPage = readonly [
  title: string,
  address: string,
  sections: readonly (readonly [heading: string, id: string, text: string])[],
];

/** A section that was found. */
export interface Found {
  readonly title: string;
  readonly heading: string;
  /** Address from the root of the site. */
  readonly address: string;
  /** Text around the first word that was found. */
  readonly excerpt: string;
}

export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Words that a question has and an answer need not. */
const LITTLE = new Set(
  "a an and are at can do does for from how i in is it me my of on own or the this to what when where why with".split(
    " ",
  ),
);

/** Words of a query that count: all of them where each is a little one. */
function wantedWords(query: string): readonly string[] {
  const words = [...new Set(wordsOf(query))];
  const large = words.filter((word) => !LITTLE.has(word));
  return large.length > 0 ? large : words;
}

const known = new Map<string, readonly string[]>();

/** Words of a text, and of names the parts too: `earlyStopping` is also a mention of `stopping`. */
function indexed(text: string): readonly string[] {
  const before = known.get(text);
  if (before !== undefined) return before;
  const words = (text.match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((word) => {
    const [, ...rest] = word.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u);
    return [word, ...rest].map((part) => part.toLowerCase());
  });
  known.set(text, words);
  return words;
}

const IN_TITLE = 12;
const IN_HEADING = 8;
/** Points of a heading that is the query, to the letter: names of functions and classes differ in capitals. */
const TO_THE_LETTER = 4;
/** Share of its points that a page of the reference has: names of exports are words of many questions. */
const REFERENCE = 0.4;
/** Share of the page of graphs, whose functions have names of layers. */
const GRAPHS = 0.3;
/** Share of pages for those who read or extend the sources. */
const SOURCES = 0.4;
/** A section has to have more than this share of the words. */
const LEAST = 0.5;
/** A word counts less the more often it comes: the third mention adds little. */
const inText = (count: number): number => Math.log2(1 + 2 * count);
const EXCERPT = 150;

function shareOf(address: string): number {
  if (address.startsWith("reference/")) return address.startsWith("reference/core") ? GRAPHS : REFERENCE;
  return /^(?:inside|decisions|extend)\/|^(?:dependencies|contract-suites)\b/.test(address) ? SOURCES : 1;
}

/** Number of `words` that begin like `wanted`; whole words count twice. */
function mentions(words: readonly string[], wanted: string): number {
  let count = 0;
  for (const word of words) if (word.startsWith(wanted)) count += word.length === wanted.length ? 2 : 1;
  return count / 2;
}

/**
 * Sections for a query, best first; of a page at most three. Sections without some of the words come last.
 * @param most the most sections. Default 12
 * @example find(pages, "segmentation mask")[0]?.address // "segmentation.html#files"
 */
export function find(pages: readonly SearchPage[], query: string, most = 12): Found[] {
  const wanted = wantedWords(query);
  if (wanted.length === 0) return [];
  const found = pages.flatMap(([title, address, sections]) => {
    const inTitle = indexed(title);
    return sections
      .map(([heading, id, text]) => {
        const [inHeading, words] = [wordsOf(heading), [...indexed(heading), ...indexed(text)]];
        const points = wanted.map((word) => {
          const ofWord = IN_HEADING * Math.min(1, mentions(inHeading, word)) + inText(mentions(words, word));
          return ofWord + (ofWord > 0 || id === "" ? IN_TITLE * Math.min(1, mentions(inTitle, word)) : 0);
        });
        const complete = points.filter((number) => number > 0).length / wanted.length;
        const exact = heading === query.trim() ? TO_THE_LETTER : 0;
        const score = shareOf(address) * points.reduce((sum, number) => sum + number, exact) * complete ** 4;
        const link = id === "" ? address : `${address}#${id}`;
        return { complete, score, found: { title, heading, address: link, excerpt: excerptOf(text, wanted) } };
      })
      .filter(({ complete }) => complete > LEAST)
      .sort((a, b) => b.score - a.score)
      .slice(0, 3);
  });
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map((entry) => entry.found);
}

function excerptOf(text: string, wanted: readonly string[]): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  const lower = line.toLowerCase();
  const places = wanted
    .map((word) => lower.search(new RegExp(`(?<![\\p{L}\\p{N}])${word}`, "u")))
    .filter((at) => at >= 0);
  const at = places.length === 0 ? 0 : Math.min(...places);
  const begin = at < EXCERPT / 2 ? 0 : line.indexOf(" ", at - EXCERPT / 2) + 1;
  const end = begin + EXCERPT >= line.length ? line.length : line.lastIndexOf(" ", begin + EXCERPT);
  return `${begin > 0 ? "… " : ""}${line.slice(begin, Math.max(end, at))}${end < line.length ? " …" : ""}`;
}
