// Deployed pages, opened from a disk in Chromium without a network: their answers equal those of `fovea predict` to the bit, for
// every task; and the same as a folder, with a camera, that opens again when its server is gone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fovea, workplace } from "../cli/fovea.js";
import { fixtureImage } from "../data/folder-fixture.js";
import { answersOf, openDeployed, PATIENCE } from "./deployed.js";
import { checkBothThemes, closeBrowser, noBrowser, openedPage } from "./page.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

// This file runs from dist/test/studio.
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A camera that shows a test picture, and says yes. */
const FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/** Photos in every format that is read. */
const PHOTOS = ["png-2-8-plain.png", "jpeg-420.jpg", "gif-palette.gif", "bmp-RGB.bmp", "webp-lossy.webp", "grey.png"];

/** Colours as amounts and labels, so that there is something to learn. */
function manifest(): string {
  const rows = Array.from(
    { length: 30 },
    (_, i) => `${i}.png,${1 + (i % 7)},${i % 2 ? "凹" : ""}${i % 3 ? "|划" : ""}`,
  );
  return `path,cost,labels\n${rows.join("\n")}\n`;
}

function policies(): string {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${20 + (i % 41)},${["城", "乡"][i % 2]},${0.5 + (i % 3) / 4},${i % 3}`,
  );
  return `age,place,exposure,claims\n${rows.join("\n")}\n`;
}

/** The training of each run, and the rules that its page has by default. */
const RUNS = {
  classes: { train: ["train", "letters", "--image-size", "16x16", "--epochs", "1"], rules: ["--coverage", "0.9"] },
  moved: { train: ["transfer", "letters", "--base", "hanzi"], rules: ["--coverage", "0.9"] },
  labels: { train: ["train", "photos", "--target", "labels", "--image-size", "16x16", "--epochs", "1"], rules: [] },
  cost: {
    train: ["train", "photos", "--target", "cost", "--image-size", "16x16", "--epochs", "1"],
    rules: ["--coverage", "0.9"],
  },
} as const;

let directory = "";
before(async (t) => {
  if (noBrowser) return;
  directory = workplace(t as Parameters<typeof workplace>[0]);
  classFolders(join(directory, "letters"), ["东", "<b>bold", "人"], 12);
  const pictures = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.png`, tinyPng(i)]));
  writeFiles(join(directory, "photos"), { ...pictures, "manifest.csv": manifest() });
  writeFiles(directory, { "policies.csv": policies(), "grey.png": tinyPng(7) });
  for (const name of PHOTOS) if (name !== "grey.png") writeFileSync(join(directory, name), fixtureImage(name));
});
after(closeBrowser);

/** Runs a command that must succeed. */
async function done(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fovea(directory, ...words);
  assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
  return stdout;
}

const same = (text: string): string => JSON.stringify(JSON.parse(text).predictions);

/** Deploys a run, opens its page without a network, and compares its answers with those of the command line. */
async function checkPhotos(t: TestContext, name: keyof typeof RUNS) {
  const { train, rules } = RUNS[name];
  await done(...train, "--out", name, "--quiet");
  await done("deploy", name, "--out", `${name}.html`);
  const { page } = await openedPage(t);
  await page.context().setOffline(true);
  const watched = await openDeployed(page, pathToFileURL(join(directory, `${name}.html`)).href);
  const { json, csv } = await answersOf(
    page,
    PHOTOS.map((photo) => join(directory, photo)),
  );
  const answers = await done("predict", name, ...PHOTOS, ...rules, "--json");
  assert.equal(JSON.parse(json).predictions.length, PHOTOS.length);
  assert.equal(same(json), same(answers));
  return { page, watched, csv };
}

test("classes from a disk: the same answers, a map, a card, names as text, nothing asked elsewhere", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const { page, watched, csv } = await checkPhotos(t, "classes");
  await done("predict", "classes", ...PHOTOS, ...RUNS.classes.rules, "--out", "answers.csv", "--quiet");
  assert.equal(csv, readFileSync(join(directory, "answers.csv"), "utf8"));
  await page.locator(".places img").waitFor({ timeout: PATIENCE });
  await page.getByText("Model card").click();
  assert.equal(await page.locator("b").count(), 0, "a class name became an element");
  assert.ok((await page.locator("bdi", { hasText: "<b>bold" }).count()) > 0);
  await page.getByRole("button", { name: "Camera" }).click();
  // This browser has no camera, which the page says in a sentence.
  await page.getByText("the webcam cannot be used").waitFor({ timeout: PATIENCE });
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= width);
  }
  await checkBothThemes(page, "a deployed page");
  assert.deepEqual(watched, { elsewhere: [], errors: [] });
});

