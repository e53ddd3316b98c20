// A deployed page as a folder for any web server: files named by their hashes, a manifest by which it can be installed, and a
// worker that keeps it, so that it opens without a network after the first visit.
import { sha256Hex } from "../../platform/hashing.js";
import type { Contents } from "./contents.js";
import { type Deployed, FOLDER_POLICY, pageHtml } from "./page.js";
import { PART_EXTENSIONS, PART_NAMES, type PartName, pageParts, sizesOf } from "./parts.js";

/** Digits of a hash in a file's name. */
const DIGITS = 16;

const encode = (content: string): Uint8Array => new TextEncoder().encode(content);

/** The description by which browsers install a page. */
const manifest = (name: string): string =>
  JSON.stringify({
    name,
    short_name: name.slice(0, 30),
    description: "A model of Fovea that answers in the page: nothing leaves it.",
    start_url: "./",
    display: "standalone",
    background_color: "#ffffff",
    theme_color: "#1f6f8b",
    icons: [{ src: "./icon.svg", sizes: "any", type: "image/svg+xml" }],
  });

/** A page as a folder of files. */
export async function pageFolder(contents: Contents): Promise<Deployed> {
  const { template, style, parts } = await pageParts(contents, "folder");
  const files = new Map<string, Uint8Array>();
  const put = async (name: string, extension: string, bytes: Uint8Array): Promise<string> => {
    const file = `${name}-${(await sha256Hex(bytes)).slice(0, DIGITS)}.${extension}`;
    files.set(file, bytes);
    return file;
  };
  const written = new Map<PartName, number>();
  const elements: string[] = [];
  for (const name of PART_NAMES) {
    const bytes = parts.get(name);
    if (bytes === undefined) continue;
    const file = await put(name, PART_EXTENSIONS[name], bytes);
    written.set(name, bytes.length);
    elements.push(`<script type="text/plain" id="part-${name}" data-file="${file}"></script>`);
  }
  const css = await put("page", "css", encode(style));
  const script = await put("page", "js", template.page);
  files.set("icon.svg", template.icon);
  files.set("manifest.webmanifest", encode(manifest(contents.settings.name)));
  files.set("files.json", encode(JSON.stringify([...files.keys()].sort())));
  files.set("offline.js", template.offline);
  const head = [
    '<link rel="icon" href="./icon.svg" type="image/svg+xml">',
    '<link rel="manifest" href="./manifest.webmanifest">',
    `<link rel="stylesheet" href="./${css}">`,
  ].join("\n");
  const html = pageHtml(FOLDER_POLICY, head, elements, `<script type="module" src="./${script}"></script>`);
  files.set("index.html", encode(html));
  const all = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return { files, sizes: sizesOf(written, all) };
}
