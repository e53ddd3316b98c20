// XML of annotation files: elements with attributes, children and text, and back. Documents with a DOCTYPE are refused, so
// that no entity is ever declared, expanded or fetched; depth and size are bounded.
import type { Element as XmlElement } from "@xmldom/xmldom";
import { FoveaError } from "../../core/errors.js";
import { oneLine } from "../../core/text.js";
import { decodeText } from "./text-bytes.js";

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** The text directly in the element, without spaces around it. */
  readonly text: string;
}

const MOST_BYTES = 128 * 2 ** 20;
const MOST_DEPTH = 32;
const ELEMENT = 1;
const TEXTS = [3, 4];

function elementOf(path: string, node: XmlElement, depth: number): Element {
  if (depth > MOST_DEPTH)
    throw new FoveaError("too-large", `${path}: expected elements nested ${MOST_DEPTH} deep at most, found more`);
  const attributes = new Map(Array.from(node.attributes, ({ name, value }) => [name, value]));
  const children: Element[] = [];
  let text = "";
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === ELEMENT) children.push(elementOf(path, child as XmlElement, depth + 1));
    else if (TEXTS.includes(child.nodeType)) text += child.nodeValue ?? "";
  }
  return { name: node.tagName, attributes, children, text: text.trim() };
}

/**
 * Parses an XML document.
 * @param path names the file in messages
 * @throws FoveaError for what is no XML, has a DOCTYPE, or is too large or too deep.
 */
export async function parseXml(path: string, bytes: Uint8Array): Promise<Element> {
  if (bytes.length > MOST_BYTES)
    throw new FoveaError(
      "too-large",
      `${path}: expected XML of at most ${MOST_BYTES / 2 ** 20} MB, received ${bytes.length} bytes`,
    );
  const text = decodeText(path, bytes);
  if (/<!DOCTYPE/i.test(text))
    throw new FoveaError(
      "unsupported-feature",
      `${path}: expected annotations without a document type, found <!DOCTYPE; remove it`,
    );
  const { DOMParser, onErrorStopParsing } = await import("@xmldom/xmldom");
  try {
    const document = new DOMParser({ onError: onErrorStopParsing, locator: false }).parseFromString(text, "text/xml");
    if (document.documentElement !== null) return elementOf(path, document.documentElement, 1);
  } catch (error) {
    if (error instanceof FoveaError || !(error instanceof Error)) throw error;
    throw new FoveaError("malformed-file", `${path}: expected XML, found a mistake in it: ${oneLine(error.message)}`, {
      cause: error,
    });
  }
  throw new FoveaError("malformed-file", `${path}: expected XML, found no element in it`);
}

/** The first child of a name. */
export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find((child) => child.name === name);

/** The text of the first child of a name; "" where there is none. */
export const childText = (element: Element | undefined, name: string): string => childOf(element, name)?.text ?? "";

/** A text as a number; NaN where it is none. */
export const numberIn = (text: string | undefined): number =>
  text === undefined || text.trim() === "" ? Number.NaN : Number(text);

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** Characters that XML 1.0 cannot hold, in whatever spelling. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

function escaped(text: string): string {
  if (FORBIDDEN.test(text))
    throw new FoveaError(
      "unusable-name",
      `XML cannot hold the control characters of ${JSON.stringify(text)}; rename it, or use JSON`,
    );
  return text
    .replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!)
    .replaceAll(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** XML text of an element; children are texts of elements, or one text to be shown. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] | string | number = [],
): string {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const inside =
    typeof content === "object"
      ? content
          .map((child) => `\n${child}`)
          .join("")
          .replaceAll("\n", "\n  ")
      : "";
  if (typeof content !== "object") return `<${name}${head.join("")}>${escaped(String(content))}</${name}>`;
  return content.length === 0 ? `<${name}${head.join("")}/>` : `<${name}${head.join("")}>${inside}\n</${name}>`;
}

/** An element as the bytes of a file. */
export const xmlBytes = (root: string): Uint8Array =>
  new TextEncoder().encode(`<?xml version="1.0" encoding="utf-8"?>\n${root}\n`);
