// A Studio of its own for a test, and a page of Chromium that watches it: what the page asks elsewhere, what it says in its
// console and how long its tasks last.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { TestContext } from "node:test";
import axe from "axe-core";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { pageFile } from "../../studio/server/page-files.js";
import { startStudio } from "../../studio/server/start.js";
import { browserPath } from "../platform/browser.js";

export { noBrowser } from "../platform/browser.js";

let shared: Promise<Browser> | undefined;

/** The browser that all tests of a file share. `flags` start one of its own. */
async function browserFor(t: TestContext, flags: readonly string[] = []): Promise<Browser> {
  const launch = (): Promise<Browser> =>
    chromium.launch({ executablePath: browserPath!, args: ["--no-sandbox", ...flags] });
  if (flags.length === 0) {
    shared ??= launch();
    return shared;
  }
  const browser = await launch();
  t.after(() => browser.close());
  return browser;
}

/**
 * A wait until a locator holds `expected` elements: a page shows its parts one after the other, so that a count taken at once
 * depends on how busy the machine is.
 */
export async function counted(locator: Locator, expected: number, message?: string): Promise<void> {
  const until = performance.now() + 30_000;
  let found = await locator.count();
  while (found !== expected && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = await locator.count();
  }
  assert.equal(found, expected, message);
}

export interface WatchedPage {
  readonly page: Page;
  /** Requests to another origin. */
  readonly elsewhere: readonly string[];
  /** Errors of the page. */
  readonly errors: readonly string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly theme?: "light" | "dark";
  /** Flags of a browser of its own. */
  readonly flags?: readonly string[];
}

/** An empty page in a fresh context, closed after the test. */
export async function openedPage(t: TestContext, options: PageOptions = {}): Promise<{ readonly page: Page }> {
  const { width = 1440, theme = "light", flags } = options;
  const browser = await browserFor(t, flags);
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme });
  t.after(() => context.close());
  return { page: await context.newPage() };
}

/** Opens an address in a fresh context and watches it until the test ends. */
export async function watchedPage(t: TestContext, address: string, options: PageOptions = {}): Promise<WatchedPage> {
  const { page } = await openedPage(t, options);
  const elsewhere: string[] = [];
  const errors: string[] = [];
  const { origin } = new URL(address);
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("blob:") && !url.startsWith("data:")) elsewhere.push(url);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  await page.goto(address);
  return { page, elsewhere, errors };
}

export interface LocalStudio {
  /** The first address, with its token. */
  readonly address: string;
  /** The same without. */
  readonly origin: string;
  readonly home: string;
}

/** Starts a Studio in an empty folder; both are gone after the test. @param setShare share of a generated set that is drawn */
export async function localStudio(t: TestContext, path?: string, setShare?: number): Promise<LocalStudio> {
  const home = emptyFolder(t);
  const server = await startStudio({ home, path, setShare, token: "a-word-of-a-test" });
  t.after(() => server.close());
  return { address: server.address, origin: new URL(server.address).origin, home };
}

/** A folder that is gone after the test. */
export function emptyFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fovea-studio-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves the built page as any web server does, without special headers. @param signal ends it @returns its address */
export async function plainServer(t: TestContext, signal?: AbortSignal): Promise<string> {
  const server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://x");
    const name = pathname === "/" ? "index.html" : decodeURIComponent(pathname.slice(1));
    const bytes = await pageFile(name);
    if (bytes === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" });
    return response.end(bytes);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  signal?.addEventListener("abort", close);
  t.after(close);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Rules of axe about colours: all that another theme of the same page can break. */
export const COLOUR_RULES: readonly string[] = ["color-contrast", "link-in-text-block"];

/** Faults that axe finds on a page, a line a rule. @param rules default: all that axe has */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window")))
    await page.evaluate(`(() => { const module = undefined; const exports = undefined; ${axe.source} })()`);
  const only = rules === undefined ? {} : { runOnly: { type: "rule", values: rules } };
  // Of rules that hold, axe would describe every element, and the browser send all of it here.
  const options = { ...only, resultTypes: ["violations"] };
  return page.evaluate(`window.axe.run(${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).slice(0, 3).join(" | ")))`);
}

/** Fails on any fault that axe finds on a page. */
export async function checkAccessible(page: Page, what: string): Promise<void> {
  assert.deepEqual(await violationsOf(page), [], `${what} is not accessible`);
}

/** The same in the light theme, and for colours in the dark one. */
export async function checkBothThemes(page: Page, what: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await checkAccessible(page, what);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await violationsOf(page, COLOUR_RULES), [], `${what} is not readable in the dark theme`);
}

/** Closes the shared browser; for `after`. */
export async function closeBrowser(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}
