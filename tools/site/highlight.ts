// Colours of code in the site's pages, decided when the site is built: comments, strings, keywords and numbers. A browser
// gets spans with a class; no script of a page parses anything.
import { escapeHtml } from "../../src/report/pages/html.js";

/** Ways to write comments and strings, and the words that a language keeps to itself. */
interface Language {
  readonly comment: string;
  readonly string: string;
  readonly keywords: string;
}

const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const HASH = String.raw`(?:^|(?<=\s))#[^\n]*`;

const TYPESCRIPT: Language = {
  comment: String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`,
  string: `${QUOTED}|\`(?:[^\`\\\\]|\\\\.)*\``,
  keywords:
    "import|export|from|const|let|function|return|await|async|new|for|of|in|if|else|class|interface|type|extends|implements|readonly|throw|try|catch|true|false|undefined|null|as|satisfies|while|this|yield|static|override|typeof|void",
};

const LANGUAGES: Readonly<Record<string, Language>> = {
  ts: TYPESCRIPT,
  js: TYPESCRIPT,
  json: { comment: "(?!)", string: QUOTED, keywords: "true|false|null" },
  sh: { comment: HASH, string: QUOTED, keywords: "for|do|done|in|if|then|fi|export|while" },
  python: {
    comment: HASH,
    string: String.raw`"""[\s\S]*?"""|${QUOTED}`,
    keywords:
      "import|from|def|return|for|in|if|else|elif|class|with|as|True|False|None|lambda|not|and|or|yield|while|try|except|raise",
  },
  yaml: { comment: HASH, string: QUOTED, keywords: "true|false|null" },
  dockerfile: { comment: HASH, string: QUOTED, keywords: "FROM|RUN|COPY|CMD|ENV|EXPOSE|WORKDIR|ENTRYPOINT|USER" },
  ini: { comment: HASH, string: QUOTED, keywords: "(?!)" },
  html: { comment: "<!--[\\s\\S]*?-->", string: QUOTED, keywords: "(?!)" },
};

/**
 * Code as HTML, its words in spans where the language is known.
 * @param language the word behind the opening fence; "" for none
 */
export function highlighted(code: string, language: string): string {
  const words = LANGUAGES[language];
  if (words === undefined) return escapeHtml(code);
  const tokens = new RegExp(
    `(?<comment>${words.comment})|(?<string>${words.string})|(?<keyword>\\b(?:${words.keywords})\\b)|(?<number>\\b\\d[\\d_.]*(?:e-?\\d+)?\\b)`,
    "gm",
  );
  let at = 0;
  let text = "";
  for (const match of code.matchAll(tokens)) {
    const kind = Object.entries(match.groups!).find(([, found]) => found !== undefined)![0];
    text += `${escapeHtml(code.slice(at, match.index))}<span class="${kind}">${escapeHtml(match[0])}</span>`;
    at = match.index + match[0].length;
  }
  return text + escapeHtml(code.slice(at));
}
