// Rules of the style page in CONTRIBUTING.md for the pages of the manual and the README files: length of sentences, clauses that
// begin with "what" in place of a noun, banned words, and "one file a class" in place of "one file per class".

/** A breach of a rule by a sentence of a page. */
export interface PageBreach {
  readonly rule: PageRule;
  /** Line on which the paragraph begins, from 1. */
  readonly line: number;
  readonly sentence: string;
}

export type PageRule = "sentence" | "headless" | "dialect" | "per";

/** Words that a sentence may have at most. */
export const MOST_WORDS = 45;

const DIALECT =
  /\b(?:somebody|nobody|whoever|anybody|everybody|wherever|whatever|one's own|tells?|told|telling|comes? to|came to|so many|of one's|goes? on with|speaks? of|by heart|be (?:it|they)|of (?:yours|mine)|stands? (?:on|beside|for|behind)|hence|thereof|said of|asked for|in the mean)\b/i;
const HEADLESS =
  /\bwhat (?:is|are|was|were|it|they|the|a|an|has|have|had|there|this|that|came|comes|cannot|can|does|do|you|one)\b/i;
const PER =
  /\b(?:a|an|one|two|three|\d+) (?:[A-Z]+ )?(?:sentence|line|row|file|folder|class|number|record|function|object|byte|scale|entry|label|image|page|box|case|chart|step|epoch)s? an? (?!few\b|time\b|little\b|bit\b|part\b)[a-z]+/;

/** Breaches in a Markdown page. Code, comments of HTML and addresses of links are not read. */
export function pageBreaches(markdown: string): readonly PageBreach[] {
  return paragraphs(proseOf(markdown)).flatMap(({ line, text }) =>
    text.split(/(?<=[.;:!?)`"])\s+(?=[A-Z`"(*[])/).flatMap((sentence): readonly PageBreach[] => {
      const breach = (rule: PageRule, isBroken: boolean): readonly PageBreach[] =>
        isBroken ? [{ rule, line, sentence }] : [];
      const isQuestion = /\?["”)*]*$/.test(sentence);
      return [
        ...breach("sentence", sentence.split(/\s+/).filter((word) => /\w/.test(word)).length > MOST_WORDS),
        ...breach("headless", !isQuestion && HEADLESS.test(sentence)),
        ...breach("dialect", DIALECT.test(sentence)),
        ...breach("per", PER.test(sentence)),
      ];
    }),
  );
}

/** Blocks of commands whose descriptions do not begin in one column, by the line on which the block begins, from 1. */
export function unalignedBlocks(markdown: string): readonly number[] {
  return [...markdown.matchAll(/^```(?:sh)?\n(fovea [\s\S]*?)^```/gm)].flatMap(({ 1: block, index }) => {
    const columns = block!.split("\n").flatMap((line) => {
      const before = /^(?:fovea .*?\S {2,}| {4,})(?=\S)/.exec(line)?.[0];
      return before === undefined ? [] : [before.length];
    });
    return new Set(columns).size > 1 ? [markdown.slice(0, index).split("\n").length] : [];
  });
}

/** A page with its lines, but without code and the addresses of links. */
function proseOf(markdown: string): string {
  const emptied = (text: string): string => text.replaceAll(/[^\n]/g, "");
  return markdown
    .replaceAll(/^```[\s\S]*?^```/gm, emptied)
    .replaceAll(/^ {4}\S.*$/gm, "")
    .replaceAll(/<!--[\s\S]*?-->/g, emptied)
    .replaceAll(/`[^`]*`/g, (code) => `X${emptied(code)}`)
    .replaceAll(/\]\([^)]*\)/g, "]");
}

/** Headings, cells of tables, items of lists and paragraphs, each on one line. */
function paragraphs(prose: string): readonly { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  let isOpen = false;
  for (const [i, line] of prose.split("\n").entries()) {
    const isCell = /^\s*\|/.test(line);
    const begins = /^\s*(?:-|\*|\d+\.) |^#/.test(line);
    if (line.trim() === "") isOpen = false;
    else if (isCell) found.push(...line.split("|").map((text) => ({ line: i + 1, text: text.trim() })));
    else if (isOpen && !begins) found.at(-1)!.text += ` ${line.trim()}`;
    else found.push({ line: i + 1, text: line.trim() });
    if (isCell || line.startsWith("#")) isOpen = false;
    else if (line.trim() !== "") isOpen = true;
  }
  return found;
}
