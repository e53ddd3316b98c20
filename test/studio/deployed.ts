// A deployed page opened in Chromium, and the answers that it saves: for tests, and for tools/measure-deploy.ts.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

/** Patience with an engine that starts on a busy machine, in milliseconds. */
export const PATIENCE = 120_000;

export interface Watched {
  /** Requests to anything but the page's own file or server. */
  readonly elsewhere: string[];
  /** Errors of the page and of its policy. */
  readonly errors: string[];
}

/** Opens a deployed page and watches it until it is closed. */
export async function openDeployed(page: Page, address: string): Promise<Watched> {
  const watched: Watched = { elsewhere: [], errors: [] };
  const { origin, protocol } = new URL(address);
  const known = [protocol === "file:" ? address : origin, "blob:", "data:"];
  page.on("request", (request) => {
    if (!known.some((start) => request.url().startsWith(start))) watched.elsewhere.push(request.url());
  });
  page.on("pageerror", (error) => watched.errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") watched.errors.push(message.text());
  });
  await page.goto(address);
  await page.locator("main .deployed").waitFor({ timeout: PATIENCE });
  return watched;
}

/** The text of the file that a button saves, once all answers are there. */
export async function saved(page: Page, button: "Save CSV" | "Save JSON"): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: PATIENCE }),
    page.getByRole("button", { name: button }).click({ timeout: PATIENCE }),
  ]);
  return readFileSync(await download.path(), "utf8");
}

/** Gives the page photos, or the table of its rows, and takes what it saves. */
export async function answersOf(
  page: Page,
  files: readonly string[],
): Promise<{ readonly json: string; readonly csv: string }> {
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([...files]);
  return { json: await saved(page, "Save JSON"), csv: await saved(page, "Save CSV") };
}
