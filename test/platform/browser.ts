// Runs a compiled module of this project in the Chromium or Chrome that is installed, headless, and brings its answer
// back: for the tests that compare a browser's bits with Node's. Files are served from the project's own folders.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

// This file runs from dist/test/platform.
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The programs looked for. The shell is the same Chromium without the window's parts; it takes half the processor time. */
const BROWSERS = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "chrome.exe",
];
const folders = (process.env.PATH ?? "").split(delimiter);
const browser = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);

/** Path of the program that opens pages; undefined where none is installed. */
export const browserPath = browser;

/** The reason why browser tests cannot run here, or false. */
export const noBrowser: string | false =
  browser === undefined && `no browser found (looked for ${BROWSERS.join(", ")}); install chromium`;

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Addresses of the bare names that our modules import, as a bundler would resolve them. */
const IMPORTS = {
  h5wasm: "/node_modules/h5wasm/dist/esm/hdf5_hl.js",
  fflate: "/node_modules/fflate/esm/browser.js",
  "fast-png": "/node_modules/fast-png/lib/index.js",
  iobuffer: "/node_modules/iobuffer/lib/iobuffer.js",
  "jpeg-js": "/node_modules/jpeg-js/lib/decoder.js",
  "@jsquash/": "/node_modules/@jsquash/",
  "harfbuzzjs/": "/node_modules/harfbuzzjs/",
  "woff2-encoder": "/node_modules/woff2-encoder/dist/index.js",
  zod: "/node_modules/zod/index.js",
};

/** Modules in Node's older form, by the name under which a bundler would export their one function. */
const COMMON_JS: Readonly<Record<string, string>> = { "/node_modules/jpeg-js/lib/decoder.js": "decode" };

const page = (module: string): string => `<!doctype html><meta charset="utf-8">
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  const answer = (content) => fetch("/answer", { method: "POST", body: JSON.stringify(content) });
  import("/dist/test/platform/${module}").then((page) => page.default()).then(
    (value) => answer({ value }),
    (error) => answer({ error: String(error?.stack ?? error) }),
  );
</script>`;

const TIMEOUT_MS = 60_000;

/** Headers that isolate a page from other origins, so that its threads may share memory. */
const ISOLATION = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export interface PageOptions {
  /** True where SharedArrayBuffer is there (COOP and COEP). Default true. */
  readonly isolated?: boolean;
  /** The most that the answer may take, in milliseconds. Default one minute. */
  readonly timeoutMs?: number;
}

/** The content of an address of the page, or undefined where there is none. */
type Respond = (path: string) => string | Uint8Array | undefined;

/**
 * Calls the default export of `dist/test/platform/MODULE` in a browser; what it returns comes back through JSON.
 * Modules are served as they are compiled, by an import map.
 */
export const runInBrowser = (module: string, options: PageOptions = {}): Promise<unknown> =>
  openPage((path) => (path === "/" ? page(module) : compiled(path)), options);

/**
 * Opens the index.html of a folder in a browser and brings back what its script posts to /answer, as JSON of
 * `{ value }` or `{ error }`.
 */
export const openFolder = (folder: string, options: PageOptions = {}): Promise<unknown> =>
  openPage((path) => fileOf(folder, path === "/" ? "/index.html" : path), options);

async function openPage(respond: Respond, { isolated = true, timeoutMs = TIMEOUT_MS }: PageOptions): Promise<unknown> {
  let answered = (_body: string): void => {};
  const answer = new Promise<string>((resolve) => {
    answered = resolve;
  });
  const server = await serve(respond, isolated ? ISOLATION : {}, answered);
  const profile = mkdtempSync(join(tmpdir(), "fovea-browser-"));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  const group = process.platform !== "win32";
  const child = spawn(browser!, [...options, address], { stdio: "ignore", detached: group });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from ${browser} within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const { value, error } = JSON.parse(await Promise.race([answer, late])) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(`in the browser: ${error}`);
    return value;
  } finally {
    clearTimeout(timer);
    await ended(child, group);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Ends the browser with its helpers, one of which would otherwise go on writing into the profile for a while. */
function ended(child: ChildProcess, group: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    if (group && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  });
}

const fileOf = (folder: string, path: string): Uint8Array | undefined => {
  try {
    return readFileSync(join(folder, normalize(path)));
  } catch {
    return undefined;
  }
};

/** A file of this project; a module in Node's older form as a bundler would make it. */
function compiled(path: string): string | Uint8Array | undefined {
  const file = fileOf(root, path);
  const name = COMMON_JS[path];
  if (file === undefined || name === undefined) return file;
  return `const module = {};\n${new TextDecoder().decode(file)}\nexport default { ${name}: module.exports };`;
}

function serve(
  respond: Respond,
  headers: Readonly<Record<string, string>>,
  answered: (body: string) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    if (path === "/answer") {
      let body = "";
      request.on("data", (part: Buffer) => {
        body += part.toString("utf8");
      });
      request.on("end", () => {
        response.end();
        answered(body);
      });
      return;
    }
    const content = respond(path);
    if (content === undefined) return void response.writeHead(404, headers).end();
    const type = path === "/" ? "text/html" : (TYPES[extname(path)] ?? "application/octet-stream");
    response.writeHead(200, { ...headers, "Content-Type": type }).end(content);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
