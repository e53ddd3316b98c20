// The reference as Markdown: a page an entry, made from the model of the public interface at build time.
import type { Entry, Item, Kind, Member, Parameter } from "./model.js";

/** A page, by the name of its file: "losses.md". */
export interface Page {
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

const HEADINGS: Readonly<Record<Kind, string>> = {
  function: "Functions",
  class: "Classes",
  interface: "Options and records",
  type: "Types",
  constant: "Constants",
};
const ORDER: readonly Kind[] = ["function", "class", "interface", "type", "constant"];

/** Makes the page of every entry, and an index of all exports. */
export function referencePages(entries: readonly Entry[]): readonly Page[] {
  return [indexPage(entries), ...entries.map(entryPage)];
}

export const fileOf = (entry: string): string => `${entry === "fovea" ? "fovea" : entry.slice("fovea/".length)}.md`;

/** The fragment of an export's heading; types and values of the same spelling differ in case only, so the kind is in it. */
const anchorOf = (item: Item): string => `${item.kind}-${item.name}`;

function indexPage(entries: readonly Entry[]): Page {
  const lines = entries.map(({ name, summary, items, elsewhere }) => {
    const first = summary.split(/(?<=\.)\s/)[0]?.replaceAll("\n", " ") ?? "";
    return `| [${name}](${fileOf(name)}) | ${items.length + elsewhere.size} | ${cell(first)} |`;
  });
  const text = `# Reference

Every export of the package, from the comments in its sources. Programs import the entries by these names.

| entry | exports | |
|---|---:|---|
${lines.join("\n")}
`;
  return { file: "index.md", title: "Reference", text };
}

function entryPage({ name, summary, items, elsewhere }: Entry): Page {
  const groups = ORDER.flatMap((kind) => {
    const members = items.filter((item) => item.kind === kind);
    return members.length === 0 ? [] : [`## ${HEADINGS[kind]}\n\n${members.map(itemText).join("\n")}`];
  });
  const others = [...elsewhere].map(([item, home]) => `[\`${item}\`](${fileOf(home)})`);
  const shared = others.length === 0 ? "" : `\n## Exports that other pages describe\n\n${others.join(", ")}\n`;
  return { file: fileOf(name), title: name, text: `# ${name}\n\n${summary}\n\n${groups.join("\n")}${shared}` };
}

function itemText(item: Item): string {
  const { comment } = item;
  const parts = [
    `### <a id="${anchorOf(item)}"></a>${item.name}`,
    comment.text,
    fence(item.signature),
    table(
      "parameter",
      item.parameters.map((parameter) => parameterRow(parameter, comment.parameters.get(parameter.name))),
    ),
    comment.returns === undefined ? "" : `**Returns** ${comment.returns}`,
    ...comment.errors.map((error) => `**Throws** ${error}`),
    item.kind === "type" ? "" : table("member", item.members.filter(isShown).map(memberRow)),
    ...comment.examples.map((example) => `**Example**\n\n${fence(example)}`),
    `<small>${item.file}:${item.line}</small>`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const fence = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;
const cell = (text: string): string => text.replaceAll("\n", " ").replaceAll("|", "\\|");
const code = (text: string): string => (text === "" ? "" : `\`${text.replaceAll("`", "'").replaceAll("\n", " ")}\``);

const table = (head: string, rows: readonly string[]): string =>
  rows.length === 0 ? "" : `| ${head} | type | |\n|---|---|---|\n${rows.join("\n")}`;

function parameterRow({ name, type, optional, value, options }: Parameter, told: string | undefined): string {
  const fallback = value === undefined || value === "{}" ? "" : `Default ${code(value)}.`;
  const text = [told ?? (options === undefined ? "" : `See ${code(options)}.`), fallback].filter(Boolean).join(" ");
  return `| ${code(name)}${optional ? "?" : ""} | ${cell(code(type))} | ${cell(text)} |`;
}

const isShown = ({ name }: Member): boolean => !name.startsWith("[");

const memberRow = ({ name, type, optional, comment }: Member): string =>
  `| ${code(name)}${optional ? "?" : ""} | ${cell(code(type))} | ${cell(comment.text)} |`;
