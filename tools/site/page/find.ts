// The search of the site, in the page: sections that have every word of a query, best first. A word finds all words that
// begin like it; headings count more than text.

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

const IN_TITLE = 12;
const IN_HEADING = 8;
/** Share of its points that a page of the reference has: names of exports are words of many questions. */
const REFERENCE = 0.4;
/** A word counts less the more often it comes: the third mention tells little. */
const inText = (count: number): number => (count === 0 ? 0 : 1 + Math.log2(count));
const EXCERPT = 150;

/** Number of `words` that begin like `wanted`; whole words count twice. */
function mentions(words: readonly string[], wanted: string): number {
  let count = 0;
  for (const word of words) if (word.startsWith(wanted)) count += word.length === wanted.length ? 2 : 1;
  return count / 2;
}

/**
 * Sections for a query, best first; of a page at most three.
 * @param most the most sections. Default 12
 * @example find(pages, "segmentation mask")[0]?.address // "segmentation.html#files"
 */
export function find(pages: readonly SearchPage[], query: string, most = 12): Found[] {
  const wanted = wordsOf(query);
  if (wanted.length === 0) return [];
  const found = pages.flatMap(([title, address, sections]) => {
    const inTitle = wordsOf(title);
    const share = address.startsWith("reference/") ? REFERENCE : 1;
    return sections
      .map(([heading, id, text]) => {
        const [inHeading, words] = [wordsOf(heading), wordsOf(text)];
        const points = wanted.map((word) => {
          const ofWord = IN_HEADING * Math.min(1, mentions(inHeading, word)) + inText(mentions(words, word));
          return ofWord + (ofWord > 0 || id === "" ? IN_TITLE * Math.min(1, mentions(inTitle, word)) : 0);
        });
        const score = points.includes(0) ? 0 : share * points.reduce((sum, number) => sum + number, 0);
        const link = id === "" ? address : `${address}#${id}`;
        return { score, found: { title, heading, address: link, excerpt: excerptOf(text, wanted) } };
      })
      .filter(({ score }) => score > 0)
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
