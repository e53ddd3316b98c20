// Pages of the lecture for tests: opened in a state, looked at, checked for those who do not see, their code run.
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { emptyFolder, localStudio, type PageOptions, type WatchedPage, watchedPage } from "./page.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Opens a page of the lecture, such as `convolution?stride=2`, in a Studio of its own. */
export async function learnPage(t: TestContext, state: string, options: PageOptions = {}): Promise<WatchedPage> {
  const { address } = await localStudio(t);
  return watchedPage(t, `${address}#/learn/${state}`, options);
}

/** Goes to another state of the page that is open. */
export async function turnTo(page: Page, state: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/learn/${state}`)}`);
}

/** Waits until a part of the page says something, and gives all that it says. */
export async function said(page: Page, selector: string, text: string | RegExp): Promise<string> {
  const part = page.locator(selector).filter({ hasText: text }).first();
  await part.waitFor();
  return (await part.textContent())!;
}

/** Waits until the address has a text in its state. */
export const addressSays = (page: Page, text: string): Promise<void> =>
  page.waitForURL(({ hash }) => decodeURIComponent(hash).includes(text));

/** Runs the lines that the page shows as code, in a folder that takes what they write. @returns the text that they print */
export async function runShownCode(t: TestContext, page: Page): Promise<string> {
  const lines = await page.locator(".code pre .line").allTextContents();
  const folder = emptyFolder(t);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/fovea"), "junction");
  const file = join(folder, "shown.mjs");
  writeFileSync(file, lines.join("\n"));
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
}
