// Properties of XMP packets as a flat list of names and values. XMP is RDF in XML; of XML this reads elements, attributes
// and text, and nothing else: no declarations of types, no entities of a document's making, no addresses.

/** A property such as `xmp:CreatorTool`, under the usual prefix of its namespace whatever prefix the packet has. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** The most properties of a packet, and the most characters of a value. */
const MOST_PROPERTIES = 2000;
const LONGEST_VALUE = 2000;
/** The deepest nesting of elements. */
const DEEPEST = 64;

/** Usual prefixes by namespace, ISO 16684-1 and the standards of IPTC and CIPA. */
const PREFIXES: Readonly<Record<string, string>> = {
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
  "http://ns.adobe.com/xap/1.0/": "xmp",
  "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
  "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
  "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
  "http://ns.adobe.com/photoshop/1.0/": "photoshop",
  "http://ns.adobe.com/tiff/1.0/": "tiff",
  "http://ns.adobe.com/exif/1.0/": "exif",
  "http://cipa.jp/exif/1.0/": "exifEX",
  "http://purl.org/dc/elements/1.1/": "dc",
  "http://purl.org/dc/terms/": "dcterms",
  "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
  "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
  "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
};

interface Element {
  readonly name: string;
  readonly namespaces: ReadonlyMap<string, string>;
  text: string;
  hasChildren: boolean;
}

/**
 * The properties of a packet, in its order: attributes and elements that hold text. Items of a list have the list's name;
 * fields of a structure have their own.
 * @param packet the text of the packet
 * @returns what could be read before the first damage; `isWhole` is false where there is any
 */
export function xmpProperties(packet: string): { readonly properties: readonly Property[]; readonly isWhole: boolean } {
  const properties: Property[] = [];
  const open: Element[] = [];
  const add = (name: string, value: string): void => {
    const isOfRdf = name.startsWith("rdf:") || name.startsWith("xml:") || name.startsWith("x:");
    if (!isOfRdf && value !== "" && properties.length < MOST_PROPERTIES)
      properties.push({ name, value: value.slice(0, LONGEST_VALUE) });
  };
  for (let at = packet.indexOf("<"); at >= 0; at = packet.indexOf("<", at)) {
    const skipped = skippedFrom(packet, at);
    if (skipped !== undefined) {
      if (skipped < 0) return { properties, isWhole: false };
      at = skipped;
      continue;
    }
    const end = endOfTag(packet, at);
    if (end < 0 || open.length > DEEPEST) return { properties, isWhole: false };
    const tag = packet.slice(at + 1, end);
    const element = open.at(-1);
    if (tag.startsWith("/")) {
      if (element === undefined) return { properties, isWhole: false };
      open.pop();
      if (!element.hasChildren) add(propertyOf([...open, element]), plain(element.text));
    } else {
      if (element !== undefined) element.hasChildren = true;
      const { opened, attributes } = openedBy(tag, element?.namespaces ?? NO_NAMESPACES);
      for (const [name, value] of attributes)
        add(name === "rdf:resource" ? propertyOf([...open, opened]) : name, value);
      if (!tag.endsWith("/")) open.push(opened);
    }
    at = end + 1;
    const next = packet.indexOf("<", at);
    const within = open.at(-1);
    if (within !== undefined && within.text.length < LONGEST_VALUE)
      within.text += packet.slice(at, Math.min(next < 0 ? packet.length : next, at + LONGEST_VALUE));
  }
  return { properties, isWhole: open.length === 0 };
}

/** The offset behind a comment, an instruction or a declaration at `at`; -1 where it has no end; undefined for a tag. */
function skippedFrom(packet: string, at: number): number | undefined {
  const [start, stop] = packet.startsWith("<!--", at)
    ? ["<!--", "-->"]
    : packet.startsWith("<?", at)
      ? ["<?", "?>"]
      : packet.startsWith("<!", at)
        ? ["<!", ">"]
        : ["", ""];
  if (start === "") return undefined;
  const end = packet.indexOf(stop, at + start.length);
  return end < 0 ? -1 : end + stop.length;
}

/** The end of a tag: quoted values may hold the sign. */
function endOfTag(packet: string, at: number): number {
  let quote = "";
  for (let i = at + 1; i < packet.length; i++) {
    const character = packet[i]!;
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return i;
    else if (character === "<") return -1;
  }
  return -1;
}

const NO_NAMESPACES: ReadonlyMap<string, string> = new Map();
/** The most namespaces that are told apart. */
const MOST_NAMESPACES = 100;

/** An element as its tag opens it, and its attributes under their usual names. */
function openedBy(
  tag: string,
  outer: ReadonlyMap<string, string>,
): { readonly opened: Element; readonly attributes: readonly (readonly [name: string, value: string])[] } {
  const [name = ""] = /^[^\s/]+/.exec(tag) ?? [];
  const written = attributesOf(tag.slice(name.length));
  const declared = written.filter(([key]) => key.startsWith("xmlns:"));
  const namespaces =
    declared.length === 0 || outer.size >= MOST_NAMESPACES
      ? outer
      : new Map([...outer, ...declared.map(([key, value]) => [key.slice(6), value] as const)]);
  return {
    opened: { name: usualName(name, namespaces), namespaces, text: "", hasChildren: false },
    attributes: written
      .filter(([key]) => !key.startsWith("xmlns"))
      .map(([key, value]) => [usualName(key, namespaces), value] as const),
  };
}

/** Attributes as they are written: `name="value"`, in quotes of either kind. */
function attributesOf(text: string): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let at = 0; found.length < MOST_PROPERTIES; ) {
    const sign = text.indexOf("=", at);
    const rest = /\S/.exec(text.slice(sign + 1, sign + 20));
    if (sign < 0 || rest === null) break;
    const start = sign + 1 + rest.index;
    const end = text.indexOf(text[start]!, start + 1);
    if ((text[start] !== '"' && text[start] !== "'") || end < 0) break;
    found.push([text.slice(at, sign).trim(), plain(text.slice(start + 1, end))]);
    at = end + 1;
  }
  return found;
}

function usualName(name: string, namespaces: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(":");
  if (colon < 0) return name;
  const space = namespaces.get(name.slice(0, colon)) ?? "";
  return `${PREFIXES[space] ?? name.slice(0, colon)}:${name.slice(colon + 1)}`;
}

/** The property that an element's text belongs to: itself, or the innermost around it that is none of RDF's. */
const propertyOf = (path: readonly Element[]): string =>
  path.findLast(({ name }) => !name.startsWith("rdf:"))?.name ?? "rdf:";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text without the five entities of XML and its character numbers; others stay as they stand. */
const plain = (text: string): string =>
  text
    .replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, entity) => {
      if (entity !== undefined) return ENTITIES[String(entity).toLowerCase()] ?? whole;
      const code = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .trim();
