// The reference as Markdown: a page an entry, made from the model of the public interface at build time.
import { headingIds } from "../site/markdown.js";
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

/** Address of an export on the pages: `losses.md#poisson`. */
type AddressOf = (name: string) => string;

/** Makes the page of every entry, and an index of all exports. */
export function referencePages(entries: readonly Entry[]): readonly Page[] {
  const plans = entries.map((entry) => ({ entry, parts: partsOf(entry) }));
  const addresses = new Map(plans.map(({ entry, parts }) => [entry.name, new Map(parts.flatMap(addressesOf))]));
  return [
    indexPage(entries),
    ...plans.flatMap(({ entry, parts }) => {
      const addressOf: AddressOf = (name) =>
        addresses.get(entry.elsewhere.get(name) ?? entry.name)?.get(name) ?? fileOf(entry.elsewhere.get(name)!);
      return parts.length === 1 && parts[0]!.room === undefined
        ? [entryPage(entry, addressOf)]
        : partPages(entry, parts, addressOf);
    }),
  ];
}

export const fileOf = (entry: string): string => `${entry === "fovea" ? "fovea" : entry.slice("fovea/".length)}.md`;

/** Exports of an entry that share a page; without a room where they are all of them. */
interface Part {
  readonly room: string | undefined;
  readonly file: string;
  readonly items: readonly Item[];
}

/** The folder of an export in the room of its entry, else its room. */
function roomOf({ file }: Item, entry: string): string {
  const [, room = "", folder = ""] = file.split("/");
  return room === entry.slice("fovea/".length) && !folder.endsWith(".ts") ? folder : room;
}

function groupedBy(items: readonly Item[], nameOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item]);
  return groups;
}

/** Divides an entry with many exports by rooms, or by the folders of its only room. */
function partsOf({ name, items }: Entry): readonly Part[] {
  if (items.length <= MANY) return [{ room: undefined, file: fileOf(name), items }];
  const rooms = groupedBy(items, (item) => roomOf(item, name));
  const groups = rooms.size > 1 ? rooms : groupedBy(items, folderBelow(items));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([room, members]) => ({ room, file: fileOf(name).replace(/\.md$/, `-${room}.md`), items: members }));
}

/** The folder of an export below the folder that all have in common; `base` for files directly in that. */
function folderBelow(items: readonly Item[]): (item: Item) => string {
  const paths = items.map(({ file }) => file.split("/").slice(0, -1));
  const first = paths[0]!;
  const differs = first.findIndex((folder, i) => paths.some((path) => path[i] !== folder));
  const depth = differs < 0 ? first.length : differs;
  return ({ file }) => file.split("/").slice(depth, -1)[0] ?? "base";
}

/** Addresses of the exports of a page, whose headings are numbered where they differ in capitals alone. */
function addressesOf({ file, items }: Part): readonly (readonly [name: string, address: string])[] {
  const idOf = headingIds();
  return ORDER.flatMap((kind) => {
    const members = items.filter((item) => item.kind === kind);
    if (members.length > 0) idOf(HEADINGS[kind]);
    return members.map(({ name }) => [name, `${file}#${idOf(name)}`] as const);
  });
}

const linked =
  (addressOf: AddressOf) =>
  (name: string): string =>
    `[\`${name}\`](${addressOf(name)})`;

/** An entry as a page that lists its rooms, and a page for each of these. */
function partPages(entry: Entry, parts: readonly Part[], addressOf: AddressOf): readonly Page[] {
  const { name, summary } = entry;
  const pages = parts.map(({ room, file, items }) => {
    const title = `${name}: ${room}`;
    return {
      file,
      title,
      isPart: true,
      text: `# ${title}\n\nA part of [${name}](${fileOf(name)}).\n\n${groupsOf(items)}`,
    };
  });
  const lines = parts.map(({ room, file, items }) => {
    const names = items.map((item) => linked(addressOf)(item.name)).join(", ");
    return `| [${room}](${file}) | ${items.length} | ${names} |`;
  });
  const table = `| room | exports | |\n|---|---:|---|\n${lines.join("\n")}\n`;
  const text = `# ${name}\n\n${summary}\n\n${table}${sharedOf(entry, addressOf)}`;
  return [{ file: fileOf(name), title: name, text }, ...pages];
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

function entryPage(entry: Entry, addressOf: AddressOf): Page {
  const { name, summary, items } = entry;
  const text = `# ${name}\n\n${summary}\n\n${groupsOf(items)}${sharedOf(entry, addressOf)}`;
  return { file: fileOf(name), title: name, text };
}

/** Exports under the headings of their kinds. */
const groupsOf = (items: readonly Item[]): string =>
  ORDER.flatMap((kind) => {
    const members = items.filter((item) => item.kind === kind);
    return members.length === 0 ? [] : [`## ${HEADINGS[kind]}\n\n${members.map(itemText).join("\n")}`];
  }).join("\n");

/** Links to the pages of exports that another entry describes. */
function sharedOf({ elsewhere }: Entry, addressOf: AddressOf): string {
  const others = [...elsewhere.keys()].sort().map(linked(addressOf));
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

/** A text that ends as a sentence does. */
const sentence = (text: string): string => (/[.!?:)]$|^$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

function parameterRow({ name, type, optional, value, options }: Parameter, comment: string | undefined): string {
  const text = sentence(comment ?? (options === undefined ? "" : `See ${code(options)}.`));
  const isStated = value === undefined || value === "{}" || /\bdefault/i.test(text);
  const parts = [text, isStated ? "" : `Default ${code(value)}.`].filter(Boolean);
  return `| ${code(name)}${optional ? "?" : ""} | ${cell(code(type))} | ${cell(parts.join(" "))} |`;
}

/** False for names that are computed, and for members that only a class above describes. */
const isShown = ({ name, inherited }: Member): boolean => !name.startsWith("[") && !inherited;

function memberRow({ name, type, optional, comment }: Member): string {
  const { text, parameters, errors } = comment;
  const parts = [
    sentence(text),
    ...[...parameters].map(([parameter, meaning]) => `${code(parameter)}: ${sentence(meaning)}`),
    ...errors.map((error) => `Throws ${sentence(error)}`),
  ];
  return `| ${code(name)}${optional ? "?" : ""} | ${cell(code(type))} | ${cell(parts.filter(Boolean).join(" "))} |`;
}
