// The site: every link leads somewhere, pages are light, and in Chromium, opened from the disk, they are readable at every
// width, light and dark, ask nothing of a network and find what is searched.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { find, type SearchPage } from "../../tools/site/page/find.js";
import { makeSite, type Site } from "../../tools/site/site.js";
import { workplace } from "../cli/fovea.js";
import { COLOUR_RULES, closeBrowser, noBrowser, violationsOf, watchedPage } from "../studio/page.js";

let site: Site;
before(async () => {
  site = await makeSite();
});
after(closeBrowser);

const FIRST_LOAD = 100_000;
const bytesOf = (address: string): number => gzipSync(site.files.get(address) ?? "", { level: 9 }).length;
const pages = (): string[] => [...site.files.keys()].filter((address) => address.endsWith(".html"));

/** Addresses of the files that a page loads with itself: style, script, pictures that are not left for later. */
function loadedWith(address: string): string[] {
  const html = String(site.files.get(address));
  const found = [...html.matchAll(/<(?:link rel="stylesheet"|script|img)[^>]*? (?:href|src)="([^"]+)"([^>]*)>/g)];
  return found
    .filter(([, , rest]) => !rest!.includes("lazy"))
    .map(([, path]) => join(dirname(address), path!).replaceAll("\\", "/"));
}

test("every link, heading and picture of the site is there", () => {
  assert.deepEqual(site.faults, []);
  assert.ok(pages().length > 30);
  for (const address of pages())
    for (const path of loadedWith(address)) assert.ok(site.files.has(path), `${address} loads ${path}`);
});

test("a first load takes at most 100 kB, and all that the site adds to the package at most 2 MB", () => {
  const first = (address: string): number =>
    [address, ...loadedWith(address)].reduce((sum, path) => sum + bytesOf(path), 0);
  const heavy = pages().map((address): [string, number] => [address, first(address)]);
  assert.deepEqual(
    heavy.filter(([, bytes]) => bytes > FIRST_LOAD),
    [],
  );
  const all = [...site.files.keys()].reduce((sum, address) => sum + bytesOf(address), 0);
  assert.ok(all < 2_000_000, `${all} bytes`);
});

test("commands stand beside their descriptions, whose lines go on below, and short words are whole", () => {
  const page = String(site.files.get("your-images.html"));
  assert.match(
    page,
    /<dt><code>fovea train photos <span>--model<\/span> cnn <span>--image-size<\/span> 80x60<\/code><\/dt><dd>train; all/,
  );
  assert.match(page, /<dt><code>fovea card <span>runs\/photos-cnn-1<\/span><\/code><\/dt><dd>the model card/);
  assert.match(
    String(site.files.get("first-steps.html")),
    /<dd>trains a model, in runs\/photos-cnn-1<\/dd>/,
    "after #",
  );
  assert.match(
    String(site.files.get("numbers.html")),
    /<pre[^>]*><code>fovea synth hail/,
    "without descriptions: code",
  );
});

test("a picture with a dark one beside it has both, and a part of the reference is below its entry", () => {
  const home = String(site.files.get("index.html"));
  assert.match(
    home,
    /<source srcset="studio\/small\/understand-dark\.webp" media="screen and \(prefers-color-scheme: dark\)">/,
  );
  assert.ok(site.files.has("studio/small/understand-dark.webp"));
  const part = String(site.files.get("reference/layers-core.html"));
  assert.match(part, /<a href="\.\.\/reference\/layers\.html" aria-current="true">/);
  assert.match(part, /<details open><summary>Reference/);
});

test("the search finds pages by their words, and the best first", () => {
  const index = JSON.parse(String(site.files.get("search.js")).replace(/^[^=]*= |;\n$/g, "")) as SearchPage[];
  const first = (query: string): string | undefined => find(index, query)[0]?.address.split("#")[0];
  assert.equal(first("segmentation"), "segmentation.html");
  assert.equal(first("certificate"), "card.html");
  assert.equal(first("open inference protocol"), "serving.html");
  assert.equal(find(index, "cosineDecay")[0]?.address, "reference/optimizers.html#cosinedecay");
  assert.match(find(index, "PDQ hash")[0]!.excerpt, /PDQ/);
  assert.equal(first("how to install"), "first-steps.html", "little words of a question do not count");
  assert.equal(first("train my own images"), "your-images.html", "a section may lack a word");
  assert.equal(first("transfer learning"), "lecture/12-transfer.html");
  assert.equal(find(index, "loadModel")[0]?.address, "reference/fovea.html#loadmodel");
  assert.equal(find(index, "conv2d")[0]?.address, "reference/layers-convolutional.html#conv2d", "capitals decide");
  assert.equal(find(index, "Conv2D")[0]?.address, "reference/layers-convolutional.html#conv2d-1");
  assert.ok(find(index, "early stopping").length > 3, "parts of names are words");
  assert.ok(find(index, "explain prediction").length > 3, "one word that begins like another is enough");
  assert.doesNotMatch(first("ONNX")!, /^inside/);
  assert.deepEqual(find(index, "zxqwv"), []);
  assert.deepEqual(find(index, " - "), []);
});

