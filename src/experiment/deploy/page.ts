// A deployed page as one file that opens from a disk. Its policy lets it ask nobody for anything: scripts and style are named
// by their hashes, everything else lies in it. No word of data is part of its HTML; the page's code shows them as text.
import { fromHex } from "../../core/hex.js";
import { sha256Hex } from "../../platform/hashing.js";
import { base64 } from "../../report/images/data-uri.js";
import type { Contents } from "./contents.js";
import { type DeployedSize, PART_NAMES, type PartName, pageParts, partElement, sizesOf } from "./parts.js";

/** Files of a deployed form with their sizes. */
export interface Deployed {
  /** Contents by path; a page is the one file "". */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Bytes of each part, and of all. */
  readonly sizes: readonly DeployedSize[];
}

/** Directives of every page: nothing is loaded but what they name. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'";

/** A source expression that names content by its hash. */
const hashOf = async (content: Uint8Array): Promise<string> => `'sha256-${base64(fromHex(await sha256Hex(content)))}'`;

/** The policy of a page in one file. */
export const filePolicy = (script: string, style: string): string =>
  `${NOTHING}; script-src ${script} 'wasm-unsafe-eval'; style-src ${style}; worker-src blob:; img-src blob: data:; ` +
  "media-src blob:; font-src data:";

/** The policy of a page in a folder, which asks its own server for its files. */
export const FOLDER_POLICY =
  `${NOTHING}; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self' blob:; connect-src 'self'; ` +
  "manifest-src 'self'; img-src 'self' blob: data:; media-src blob:; font-src data:";

/** The frame of a page. @param head elements with its style, @param script the element of its script */
export const pageHtml = (policy: string, head: string, parts: readonly string[], script: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Fovea</title>
${head}
</head>
<body>
<div id="app"></div>
<noscript>This page is a program that asks no server for anything: it needs JavaScript.</noscript>
${parts.join("\n")}
${script}
</body>
</html>
`;

/** A page in one file. */
export async function onePage(contents: Contents): Promise<Deployed> {
  const { template, style, parts } = await pageParts(contents, "page");
  // The build refuses scripts and styles with text that would end their element.
  const script = new TextDecoder().decode(template.page);
  const encoder = new TextEncoder();
  const [scriptHash, styleHash] = [await hashOf(encoder.encode(script)), await hashOf(encoder.encode(style))];
  const elements = new Map<PartName, string>();
  for (const name of PART_NAMES) {
    const bytes = parts.get(name);
    if (bytes !== undefined) elements.set(name, partElement(name, bytes));
  }
  const html = encoder.encode(
    pageHtml(
      filePolicy(scriptHash, styleHash),
      `<link rel="icon" href="data:image/svg+xml;base64,${base64(template.icon)}">\n<style>${style}</style>`,
      [...elements.values()],
      `<script type="module">${script}</script>`,
    ),
  );
  const written = new Map([...elements].map(([name, element]) => [name, element.length]));
  return { files: new Map([["", html]]), sizes: sizesOf(written, html.length) };
}
