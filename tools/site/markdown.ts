// A Markdown file as the parts of a page: title, headings, HTML, text for the search. Links between Markdown files become
// links between pages; a link to a file or heading that is not there is an error that names it.
import { existsSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path/posix";
import { Marked, type Token, type Tokens } from "marked";
import { escapeHtml } from "../../src/report/pages/html.js";
import { highlighted } from "./highlight.js";

/** A heading below the title, and the word that links name it by. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** Text below a heading, for the search; the first section of a page has the page's title. */
export interface Section {
  readonly heading: string;
  readonly id: string;
  readonly text: string;
}

/** A link to a heading, which only the other page can check. */
export interface HeadingLink {
  readonly file: string;
  readonly id: string;
}

export interface PageParts {
  readonly title: string;
  readonly headings: readonly Heading[];
  readonly html: string;
  readonly sections: readonly Section[];
  /** Pictures that the page shows, as paths from the root of the repository. */
  readonly pictures: readonly string[];
  readonly headingLinks: readonly HeadingLink[];
  /** Faults of links, each in one sentence. */
  readonly faults: readonly string[];
}

/** The size of a picture in pixels, by its path from the root of the repository. */
export type PictureSize = (path: string) => { readonly width: number; readonly height: number };

/** The word that GitHub and this site name a heading by. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

/** A function that gives the headings of a page their names in order; a name that returns has a number, as on GitHub. */
export function headingIds(): (heading: string) => string {
  const counts = new Map<string, number>();
  return (heading) => {
    const slug = slugOf(heading);
    const before = counts.get(slug) ?? 0;
    counts.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  };
}

/** Text of tokens without their marks. */
function plain(tokens: readonly Token[] | undefined): string {
  return (tokens ?? [])
    .map((token) => {
      if (token.type === "html") return "";
      if ("tokens" in token && token.tokens !== undefined) return plain(token.tokens);
      return "text" in token ? String(token.text) : "";
    })
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};
const withoutEntities = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (name) => ENTITIES[name]!);

/** Words of a block, for the search. */
function wordsOf(token: Token): string {
  if (token.type === "table") {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].map((row) => row.map((cell) => plain(cell.tokens)).join(" ")).join("\n");
  }
  if (token.type === "list")
    return (token as Tokens.List).items.map((item) => item.tokens.map(wordsOf).join(" ")).join("\n");
  if (token.type === "html" || token.type === "space") return "";
  return "tokens" in token && token.tokens !== undefined
    ? plain(token.tokens)
    : "text" in token
      ? String(token.text)
      : "";
}

/** Pixels of a picture from which a phone shrinks it to less than two thirds. */
const WIDE = 600;

/** Characters of a word with hyphens that no line breaks: it fits on a phone. */
const MOST_WHOLE = 24;

/** Words of code with hyphens, such as `--model` or `1e-3`, which no line breaks if they are short. */
const wholeWords = (code: string): string =>
  code.replaceAll(/(?<![\w./&;-])[\w./]*-[\w./-]*\w/g, (word) =>
    word.length > MOST_WHOLE ? word : `<span>${word}</span>`,
  );