/** Writes the site into a folder. @returns the address of a page there */
function written(folder: string): (page: string) => string {
  for (const [address, content] of site.files) {
    mkdirSync(dirname(join(folder, address)), { recursive: true });
    writeFileSync(join(folder, address), content);
  }
  return (page) => pathToFileURL(join(folder, page)).href;
}

/** Pages with all kinds of content, for the auditor. */
const AUDITED = [
  "index",
  "lecture/05-networks",
  "coming-from/keras",
  "troubleshooting",
  "measured",
  "studio",
  "reference/core",
];

/** Rules of axe that need nothing but the page: others load its style sheet again, which a page from a disk may not. */
const RULES = [
  ...COLOUR_RULES,
  ...[
    "aria-allowed-attr",
    "aria-required-attr",
    "aria-required-children",
    "aria-required-parent",
    "aria-valid-attr-value",
  ],
  ...["button-name", "document-title", "duplicate-id-aria", "empty-table-header", "heading-order", "html-has-lang"],
  ...[
    "image-alt",
    "label",
    "landmark-one-main",
    "landmark-unique",
    "link-name",
    "list",
    "listitem",
    "page-has-heading-one",
  ],
  ...["region", "scrollable-region-focusable", "skip-link", "target-size"],
];

/** Draws all pictures of the page, and names those that cannot be. */
const BROKEN_PICTURES = `(async () => {
  const broken = [];
  for (const image of document.images) {
    image.loading = "eager";
    await image.decode().catch(() => broken.push(image.src));
  }
  return broken;
})()`;

test("every page fits every width and draws its pictures, from a disk", { skip: noBrowser }, async (t) => {
  const address = written(workplace(t));
  const { page, errors } = await watchedPage(t, address("index.html"));
  const seen: string[] = [];
  // Pages of the reference are alike; the largest has all that the others have.
  const drawn = pages().filter((name) => !/^reference\/(?!index|fovea|regularizers)/.test(name));
  for (const name of drawn) {
    await page.goto(address(name));
    for (const width of [360, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      if (wide !== 0) seen.push(`${name} is ${wide} pixels too wide at ${width}`);
    }
    seen.push(...((await page.evaluate(BROKEN_PICTURES)) as string[]));
  }
  assert.deepEqual(seen, []);
  assert.deepEqual(errors, [], "the policy of the pages lets everything through that they have");
});

test("on a phone, the reference needs no scrolling to the side", {
  skip: noBrowser,
}, async (t) => {
  const address = written(workplace(t));
  const { page } = await watchedPage(t, address("reference/tune.html"), { width: 390 });
  for (const name of ["reference/tune", "reference/layers-core", "coming-from/keras"]) {
    await page.goto(address(`${name}.html`));
    const wide = await page.evaluate(
      `[...document.querySelectorAll(".scroll")].filter((box) => box.scrollWidth > box.clientWidth).length`,
    );
    assert.equal(wide, 0, name);
  }
});

test("pages are accessible, light and dark", { skip: noBrowser }, async (t) => {
  const address = written(workplace(t));
  const { page } = await watchedPage(t, address("index.html"));
  for (const name of AUDITED) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(address(`${name}.html`));
    assert.deepEqual(await violationsOf(page, RULES), [], name);
    // Another theme breaks rules about colours alone.
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await violationsOf(page, COLOUR_RULES), [], `${name}, dark`);
  }
});

test("the search works from a disk, by keyboard alone", { skip: noBrowser }, async (t) => {
  const address = written(workplace(t));
  const { page, errors } = await watchedPage(t, address("inside/nn.html"), { width: 390 });
  await page.keyboard.press("/");
  await page.keyboard.type("segmentation");
  await page.locator("#found a").first().waitFor();
  assert.equal(await page.locator("#found a[aria-selected=true]").count(), 1);
  assert.deepEqual(await violationsOf(page, RULES), [], "the search's list is accessible");
  await page.keyboard.press("Enter");
  await page.waitForURL(address("segmentation.html"));
  await page.keyboard.press("/");
  await page.keyboard.type("zxqwv");
  await page.getByText("Nothing is said about").waitFor();
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#found").isHidden());
  assert.deepEqual(errors, []);
});
