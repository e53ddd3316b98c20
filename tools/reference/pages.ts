// The reference as Markdown: a page an entry, made from the model of the public interface at build time.
import type { Entry, Item, Kind, Member, Parameter } from "./model.js";

/** A page, by the name of its file: "losses.md". */
export interface Page {
  readonly file: string;
  readonly title: string;
  readonly text: string;
  /** True for the part of an entry that has too many exports for one page. */
  readonly isPart?: boolean;
}

/** Exports of an entry from which each room of the source has a page. */
const MANY = 150;

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
  const pagesOf = (entry: Entry): readonly Page[] =>
    entry.items.length > MANY ? partPages(entry) : [entryPage(entry)];
  return [indexPage(entries), ...entries.flatMap(pagesOf)];
}

export const fileOf = (entry: string): string => `${entry === "fovea" ? "fovea" : entry.slice("fovea/".length)}.md`;

/** The folder of an export in the room of its entry, else its room. */
function roomOf({ file }: Item, entry: string): string {
  const [, room = "", folder = ""] = file.split("/");
  return room === entry.slice("fovea/".length) && !folder.endsWith(".ts") ? folder : room;
}

/** An entry as a page that lists its rooms, and a page for each of these. */
function partPages(entry: Entry): readonly Page[] {
  const rooms = new Map<string, Item[]>();
  for (const item of entry.items) {
    const room = roomOf(item, entry.name);
    rooms.set(room, [...(rooms.get(room) ?? []), item]);
  }
  const parts = [...rooms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([room, items]) => {
      const title = `${entry.name}: ${room}`;
      const file = fileOf(entry.name).replace(/\.md$/, `-${room}.md`);
      return { room, items, page: { file, title, isPart: true, text: `# ${title}\n\n${groupsOf(items)}` } };
    });
  const lines = parts.map(({ room, items, page }) => {
    const names = items.map(({ name }) => code(name)).join(", ");
    return `| [${room}](${page.file}) | ${items.length} | ${names} |`;
  });
  const table = `| room | exports | |\n|---|---:|---|\n${lines.join("\n")}\n`;
  const { name, summary } = entry;
  const text = `# ${name}\n\n${summary}\n\n${table}${sharedOf(entry)}`;
  return [{ file: fileOf(name), title: name, text }, ...parts.map(({ page }) => page)];
}

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

function entryPage(entry: Entry): Page {
  const { name, summary, items } = entry;
  const text = `# ${name}\n\n${summary}\n\n${groupsOf(items)}${sharedOf(entry)}`;
  return { file: fileOf(name), title: name, text };
}

/** Exports under the headings of their kinds. */
const groupsOf = (items: readonly Item[]): string =>
  ORDER.flatMap((kind) => {
    const members = items.filter((item) => item.kind === kind);
    return members.length === 0 ? [] : [`## ${HEADINGS[kind]}\n\n${members.map(itemText).join("\n")}`];
  }).join("\n");

/** Links to the pages of exports that another entry describes. */
function sharedOf({ elsewhere }: Entry): string {
  const others = [...elsewhere].map(([item, home]) => `[\`${item}\`](${fileOf(home)})`);
  return others.length === 0 ? "" : `\n## Exports that other pages describe\n\n${others.join(", ")}\n`;
}

function itemText(item: Item): string {
  const { comment } = item;
  const parts = [
    `### ${item.name}`,
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
const code = (text: string): string => (text === "" ? "" : `\`${text.replaceAll("`", "'").replaceAll(/\s+/g, " ")}\``);

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