/** Code of a narrow cell, which may break behind the marks between names. */
const withBreaks = (code: string): string => code.replaceAll(/(?<=\w{3}[._(/|])(?=\w{3})(?![^<]*>)/g, "<wbr>");

/** The class of a table: narrow screens show the rows of described names one below the other, and break code of few columns. */
function tableClass(heads: readonly string[]): string {
  if (heads.length === 3 && heads[2] === "" && heads[1] === "type") return ' class="described"';
  return heads.length <= 3 ? ' class="few"' : "";
}

/** A command with its description, as blocks of code have them side by side. */
interface DescribedCommand {
  readonly command: string;
  readonly description: string;
}

const COMMAND = /^(?:fovea|node|npx|npm|python3?|export) /;

/**
 * Commands with descriptions of a block of code: two blanks or more, or `#`, stand between the two, and lines that begin with
 * blanks continue a description. None for blocks with any other line, and for blocks without a description.
 */
function describedCommands(text: string): readonly DescribedCommand[] {
  const commands: { command: string; description: string }[] = [];
  for (const line of text.split("\n")) {
    const [, command = "", description = ""] = /^(\S.*?)(?:\s{2,}(?:#\s*)?(\S.*))?$/.exec(line) ?? [];
    const last = commands.at(-1);
    if (COMMAND.test(command)) commands.push({ command, description });
    else if (/^\s{4,}\S/.test(line) && last !== undefined)
      last.description = `${last.description} ${line.trim()}`.trim();
    else return [];
  }
  return commands.some(({ description }) => description !== "") ? commands : [];
}

/** True for commands, and for output without columns: their long lines are sentences, which a reader wants as a whole. */
const isWrapped = (text: string, language: string): boolean =>
  language === "sh" ||
  (language === "output" && !/[─━│┃]/.test(text)) ||
  (language === "" && text.split("\n").every((line) => COMMAND.test(line)));

/** Commands beside their descriptions, or above them where there is no room. */
const commandsHtml = (commands: readonly DescribedCommand[]): string =>
  `<dl class="commands">${commands
    .map(
      ({ command, description }) =>
        `<div><dt><code>${wholeWords(escapeHtml(command))}</code></dt><dd>${escapeHtml(description)}</dd></div>`,
    )
    .join("\n")}</dl>\n`;

/** Facts of the site that a page's links and pictures need. */
export interface SiteFacts {
  readonly root: string;
  readonly pages: ReadonlyMap<string, string>;
  readonly sizeOf: PictureSize;
}

/**
 * Parses a page.
 * @param file path of the Markdown file, from the root of the repository
 * @param site path of the repository, addresses of all pages by their Markdown files, sizes of pictures
 */
export function pageParts(file: string, markdown: string, { root, pages, sizeOf }: SiteFacts): PageParts {
  const marked = new Marked({ gfm: true });
  const tokens = marked.lexer(markdown);
  const headings: Heading[] = [];
  const sections: { heading: string; id: string; text: string }[] = [];
  const pictures: string[] = [];
  const headingLinks: HeadingLink[] = [];
  const faults: string[] = [];
  const idOf = headingIds();
  let title = "";
  for (const token of tokens) {
    if (token.type !== "heading") {
      const last = sections.at(-1);
      if (last !== undefined) last.text += `${withoutEntities(wordsOf(token))}\n`;
      continue;
    }
    const text = withoutEntities(plain((token as Tokens.Heading).tokens));
    const id = idOf(text);
    const { depth } = token as Tokens.Heading;
    if (depth === 1 && title === "") title = text;
    else headings.push({ level: depth, text, id });
    sections.push({ heading: text, id: depth === 1 ? "" : id, text: "" });
  }
  if (title === "") faults.push(`${file}: expected a title ("# ...") on the first line, found none`);
  const folder = dirname(file);
  const here = dirname(pages.get(file) ?? "");

  /** The address of a link on the page; undefined for a file of the repository that is no page. */
  const addressOf = (href: string): string | undefined => {
    if (/^[a-z]+:/.test(href)) return href;
    const [path = "", id = ""] = href.split("#");
    const target = path === "" ? file : normalize(join(folder, path));
    if (id !== "") headingLinks.push({ file: target, id });
    const page = pages.get(target);
    if (page !== undefined) return `${path === "" ? "" : relative(here, page)}${id === "" ? "" : `#${id}`}`;
    if (!existsSync(join(root, target))) faults.push(`${file}: the link ${href} leads to no file of the repository`);
    return undefined;
  };

  let nextHeading = 0;
  let isCell = false;
  let firstPicture = true;
  marked.use({
    renderer: {
      heading({ tokens: inner, depth }) {
        if (depth === 1) return `<h1>${this.parser.parseInline(inner)}</h1>\n`;
        const { id } = headings[nextHeading++]!;
        return `<h${depth} id="${escapeHtml(id)}">${this.parser.parseInline(inner)} <a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this section">#</a></h${depth}>\n`;
      },
      code({ text, lang }) {
        const [language = "", ...note] = (lang ?? "").split(" ");
        const commands = language === "" || language === "sh" ? describedCommands(text) : [];
        if (commands.length > 0) return commandsHtml(commands);
        if (language === "output")
          return `<pre class="output${isWrapped(text, language) ? " wrapped" : ""}" tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`;
        const marks = note.length > 0 ? ` data-note="${escapeHtml(note.join(" "))}"` : "";
        return `<div class="code${isWrapped(text, language) ? " wrapped" : ""}"${marks}><pre tabindex="0"><code>${highlighted(text, language)}</code></pre></div>\n`;
      },
      codespan({ text }) {
        const code = wholeWords(escapeHtml(text));
        return `<code>${isCell ? withBreaks(code) : code}</code>`;
      },
      table(token) {
        const cell = (tag: string, { tokens: inner, align }: Tokens.TableCell): string => {
          isCell = true;
          const text = this.parser.parseInline(inner);
          isCell = false;
          return `<${tag}${align === "right" ? ' class="number"' : ""}>${text}</${tag}>`;
        };
        const row = (tag: string, cells: readonly Tokens.TableCell[]): string =>
          `<tr>${cells.map((content) => cell(content.text === "" ? "td" : tag, content)).join("")}</tr>`;
        const body = token.rows.map((cells) => row("td", cells)).join("\n");
        const kind = tableClass(token.header.map((content) => content.text));
        return `<div class="scroll" tabindex="0"><table${kind}><thead>${row("th", token.header)}</thead><tbody>${body}</tbody></table></div>\n`;
      },
      link({ href, tokens: inner }) {
        const text = this.parser.parseInline(inner);
        const address = addressOf(href);
        return address === undefined
          ? `<span title="${escapeHtml(normalize(join(folder, href)))} in Fovea's repository">${text}</span>`
          : `<a href="${escapeHtml(address)}">${text}</a>`;
      },
      image({ href, text }) {
        const path = normalize(join(folder, href));
        if (!existsSync(join(root, path))) {
          faults.push(`${file}: the picture ${href} is not there`);
          return "";
        }
        pictures.push(path);
        const { width, height } = sizeOf(path);
        const sourceOf = (picture: string): string => escapeHtml(relative(here, pictureAddress(picture)));
        const late = firstPicture ? "" : ' loading="lazy"';
        firstPicture = false;
        const image = `<img src="${sourceOf(path)}" alt="${escapeHtml(withoutEntities(text))}" width="${width}" height="${height}"${late}>`;
        const dark = path.replace(/(?=\.\w+$)/, "-dark");
        // A phone shows a wide picture too small to be read: a touch opens it alone, where it can be enlarged.
        const opened = (shown: string): string =>
          width > WIDE ? `<a class="picture" href="${sourceOf(path)}">${shown}</a>` : shown;
        if (!existsSync(join(root, dark))) return opened(image);
        pictures.push(dark);
        return opened(
          `<picture><source srcset="${sourceOf(dark)}" media="screen and (prefers-color-scheme: dark)">${image}</picture>`,
        );
      },
      html({ text }) {
        // Comments prepare the page's programs for the tests, and are no part of the page.
        return text.trimStart().startsWith("<!--") ? "" : text;
      },
    },
  });
  const html = marked.parser(tokens);
  return { title, headings, html, sections, pictures, headingLinks, faults };
}

/** The address of a picture in the site. */
export const pictureAddress = (path: string): string => path.replace(/^docs\//, "");