for (const name of ["moved", "labels", "cost"] as const)
  test(`${name} from a disk: the same answers`, { skip: noBrowser, timeout: 300_000 }, async (t) => {
    const { watched } = await checkPhotos(t, name);
    assert.deepEqual(watched, { elsewhere: [], errors: [] });
  });

test("a table from a disk: fields for its columns, and the same answers about the rows of a file", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const features = ["--features", "age", "place", "--target", "claims", "--loss", "poisson", "--exposure", "exposure"];
  await done("train", "policies.csv", ...features, "--out", "claims", "--quiet");
  await done("deploy", "claims", "--out", "claims.html");
  const { page } = await openedPage(t);
  await page.context().setOffline(true);
  const watched = await openDeployed(page, pathToFileURL(join(directory, "claims.html")).href);
  const { json, csv } = await answersOf(page, [join(directory, "policies.csv")]);
  const answers = JSON.parse(await done("predict", "claims", "policies.csv", "--json"));
  assert.deepEqual(JSON.parse(json), answers);
  await done("predict", "claims", "policies.csv", "--out", "scores.csv", "--quiet");
  assert.equal(csv, readFileSync(join(directory, "scores.csv"), "utf8"));
  await page.getByLabel("age", { exact: true }).fill("20");
  await page.getByLabel("place", { exact: true }).selectOption("城");
  await page.getByLabel(/^exposure/).fill("0.5");
  await page.getByRole("button", { name: "Answer" }).click();
  const { rate } = answers.predictions[0];
  const shown = Number(rate).toLocaleString("en-US", { maximumSignificantDigits: 6 });
  await page.locator(".figure", { hasText: shown }).first().waitFor({ timeout: PATIENCE });
  await checkBothThemes(page, "a deployed page of a table");
  assert.deepEqual(watched, { elsewhere: [], errors: [] });
});

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** Serves a folder as any web server does; `stop` ends it. */
async function served(t: TestContext, folder: string): Promise<{ readonly address: string; stop(): void }> {
  const server = createServer(({ url = "/" }, response) => {
    const file = join(folder, url === "/" ? "index.html" : new URL(url, "http://x").pathname.slice(1));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    return response.end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  t.after(stop);
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop };
}

test("a folder: a camera that is answered, and the page again when its server is gone", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  await done("deploy", "classes", "--to", "folder", "site");
  const { address, stop } = await served(t, join(directory, "site"));
  const { page } = await openedPage(t, { flags: FLAGS });
  const watched = await openDeployed(page, address);
  await page.getByRole("button", { name: "Camera" }).click();
  await page.getByRole("button", { name: "Keep this frame" }).click({ timeout: PATIENCE });
  await page.locator(".places img").waitFor({ timeout: PATIENCE });
  await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
  assert.deepEqual(watched, { elsewhere: [], errors: [] });
  stop();
  await page.reload();
  await page.locator("main .deployed").waitFor({ timeout: PATIENCE });
  const { json } = await answersOf(page, [join(directory, "grey.png")]);
  assert.equal(same(json), same(await done("predict", "classes", "grey.png", "--coverage", "0.9", "--json")));
});

test("a program of Node: its lines give the answers of the command line", { skip: noBrowser }, async () => {
  await done("deploy", "classes", "--to", "node", "program");
  const lines = readFileSync(join(directory, "program/main.mjs"), "utf8");
  assert.ok(lines.split("\n").length <= 12, "the program is no longer small");
  const { dependencies } = JSON.parse(readFileSync(join(directory, "program/package.json"), "utf8"));
  assert.match(dependencies.fovea, /^\d+\.\d+\.\d+$/);
  mkdirSync(join(directory, "program/node_modules"));
  symlinkSync(root, join(directory, "program/node_modules/fovea"), "junction");
  const answers = execFileSync(process.execPath, ["program/main.mjs", "grey.png"], {
    cwd: directory,
    encoding: "utf8",
  });
  assert.equal(same(answers), same(await done("predict", "classes", "grey.png", "--coverage", "0.9", "--json")));
});
