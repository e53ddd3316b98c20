// Rules of the style page in CONTRIBUTING.md that a program can check: length of sentences, clauses that begin with "what" in
// place of a noun, banned words, and names without a meaning.

/** A breach of a rule. */
export interface Breach {
  readonly rule: Rule;
  readonly line: number;
  readonly text: string;
}

export const RULES = ["sentence", "headless", "dialect", "name"] as const;
export type Rule = (typeof RULES)[number];

/** Words that a sentence of a comment may have at most. */
export const MOST_WORDS = 45;

/** The conclusion "cannot be told" of a dossier is a published value. */
const DIALECT =
  /\b(?:somebody|nobody|whoever|anybody|everybody|wherever|one's own|(?<!cannot be )told|tells|comes? to nothing|so many|in one's|of one's|goes? on|anew|of (?:yours|mine)|stands? (?:on|beside|for|in)|in the mean|asked for)\b/i;
/** "One file a class", in place of "one file per class". */
const PER =
  /\b(?:(?:a|an|one|two|three|several|few|\d+) (?:sentence|line|row|file|folder|class|number|record|image|page|box|chart|step|label|photo|byte|column|epoch|pixel|scale|address)e?s? an? (?!few\b|time\b)[a-z]+|(?:one|images|photos|rows|numbers|bits|bytes|pixels|boxes|dozens) an? (?:image|line|class|row|pixel|sample|step|channel|second|side))\b/;
const HEADLESS =
  /\bwhat (?:is|are|was|were|it|they|the|a|an|has|have|had|there|this|that|came|comes|cannot|can|does|do|you)\b/i;
const NAMES = "one|own|given|place|way";
const NAMED = new RegExp(
  `\\b(?:const|let|function) (?:${NAMES})\\b|[(,]\\s*(?:${NAMES})(?:\\?)?(?::|\\) =>|, )|(?<![\\w.])(?:${NAMES}) =>`,
);
const TEXT = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;

/** Breaches in a source file. */
export function breachesIn(source: string): readonly Breach[] {
  const lines = source.split("\n");
  const found: Breach[] = [];
  for (const [i, line] of lines.entries()) {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) continue;
    const code = line.replace(/\s\/\/ .*$/, "");
    const texts = [...code.matchAll(TEXT)]
      .map((match) => (match[1] ?? match[2]!).replaceAll(/\$\{[^}]*\}/g, "X"))
      .filter((text) => / \S+ /.test(text));
    for (const text of texts) {
      if (HEADLESS.test(text)) found.push({ rule: "headless", line: i + 1, text });
      if (DIALECT.test(text) || PER.test(text)) found.push({ rule: "dialect", line: i + 1, text });
    }
    if (NAMED.test(code.replace(TEXT, '""'))) found.push({ rule: "name", line: i + 1, text: code.trim() });
  }
  for (const { line, text } of comments(source))
    for (const sentence of sentencesOf(text))
      if (sentence.split(/\s+/).length > MOST_WORDS) found.push({ rule: "sentence", line, text: sentence });
  return found;
}

/** The texts of comments, those of several lines as one. */
function comments(source: string): readonly { readonly line: number; readonly text: string }[] {
  const lineAt = (index: number): number => source.slice(0, index).split("\n").length;
  return [...source.matchAll(/^[ \t]*\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/ .*\n)+)/gm)].map((match) => ({
    line: lineAt(match.index),
    text: (match[1] ?? match[2]!).replace(/^[ \t]*(?:\/\/|\*) ?/gm, ""),
  }));
}

/** Sentences of a comment; tags, list items and examples of code are none. */
const sentencesOf = (text: string): readonly string[] =>
  text
    .replace(/@example[\s\S]*$/, "")
    .split(/(?<=[.;:!?)`"])\s+(?=[A-Z`"(])|\n\s*\n|\n\s*(?:[-*|]|\d+\.)|\n\s{2,}|\n(?=@)|(?<=;)\s/)
    .map((sentence) => sentence.trim());
